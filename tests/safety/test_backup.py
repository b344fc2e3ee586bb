"""A backup holds everything the API shows, verifies itself, and refuses to be altered."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from redcap_iac.errors import GuardError, RedcapIacError
from redcap_iac.exporter import fingerprint, read_live
from redcap_iac.safety.backup import About, Backup, _identity, read_backup, take
from tests.emulator.served import Project
from tests.end_to_end.study import Study
from tests.end_to_end.watching import grant
from tests.end_to_end.whole import BEFORE

ABOUT = About("2026-03-14T15:09:26Z", "redcap-iac test", "dev", "a1b2")


@pytest.fixture
def study(project: Project, tmp_path: Path) -> Study:
    found = Study(project, tmp_path)
    found.converge(BEFORE)
    return found


def taken(study: Study, name: str = "backup") -> Backup:
    folder = study.folder / name
    folder.mkdir()
    return take(study.session.client, folder, ABOUT, user="jdoe")


def test_it_reads_back_as_the_project_it_was_made_of(study: Study) -> None:
    backup = taken(study)
    now = read_live(study.session.client, "jdoe")
    assert backup.live() == now
    assert fingerprint(backup.live()) == fingerprint(now)
    assert backup.about == ABOUT


def test_it_stays_as_it_was_when_the_project_goes_on(study: Study) -> None:
    backup = taken(study)
    before = read_live(study.session.client, "jdoe")
    study.converge({"instruments": [BEFORE["instruments"][0]]})
    assert read_backup(backup.folder).live() == before


def test_every_export_is_a_file_as_received(study: Study) -> None:
    folder = taken(study).folder
    for content in ("metadata", "event", "userRole", "dag", "formEventMapping"):
        kept = json.loads((folder / f"{content}.json").read_text())
        assert kept == study.project.rows(content), content
    assert "<ODM" in (folder / "project.xml").read_text()
    assert "ClinicalData" not in (folder / "project.xml").read_text()
    assert (folder / "version.txt").read_text() == "16.1.3\n"
    assert (folder / "dictionary.csv").read_text().startswith('"Variable / Field Name"')


def test_no_stored_value_is_in_it(study: Study) -> None:
    row = [{"record_id": "1", "redcap_event_name": "baseline_arm_1", "start": "Zanzibar"}]
    study.project.post("record", action="import", data=json.dumps(row)).raise_for_status()
    folder = taken(study).folder
    for path in folder.iterdir():
        assert "Zanzibar" not in path.read_text()
        assert study.project.token.lower() not in path.read_text().lower()


def test_files_are_their_owner_s_alone(study: Study) -> None:
    for path in taken(study).folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_altered_byte_of_any_file_is_refused(study: Study) -> None:
    folder = taken(study).folder
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        place = whole.find(b"e", len(whole) // 3)
        path.write_bytes(whole[:place] + b"E" + whole[place + 1 :])
        with pytest.raises(RedcapIacError, match=r"was altered after|is not a backup"):
            read_backup(folder)
        path.write_bytes(whole)
    assert read_backup(folder).about == ABOUT


def test_a_file_that_is_gone_is_refused(study: Study) -> None:
    folder = taken(study).folder
    (folder / "event.json").unlink()
    with pytest.raises(RedcapIacError, match=r"event\.json cannot be read"):
        read_backup(folder)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format_version": "1.0"}', "nonsense"])
def test_what_is_no_backup_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "backup.json").write_text(text)
    with pytest.raises(RedcapIacError, match="is not a backup"):
        read_backup(tmp_path)


def test_a_folder_without_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RedcapIacError, match="cannot be read"):
        read_backup(tmp_path)


def test_a_later_format_is_refused(study: Study) -> None:
    folder = taken(study).folder
    path = folder / "backup.json"
    path.write_text(path.read_text().replace('"1.0"', '"2.0"'))
    with pytest.raises(RedcapIacError, match=r"format version 2\.0"):
        read_backup(folder)


def test_a_name_that_leaves_the_folder_is_refused(study: Study) -> None:
    folder = taken(study).folder
    path = folder / "backup.json"
    body = json.loads(path.read_text())
    body["files"]["../event.json"] = body["files"].pop("event.json")
    body["id"] = _identity({name: body[name] for name in body if name != "id"})
    path.write_text(json.dumps(body))
    with pytest.raises(RedcapIacError, match="is not a backup"):
        read_backup(folder)


def test_what_the_token_may_not_read_is_named(study: Study) -> None:
    grant(study.project, "jdoe", data_access_groups=0)
    backup = taken(study)
    assert set(backup.not_read()) == {"dag", "userDagMapping"}
    assert "dags" in backup.live().unreadable


def test_a_disk_that_is_full_half_way_is_a_refusal(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise RedcapIacError("backup.json cannot be written: No space left on device.")

    monkeypatch.setattr("redcap_iac.safety.backup.write_private", full)
    with pytest.raises(GuardError, match="The backup is not whole"):
        taken(study)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes there")
@pytest.mark.parametrize("name", ["event.json", "backup.json"])
def test_a_pipe_in_the_place_of_a_file_is_refused_without_waiting(study: Study, name: str) -> None:
    folder = taken(study).folder
    (folder / name).unlink()
    os.mkfifo(folder / name)
    with pytest.raises(RedcapIacError, match="cannot be read: it is no file"):
        read_backup(folder)
