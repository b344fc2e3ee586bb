"""Every project file of ../shared/corpus: created, exported, and created from that again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from redcap_iac.emulator.server import Emulator
from tests.emulator.odm.creating import created, exported
from tests.emulator.odm.published import every_file, made, marks
from tests.emulator.odm.reading import ODM, REDCAP, File, read
from tests.emulator.served import Project

pytestmark = marks

#: What differs between two projects by nature.
IDS = frozenset(("project_id", "creation_time", "event_id", "data_access_group_id"))
DESIGN = (
    "project", "metadata", "instrument", "exportFieldNames", "arm", "event", "formEventMapping",
    "repeatingFormsEvents", "dag", "userRole", "record",
)  # fmt: skip


def shown(project: Project, content: str) -> object:
    """Return an export without ids; a refusal is an answer too."""
    answer = project.post(content, exportDataAccessGroups="true").json()
    rows = answer if isinstance(answer, list) else [answer]
    return [{name: cell for name, cell in row.items() if name not in IDS} for row in rows]


@every_file
def test_a_project_made_from_the_export_is_the_same(emulator: Emulator, path: Path) -> None:
    first = made(emulator, path)
    flags = dict.fromkeys(("exportFiles", "exportDataAccessGroups", "exportSurveyFields"), "true")
    file = exported(first, **flags)

    second = created(emulator, file)

    assert {content: shown(second, content) for content in DESIGN} == {
        content: shown(first, content) for content in DESIGN
    }
    assert exported(second, **flags) == file


@every_file
def test_the_export_holds_every_global_variable_of_the_file(
    emulator: Emulator, path: Path, tmp_path: Path
) -> None:
    """But for purpose, which Create Project gives, and roles, whose attributes grow by version."""
    copy = tmp_path / "exported.xml"
    copy.write_text(exported(made(emulator, path)), encoding="utf-8")

    assert opaque(read(path)) <= opaque(read(copy))


def opaque(file: File) -> Counter[tuple[str, tuple[tuple[str, str], ...], str]]:
    left = ("Purpose", "PurposeOther", "UserRoles", "UserRoles2", "UserRoles2Group")
    return Counter(
        (element.tag, tuple(sorted(element.items())), (element.text or "").strip())
        for element in file.root.find(f"{ODM}Study/{ODM}GlobalVariables") or ()
        for element in element.iter()
        if element.tag.startswith(REDCAP) and element.tag.removeprefix(REDCAP) not in left
    )


@every_file
def test_the_export_defines_every_item_of_the_file(
    emulator: Emulator, path: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "exported.xml"
    copy.write_text(exported(made(emulator, path)), encoding="utf-8")

    assert definitions(read(copy)) == definitions(read(path))


def definitions(file: File) -> list[tuple[str, dict[str, str]]]:
    """Return the items that are fields or statuses; blank attributes came and went by version."""
    return [
        (item.attrib["OID"], {key: value for key, value in item.items() if value.strip()})
        for item in file.root.iter(f"{ODM}ItemDef")
        if f"{REDCAP}FieldType" in item.attrib and not item.attrib["OID"].endswith("_complete")
    ]
