"""Files of one format → files of another, and what got lost on the way.

Everything read becomes one state; what is written is read again before anybody sees it, and
whatever is not there any more is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from redcap_iac.errors import ManifestError, RedcapIacError
from redcap_iac.findings import Finding, Findings, Severity
from redcap_iac.formats.clearing import unheld_orders
from redcap_iac.formats.contents import BY_NAME
from redcap_iac.formats.detecting import MANIFEST, PROJECT_XML, ZIP
from redcap_iac.formats.losses import LOSSES, losses
from redcap_iac.formats.naming import Named, instruments_meant, named
from redcap_iac.kinds import kind_named
from redcap_iac.manifest.loader import look_over
from redcap_iac.state import State
from redcap_iac.workflow.converted_files import (
    CSV_FOLDER,
    JSON_FOLDER,
    ZIPS,
    Target,
    told_by_name,
    written,
)
from redcap_iac.workflow.gatherer import Gatherer
from redcap_iac.workflow.own_places import at_the_source


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was read and what is to be written, by paths inside the target folder, or its name.

    `sources` are pairs of a file and its format, `lost` what the target does not hold, `notes`
    the rest of what was found.
    """

    sources: tuple[tuple[str, str], ...]
    format: str
    files: Mapping[str, bytes]
    held: Mapping[str, int]
    lost: tuple[Finding, ...]
    notes: tuple[Finding, ...]


def convert(
    inputs: Sequence[Path], source: str, target: Target, environment: str = ""
) -> Conversion:  # fmt: skip
    """Return the conversion of files or folders; `source` is their format, "" to find out.

    `environment` is the one whose variables count in a manifest.

    Raises ManifestError with everything that cannot be read, RedcapIacError when the target
    cannot be told or nothing of the inputs fits it.
    """
    findings = Findings()
    reader = Gatherer(findings, environment)
    for path in inputs:
        reader.take(path, source)
    state = reader.state()
    if findings.errors():
        raise ManifestError(findings.all())
    before = named(state)
    target = replace(target, format=target.format or told_by_name(target.name, state))
    files = written(before, target)
    found = Findings()
    meant = instruments_meant(before.state)
    after = named(_read_back(files, target, before.state, found), meant)
    told = [*findings.all(), *_hints(state, target), *losses(before, after)]
    if any(format_ == MANIFEST for _, format_ in reader.sources):
        told += unheld_orders(state, after)
    told += [*found.all(), *_notes(before, target)]
    lost = tuple(dict.fromkeys(finding for finding in told if finding.code in LOSSES))
    return Conversion(
        tuple(reader.sources),
        target.format,
        files,
        {name: len(items) for name, items in before.state.kinds.items() if items},
        lost,
        tuple(dict.fromkeys(finding for finding in told if finding.code not in LOSSES)),
    )


class _Memory:
    """The files of a folder that is not written yet."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def read(self, path: str) -> bytes:
        """Return the bytes of a file."""
        try:
            return self._files[path]
        except KeyError:
            raise FileNotFoundError(2, "No such file", path) from None

    def paths(self) -> tuple[str, ...]:
        """Return the paths of all files."""
        return tuple(sorted(self._files))


def _read_back(
    files: Mapping[str, bytes], target: Target, source: State, findings: Findings
) -> State:  # fmt: skip
    """Return what the written files say; an error in them stops the conversion."""
    if target.format == MANIFEST:
        try:
            manifest = look_over(Path(), files=_Memory(files))
        except ManifestError as error:
            raise ManifestError(at_the_source(_errors(error.findings), files, source)) from None
        wrong = _errors(manifest.findings)
        if wrong:
            first = at_the_source(wrong, files, source)[0]
            findings.note(
                "C125",
                f"`validate` finds {len(wrong):,} error{'s' if len(wrong) > 1 else ''} in what"
                f" was read, the first: {first.message}",
                first.position,
                advice="Correct it in the folder; `redcap-iac validate` names them all.",
            )  # fmt: skip
        return manifest.desired.state
    found = Findings()
    reader = Gatherer(found)
    for name in files:
        reader.add(files[name], name, _one(target))
    state = reader.state()
    unread = found.errors()
    if unread:  # its place would be one in a file that nobody will ever see
        raise RedcapIacError(
            f"As {target.format} it could not be read again, so nothing was written:"
            f" {unread[0].message}",
            "Correct it where it comes from; `redcap-iac validate` or `lint` may name the place.",
        )
    return state


def _errors(found: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.severity is Severity.ERROR]


def _one(target: Target) -> str:
    """Return the format of each file of a target, "" where they differ."""
    if target.format in (CSV_FOLDER, JSON_FOLDER):
        return ""
    return ZIP if target.format == ZIPS else target.format


def _hints(state: State, target: Target) -> Iterator[Finding]:
    """Yield the hints of a manifest, which no other file has."""
    if target.format == MANIFEST:
        return
    for name, items in state.kinds.items():
        kind: Any = kind_named(name)
        for item in items:
            words = [word for word in ("renamed_from", "recode") if getattr(item, word, ())]
            for word in words:
                address = kind.address(item)
                said = f"{address}: the hint `{word}` is not held."
                yield Finding("C117", Severity.WARNING, said, item.at, address)


def _notes(source: Named, target: Target) -> Iterator[Finding]:
    names = sorted(source.foreseen & _said(source, target))
    if names:
        yield Finding(
            "C122", Severity.NOTE,
            f"REDCap has not named everything yet; foreseen: {', '.join(names[:8])}"
            + ("…" if len(names) > 8 else "."),
            advice="Compare with the names REDCap made once events and groups are there.",
        )  # fmt: skip
    if target.format == PROJECT_XML:
        yield Finding(
            "C123", Severity.NOTE,
            "What REDCap itself takes over of a project file when it creates a project is not"
            " recorded; this one was read again and is complete but for what is told.",
            advice="Create a test project from it and look, or `pull` it and compare.",
        )  # fmt: skip


def _said(source: Named, target: Target) -> frozenset[str]:
    """Return the names of events and groups by which a target refers to them."""
    kinds: tuple[tuple[str, str], ...] = (("designations", "event"), ("repeating", "event"))
    if target.format == PROJECT_XML:
        kinds += (("events", "unique_name"),)
    elif target.format in (CSV_FOLDER, JSON_FOLDER):
        kinds += (("dag_assignments", "to"), ("users", "dag"))
    elif target.format in BY_NAME:
        whole = (*kinds, ("dag_assignments", "to"), ("users", "dag"))
        kinds = tuple(pair for pair in whole if pair[0] == BY_NAME[target.format].kind)
    else:
        kinds = ()
    return frozenset(
        str(getattr(item, attribute))
        for kind, attribute in kinds
        for item in source.state.kinds.get(kind, ())
    )
