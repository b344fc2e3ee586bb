"""What is exported as csv or xml can be imported as it is, and then nothing has changed."""

from __future__ import annotations

import json

import pytest

from redcap_iac.emulator import admin, registry
from redcap_iac.emulator.server import Emulator
from tests.emulator.calls import Furnished, Pair, furnished, working_calls

#: Lists with a twin that imports them; project information comes back under another content.
BACK: dict[str, str] = {
    **{
        one.content: one.content
        for one in registry.methods()
        if one.action == "import" and one.content not in ("file", "fileRepository")
    },
    "project": "project_settings",
}
del BACK["project_settings"]
FORMATS = ("csv", "json", "xml")
ONLY_EXPORTED = ("exportFieldNames", "instrument", "log", "participantList", "report")


@pytest.fixture
def study(emulator: Emulator) -> Furnished:
    """A trial with a little of everything, texts that each format has to escape among it."""
    study = furnished(emulator)
    rows = study.project.rows("metadata")
    rows[1]["field_label"] = 'Name, "first" & <b>last</b>\n second line ]]> \u00e9\u4e2d'
    study.project.post("metadata", data=json.dumps(rows))
    unassigned = {"username": "akim", "unique_role_name": study.role, "data_access_group": "paris"}
    study.project.post("userRoleMapping", data=json.dumps([unassigned]))
    return study


def exported(study: Furnished, content: str, format_: str) -> str:
    """Export a list that must be answered."""
    call = working_calls(study)[content, "export"]
    status, text = study.send((content, "export"), call, format_)
    assert status == 200, text
    return text


def kept(study: Furnished) -> dict[str, object]:
    """Return all that is kept of the project but its log."""
    tables: dict[str, object] = json.loads(
        admin.dump(study.project.emulator.store, study.project.project_id)
    )
    return {name: rows for name, rows in tables.items() if name != "log"}


def leave_out_the_refused(study: Furnished, content: str) -> None:
    """Take out what no import takes: a user who is in a role, a file in a record (recorded)."""
    if content == "record":
        at = {"record": "1", "field": "photo", "event": "baseline_arm_1"}
        assert study.project.post("file", "delete", **at).status_code == 200
    if content == "user":
        pair: Pair = ("userRoleMapping", "import")
        row = {"username": "akim", "unique_role_name": "", "data_access_group": "paris"}
        assert study.send(pair, {"data": json.dumps([row])})[0] == 200


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("content", sorted(BACK))
def test_what_is_exported_is_imported_without_a_change(
    study: Furnished, content: str, format_: str
) -> None:
    leave_out_the_refused(study, content)
    before = kept(study)
    text = exported(study, content, format_)
    status, answer = study.send((BACK[content], "import"), {"data": text}, format_)
    assert (status, "error" in answer.lower()) == (200, False), answer
    assert kept(study) == before


@pytest.mark.parametrize("content", [*sorted(BACK), *ONLY_EXPORTED])
def test_a_list_is_never_empty_here(study: Furnished, content: str) -> None:
    assert json.loads(exported(study, content, "json"))
