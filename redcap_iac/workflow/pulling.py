"""`pull` into a folder that has manifests: its base, the merge, and the files put in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from redcap_iac.differ import compare
from redcap_iac.errors import ManifestError, RedcapIacError
from redcap_iac.findings import Findings
from redcap_iac.kinds.visits import comparable
from redcap_iac.manifest.commit import Commit, asked
from redcap_iac.manifest.files import Folder
from redcap_iac.manifest.loader import Manifest, load
from redcap_iac.manifest.written_out import WrittenOut, written_out
from redcap_iac.merging.facets import Place
from redcap_iac.merging.merge import Merged, Question, merge
from redcap_iac.merging.recalling import digests
from redcap_iac.merging.renames import Consent, Proposal, accepted, proposals
from redcap_iac.merging.sides import Earlier, Renamed, sides
from redcap_iac.merging.telling import renamed_only, told
from redcap_iac.merging.verdict import Decision, Preference, Verdict
from redcap_iac.plan import PlannedChange
from redcap_iac.planner import Particulars, make_plan
from redcap_iac.safety.backup import read_backup
from redcap_iac.safety.evidence import bundles
from redcap_iac.safety.history import history
from redcap_iac.safety.state_folder import EVIDENCE
from redcap_iac.state import Desired, Live, State
from redcap_iac.workflow.reading import read
from redcap_iac.workflow.recollection import recall, remember
from redcap_iac.workflow.session import Base, Session


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks of a merge, as the command line has it.

    `base` is what tells whose a change is, None where nothing does, `commit` the design of the
    present commit, which says what of earlier pulls still counts; `asked` is put to a person
    for each proposed rename, and returns None where nobody can be asked.
    """

    base: Base | None = None
    preference: Preference = field(default_factory=Preference)
    consent: Consent = field(default_factory=Consent)
    sections: tuple[str, ...] = ()
    commit: Desired | None = None
    asked: Callable[[Proposal], bool | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a merge comes to.

    `before` and `after` are the files that change, by path (None: not there, or goes); `taken`
    is what comes from REDCap, `conflicts` what is open, `waiting` how many changes of the files
    wait for `apply`, `open_renames` what nobody answered, `unmanaged` how many items of a section
    are in REDCap that the files do not manage, `written_out` texts that lost a variable,
    `remembered` the digests of what came over.
    """

    live: Live
    before: Mapping[str, bytes | None]
    after: Mapping[str, bytes | None]
    taken: tuple[PlannedChange, ...] = ()
    conflicts: tuple[Decision, ...] = ()
    waiting: tuple[PlannedChange, ...] = ()
    renamed: tuple[Proposal, ...] = ()
    open_renames: tuple[Proposal, ...] = ()
    unmanaged: Mapping[str, int] = field(default_factory=dict)
    overwrites: bool = False
    written_out: tuple[WrittenOut, ...] = ()
    remembered: Mapping[str, str] = field(default_factory=dict)


def pull(session: Session, folder: Path, manifest: Manifest, wish: Wish) -> Pulled:
    """Read the project and merge it into a folder's files, in memory; writes nothing.

    With a rename that nobody answered for nothing is merged: what it is changes everything else.
    """
    live = read(session)
    files = Folder(folder)
    base = None if wish.base is None else wish.base.desired
    first = sides(manifest.desired, base, live, Renamed())
    found = proposals(first, last_seen(session.state_dir, live))
    renamed, waiting = accepted(found, wish.consent, wish.asked)
    if waiting:
        return Pulled(live, {}, {}, open_renames=waiting, unmanaged=_unmanaged(first.files, live))
    question = Question(
        files, manifest, base, live, renamed, wish.preference, _absent(wish, manifest),
        Earlier(_known(session, live, wish), wish.commit),
    )  # fmt: skip
    merged = merge(question)
    taken = told(merged.sides, merged.decided.of(Verdict.TAKE))
    return Pulled(
        live,
        {path: _bytes(files, path) for path in merged.files},
        merged.files,
        (*taken, *renamed_only(merged.sides, taken)),
        merged.decided.of(Verdict.CONFLICT),
        _waiting(merged, live),
        tuple(one for one in found if _is_taken(one, renamed)),
        (),
        _unmanaged(merged.sides.files, live, wish.sections),
        _overwrites(merged),
        tuple(_written_out(files, merged.files)),
        digests(merged.after.files, merged.after.live, _came(merged)),
    )


def _came(merged: Merged) -> Iterator[tuple[str, str, Place]]:
    """Yield the kind, key and place of what came over from REDCap, new names too."""
    for one in merged.decided.of(Verdict.TAKE):
        yield one.kind, one.key, (one.place, "" if one.kind == "fields" else one.part)
    renamed = merged.sides.renamed
    yield from (("fields", name, ("", "")) for name in renamed.fields.values())
    forms = set(renamed.instruments.values())
    for item in merged.after.files.kinds.get("fields", ()):
        if getattr(item, "form_name", "") in forms:
            yield "fields", str(getattr(item, "field_name", "")), ("", "")
    yield from (("instruments", name, ("", "")) for name in forms)


def _known(session: Session, live: Live, wish: Wish) -> Mapping[str, str]:
    if wish.base is None:
        return {}
    return recall(session.state_dir, live.target.project_id, wish.base.commit)


def keep(session: Session, pulled: Pulled, base: Base | None) -> None:
    """Keep in the state folder what was pulled, once the files are in place."""
    if base is not None:
        number = pulled.live.target.project_id
        remember(session.state_dir, number, base.commit, pulled.remembered)


def present(session: Session, folder: Path, environ: Mapping[str, str]) -> Desired | None:
    """Return the design of the present commit, None where there is none that loads."""
    found = _at(folder, environ, "HEAD", session.environment)
    return None if found is None else found.desired


def _absent(wish: Wish, manifest: Manifest) -> tuple[str, ...]:
    """Return the sections that are asked for and not there yet."""
    managed = manifest.desired.state
    return tuple(
        section
        for section in wish.sections
        if ("repeating" if section == "repeat" else section) not in managed
    )


def _waiting(merged: Merged, live: Live) -> tuple[PlannedChange, ...]:
    """Return what a plan of the merged files would change, but for what is open."""
    findings = Findings()
    desired = comparable(merged.desired, live, findings)
    difference = compare(desired, live, findings)
    changes = make_plan(difference, live, Particulars("", "", "", "", {})).changes
    about: dict[str, list[Decision]] = {}
    for one in merged.decided.decisions:
        about.setdefault(_item_of(one.address), []).append(one)
    return tuple(change for change in changes if not _is_open(about.get(change.address, ())))


def _is_open(about: Sequence[Decision]) -> bool:
    """Tell whether a change is nothing but what is open."""
    return bool(about) and all(one.verdict is Verdict.CONFLICT for one in about)


def _item_of(address: str) -> str:
    """Return the address of the item: `field/sex` of `choice/sex/1` and `field/sex/label`."""
    kind, *parts = address.split("/")
    if kind == "choice":
        return f"field/{parts[0]}"
    if kind in ("field", "role"):
        return f"{kind}/{parts[0]}"
    if kind in ("event", "user", "repeat") and len(parts) > 2:
        return "/".join((kind, *parts[:2]))
    return address


def _is_taken(one: Proposal, renamed: Renamed) -> bool:
    if one.kind == "fields":
        return renamed.fields.get(str(one.key)) == one.live
    if one.kind == "instruments":
        return renamed.instruments.get(str(one.key)) == one.live
    return (one.kind, one.key) in renamed.items


def _overwrites(merged: Merged) -> bool:
    """Tell whether the files lose work that is in them alone."""
    return any(one.overwrites for one in merged.decided.of(Verdict.TAKE))


def _written_out(
    files: Folder, changed: Mapping[str, bytes | None]
) -> Iterator[WrittenOut]:  # fmt: skip
    for path, after in changed.items():
        before = _bytes(files, path)
        if before is not None and after is not None:
            yield from written_out(path, before, after)


def _unmanaged(files: State, live: Live, pulled: tuple[str, ...] = ()) -> dict[str, int]:
    """Count what is in REDCap of sections that the files leave alone."""
    counts = {
        name: len(live.state.kinds.get(name, ()))
        for name in ("dags", "roles", "users")
        if name not in files and name not in pulled
    }
    if "fields" not in files:
        counts["instruments"] = len(live.state.kinds.get("instruments", ()))
    if "arms" not in files and live.target.longitudinal:
        counts["arms"] = len(live.state.kinds.get("arms", ()))
    return {name: number for name, number in counts.items() if number}


def _bytes(files: Folder, path: str) -> bytes | None:
    try:
        return files.read(path)
    except FileNotFoundError:
        return None


# what is known of earlier runs


def last_seen(state_dir: Path | None, live: Live) -> State | None:
    """Return the project as the last run that left evidence saw it, None where there is none."""
    if state_dir is None:
        return None
    kept_there = sorted(bundles(state_dir / EVIDENCE), key=lambda one: one.folder.name)
    for bundle in kept_there[::-1]:
        try:
            kept = read_backup(bundle.folder / "after")
            if kept.target.get("project_id") == live.target.project_id:
                return kept.live().state
        except RedcapIacError:
            continue
    return None


def known_base(
    session: Session, folder: Path, environ: Mapping[str, str]
) -> tuple[Base | None, str]:
    """Return the base to merge from where none is named, and in words which it is and why.

    The commit of the last whole apply to this environment, where git still has it among what
    the present commit comes from; else the present commit; else none.
    """
    try:
        head = asked(folder, environ, "rev-parse", "--verify", "--quiet", "HEAD")
    except RedcapIacError:
        head = None
    if head is None:
        return None, (
            "none: the folder is in no git repository, so that nothing tells whose a change is"
        )
    for commit in _applied(session):
        line = ("merge-base", "--is-ancestor", commit, "HEAD")
        if asked(folder, environ, *line) is None:
            continue
        base = _at(folder, environ, commit, session.environment)
        if base is not None:
            return base, f"{commit[:7]}, the commit of the last apply from here"
    base = _at(folder, environ, "HEAD", session.environment)
    if base is None:
        return None, "none: the manifest of the present commit does not load"
    return base, (
        f"HEAD ({base.commit[:7]}), as no apply from here is known: what differs between it and"
        " REDCap counts as changed in REDCap"
    )


def _applied(session: Session) -> Iterator[str]:
    """Yield the commits of whole applies to this environment, the newest first."""
    runs = history(session.state_dir) if session.state_dir is not None else ()
    for run in runs:
        fits = run.environment == session.environment
        fits = fits and session.project_id in ("", run.project_id)
        if fits and run.how == "done" and run.commit:
            yield run.commit


def _at(folder: Path, environ: Mapping[str, str], ref: str, environment: str) -> Base | None:
    try:
        commit = Commit(folder, ref, environ)
        manifest = load(folder, files=commit, environment=environment)
    except (ManifestError, RedcapIacError):
        return None
    return Base(ref, commit.name, commit.when, manifest.desired)


def unsaved(folder: Path, environ: Mapping[str, str]) -> frozenset[str] | None:
    """Return the files that no commit has as they are, None where there is no commit at all."""
    try:
        differing = asked(folder, environ, "diff", "--name-only", "--relative", "-z", "HEAD")
        new = asked(folder, environ, "ls-files", "--others", "-z")
    except RedcapIacError:
        return None
    if differing is None or new is None:
        return None
    names = (differing + new).decode("utf-8", "surrogateescape").split("\0")
    return frozenset(name for name in names if name)
