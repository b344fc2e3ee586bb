"""A project folder → what it declares: every file read once, all findings at once."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from redcap_iac.document import Map, Node, Text
from redcap_iac.errors import ManifestError
from redcap_iac.findings import Finding, Findings, Position, Severity
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.kind import Source
from redcap_iac.lint.settings import Settings
from redcap_iac.manifest.environments import Environment, read_environments
from redcap_iac.manifest.expansion import expand
from redcap_iac.manifest.files import Folder, ProjectFiles, Recorded
from redcap_iac.manifest.includes import Includer
from redcap_iac.manifest.lint_settings import read_lint
from redcap_iac.manifest.mending import mend
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.shape import check_shape
from redcap_iac.manifest.variable_filling import Expansion
from redcap_iac.manifest.variables import Scope, scope_of
from redcap_iac.state import Desired, Item, Mode, State, Unit
from redcap_iac.suggestions import did_you_mean

#: The file a project folder is known by.
MANIFEST = "redcap.yaml"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a project folder declares; `findings` has warnings and notes, errors are raised.

    `digest` is a sha256 over names and bytes of `files`, the files that were read, and over the
    texts of the variables; `lint` is how the design is to be judged; `scope` has the variables and
    the environment whose texts were taken.
    """

    desired: Desired
    environments: tuple[Environment, ...]
    findings: tuple[Finding, ...]
    digest: str
    files: tuple[str, ...]
    lint: Settings = field(default_factory=Settings)
    scope: Scope = field(default_factory=Scope)


def load(folder: Path, *, files: ProjectFiles | None = None, environment: str = "") -> Manifest:
    """Read a project folder; `files` gives its files from elsewhere, a commit for example.

    `environment` is the one whose variables count; "" for the default, or the only one. One that
    is not there has none of its own.

    Raises ManifestError with everything found when any of it is an error. Where a file cannot be
    read at all, or a section has another shape, what refers to it is not judged in that run.
    """
    manifest = look_over(folder, files=files, environment=environment)
    if any(finding.severity is Severity.ERROR for finding in manifest.findings):
        raise ManifestError(manifest.findings)
    return manifest


def look_over(
    folder: Path, *, files: ProjectFiles | None = None, environment: str = ""
) -> Manifest:  # fmt: skip
    """Read a project folder in which there may be errors: they are among the findings.

    Raises ManifestError when too little can be read to say what is declared.
    """
    findings = Findings()
    recorded = Recorded(files or Folder(folder))
    data = _data(recorded, findings, _above(folder) if files is None else "")
    typed = None if data is None else read_yaml(data, MANIFEST, findings, as_typed=True)
    scope = Scope() if typed is None else scope_of(typed, environment)
    told = Findings()
    variables = Expansion(scope, told)
    mended = _root(typed, variables, findings)
    includer = Includer(recorded, findings, variables)
    raw = mended[0] if mended else None
    instruments = includer.collect(raw, MANIFEST) if raw else None
    if not includer.incomplete:
        variables.check_names()
    findings = _together(told, findings, variables.doubtful)
    if mended is None or mended[1] is None or includer.incomplete or variables.incomplete:
        raise ManifestError(_unique(findings))
    meaning = Findings()
    root = expand(mended[0], meaning)
    modes = _modes(root)
    source = Source(root, instruments)
    desired = Desired(_declared(source, modes, meaning), modes)
    environments = read_environments(root, meaning)
    lint = read_lint(source, meaning)
    doubtful = mended[1] | includer.doubtful | variables.doubtful
    for finding in meaning.all():
        if finding.position not in doubtful:
            findings.add(finding)
    return Manifest(
        desired, environments, _unique(findings), recorded.digest(scope.values), recorded.names(),
        lint, scope,
    )  # fmt: skip


def read_root(files: ProjectFiles, scope: Scope) -> Map:
    """Return the `redcap.yaml` of files that were loaded, with the variables in place."""
    root = read_yaml(files.read(MANIFEST), MANIFEST, Findings(), as_typed=True)
    meant = Map((), Position(MANIFEST, 1)) if root is None else root
    whole = Expansion(scope, Findings()).root(meant)
    assert isinstance(whole, Map)  # it was loaded
    return whole


def _above(folder: Path) -> str:
    """Return what to do in a folder inside a project, "" where no folder above holds one."""
    for number in range(1, len(folder.resolve().parents) + 1):
        up = "/".join([".."] * number)
        if (folder.resolve() / up / MANIFEST).is_file():
            there = up if folder == Path() else (folder.resolve() / up).resolve().as_posix()
            return f"{there}/{MANIFEST} is there: -C {there}"
    return ""


def _data(files: Recorded, findings: Findings, above: str) -> bytes | None:
    """Return the bytes of `redcap.yaml`, None when they cannot be read.

    `above` is what to do where the project begins in a folder above.
    """
    try:
        return files.read(MANIFEST)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        reason = "is not there" if missing else f"cannot be read: {error.strerror}"
        near = (did_you_mean(MANIFEST, files.paths()) or above) if missing else ""
        advice = near or (
            "`redcap-iac init` writes one; -C names another folder." if missing else ""
        )
        findings.error("M120", f"{MANIFEST} {reason}.", Position(MANIFEST, 1), advice=advice)
        return None


def _root(
    typed: Node | None, variables: Expansion, findings: Findings
) -> tuple[Map, frozenset[Position] | None] | None:  # fmt: skip
    """Return `redcap.yaml` with its variables in place, and the places not to speak about again.

    None when there is no map; no places when what is there is not enough to go on with.
    """
    if typed is None:
        return None
    node = variables.root(typed)
    departures = check_shape(node, "manifest", findings)
    if not isinstance(node, Map):
        return None
    mended = mend(node, departures)
    if mended is None or not isinstance(mended[0], Map):
        return node, None
    return mended[0], mended[1]


def _declared(source: Source, modes: Mapping[Unit, Mode], findings: Findings) -> State:
    """Return what every kind declares, and let each check it.

    What an additive unit declares is not all there is: others may refer to what is only live, so
    they are checked as if it were not managed, and against what there will be when planning.
    """
    declared: dict[str, tuple[Item, ...]] = {}
    for kind in all_kinds():
        items = kind.declare(source, findings)
        if items is not None:
            declared[kind.name] = items
    additive = {unit for unit, mode in modes.items() if mode is Mode.ADDITIVE}
    partial = frozenset(kind.name for kind in all_kinds() if kind.unit in additive)
    for kind in all_kinds():
        hidden = {other.name for other in all_kinds() if other.unit in additive - {kind.unit}}
        seen = {name: items for name, items in declared.items() if name not in hidden}
        kind.check(State(seen, partial), findings)
    return State(declared, partial)


def _modes(root: Map) -> dict[Unit, Mode]:
    """Return what `manage:` says."""
    manage = root.map("manage")
    entries = manage.named() if manage is not None else ()
    return {Unit(key.text): Mode(value.text) for key, value in entries if isinstance(value, Text)}


def _together(first: Findings, others: Findings, doubtful: Container[Position]) -> Findings:
    """Return all findings; of places that are doubtful only the first ones."""
    found = Findings()
    for finding in first.all():
        found.add(finding)
    for finding in others.all():
        if finding.position is None or finding.position not in doubtful:
            found.add(finding)
    return found


def _unique(findings: Findings) -> tuple[Finding, ...]:
    """Return the findings, each once: copied events say the same twice."""
    return tuple(dict.fromkeys(findings.all()))
