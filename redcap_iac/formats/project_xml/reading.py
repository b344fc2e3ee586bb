"""A project file → state, and what of it no state holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from redcap_iac.findings import Findings, Position
from redcap_iac.formats.contents import PROJECT
from redcap_iac.formats.project_xml.access import read_dags, read_roles
from redcap_iac.formats.project_xml.elements import ODM, REDCAP, Element, parse
from redcap_iac.formats.project_xml.fields import form_name, read_fields
from redcap_iac.formats.project_xml.schedule import read_repeats, read_schedule
from redcap_iac.formats.project_xml.words import BEYOND, GROUPS, SETTINGS, STRUCTURES
from redcap_iac.kinds.project import Setting
from redcap_iac.state import Item, State


def read_project_xml(data: bytes, file: str, findings: Findings) -> State:
    """Return the design in a project file; nothing when it is not one, or not safe to read.

    Each part of the file that a design does not hold is a warning with how many there are.
    """
    root = parse(data, file, findings)
    if root is None:
        return State()
    study = root.first("Study") if root.name == f"{ODM} ODM" else None
    version = study.first("MetaDataVersion") if study is not None else None
    if study is None or version is None:
        findings.error(
            "C105", "The file is XML, but no project file: it has no ODM study with metadata.",
            Position(file, root.line), advice="REDCap's page Other Functionality downloads one.",
        )  # fmt: skip
        return State()
    if _is_several(root, study, file, findings):
        return State()
    variables = study.first("GlobalVariables") or Element("", {}, study.line)
    instruments, fields = read_fields(version, file, findings)
    if not fields:
        findings.error("C105", "The file defines no field.", Position(file, version.line))
    kinds: dict[str, tuple[Item, ...]] = {
        "project": _ordered(_settings(variables, version, file)),
        "fields": fields,
        "instruments": instruments,
        "dags": read_dags(variables, file),
    }
    schedule = read_schedule(version, file, findings)
    kinds.update(schedule)
    repeats = read_repeats(variables, version, schedule, file)
    if repeats:
        kinds["repeating"] = repeats
    kinds["roles"] = read_roles(variables, [form_name(f) for f in version.all("FormDef")], file,
                                findings)  # fmt: skip
    _Rest(root, variables, file, findings).tell()
    return State({name: items for name, items in kinds.items() if items or name == "project"})


def _is_several(root: Element, study: Element, file: str, findings: Findings) -> bool:
    """Tell whether a file holds more than one design, which is an error: which one is meant?"""
    second = [*root.all("Study")][1:] + [*study.all("MetaDataVersion")][1:]
    if second:
        findings.error(
            "C105", "The file holds more than one study or version of the metadata.",
            Position(file, second[0].line),
            advice="Keep the one that is meant; REDCap's own files have one.",
        )  # fmt: skip
    return bool(second)


def _settings(variables: Element, version: Element, file: str) -> Iterator[Setting]:
    title = variables.first("StudyName")
    at = Position(file, variables.line)
    if title is not None and title.text.strip():
        yield Setting("project_title", title.text, Position(file, title.line))
    for element in variables.children:
        name = SETTINGS.get(element.name.removeprefix(f"{REDCAP} "))
        if name is not None:
            yield Setting(name, element.text, Position(file, element.line))
    longitudinal = version.first("StudyEventDef") is not None
    yield Setting("is_longitudinal", "1" if longitudinal else "0", at)


def _ordered(settings: Iterable[Setting]) -> tuple[Setting, ...]:
    """Return settings in the order in which REDCap shows them."""
    in_order = sorted(settings, key=lambda setting: PROJECT.columns.index(setting.name))
    return tuple(in_order)


@dataclass(frozen=True, slots=True)
class _Rest:
    """What of a file no design holds."""

    root: Element
    variables: Element
    file: str
    findings: Findings

    def tell(self) -> None:
        """Tell settings, groups and records that are not taken over."""
        known = {f"{REDCAP} {name}" for name in (*SETTINGS, *STRUCTURES)}
        for element in self.variables.children:
            if element.name.startswith(f"{REDCAP} ") and element.name not in known:
                self._element(element, element.name.removeprefix(f"{REDCAP} "))
        records = [one for data in self.root.all("ClinicalData") for one in data.all("SubjectData")]
        if records:
            count = len({one.get("SubjectKey") for one in records})
            self.findings.warning(
                "C120", f"{count:,} {'record is' if count == 1 else 'records are'} not taken over.",
                Position(self.file, records[0].line),
                advice="A design holds no data; records are imported in REDCap.",
            )  # fmt: skip

    def _element(self, element: Element, name: str) -> None:
        at = Position(self.file, element.line)
        if element.children:
            count = len(element.children)
            said = GROUPS.get(name, f"{name} (a part this version does not know)")
            self.findings.warning(
                "C119", f"Not taken over: {said} ({count:,}).", at,
                advice="Set them up in REDCap's pages, or create the project from this file.",
            )  # fmt: skip
        elif element.text.strip() and element.text.strip() not in BEYOND.get(name, ("0",)):
            self.findings.warning(
                "C124", f"The setting {name} is not taken over.", at,
                advice="No method of the API sets it: set it in REDCap's pages.",
            )  # fmt: skip
