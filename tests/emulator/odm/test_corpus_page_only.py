"""What only REDCap's pages make goes through a project file and back as every real file has it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from redcap_iac.emulator.server import Emulator
from tests.emulator.odm.published import every_file, made, marks
from tests.emulator.odm.reading import ODM, REDCAP

pytestmark = marks

#: Groups written from what the emulator keeps itself, which other tests compare.
OWN = frozenset(
    f"{REDCAP}{name}"
    for name in (
        "RepeatingInstrumentsAndEvents",
        "DataAccessGroupsGroup",
        "UserRolesGroup",
        "UserRoles2Group",
    )
)


def groups(root: ET.Element) -> dict[str, list[tuple[str, dict[str, str], str]]]:
    """Return the groups of settings that have members: tag, attributes and text of each."""
    variables = root.find(f"{ODM}Study/{ODM}GlobalVariables")
    assert variables is not None
    return {
        group.tag: [
            (member.tag, dict(member.attrib), (member.text or "").strip())
            for member in group.iter()
            if member is not group
        ]
        for group in variables
        if len(group) and group.tag not in OWN
    }


@every_file
def test_groups_of_a_file_are_exported_as_they_came(emulator: Emulator, path: Path) -> None:
    exported = made(emulator, path).post("project_xml", returnMetadataOnly="true")
    assert groups(ET.fromstring(exported.content)) == groups(ET.parse(path).getroot())
