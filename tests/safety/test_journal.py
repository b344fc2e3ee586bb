"""The journal: a chained line before and after each call, true whatever ended the run."""

from __future__ import annotations

import json
import os
import stat
from datetime import datetime
from pathlib import Path

import pytest

from redcap_iac.calls import Call, Made
from redcap_iac.errors import GuardError, RedcapIacError, RefusedError, ServerError
from redcap_iac.hazard import Acceptance
from redcap_iac.plan import Copy, Phase, Step
from redcap_iac.safety.journal import Heading, Journal, Told, exposure, payload_digest
from redcap_iac.safety.journals import last_of, read_journal, used_plans
from redcap_iac.state import Target, Version

NOW = datetime(2026, 3, 14, 15, 9, 26)
TOKEN = "C0FFEE00" * 4
TARGET = Target(
    "https://redcap.example.org/api/", "17", "Sleep", "development", Version(16, 1, 3),
    longitudinal=False,
)  # fmt: skip
WORD = Acceptance(
    "H101", "field/postal", typed=True, change="abc", at_most=412, names=("akim",), who="mlee",
    why="not needed", until="2026-12-31",
)  # fmt: skip


def heading(plan_id: str = "p1", **more: object) -> Heading:
    there = {"url": TARGET.url, "project_id": TARGET.project_id}
    return Heading(plan_id, there, "dev", "test", "d1", "2026-03-14T15:09:26Z", **more)  # type: ignore[arg-type]


def step(title: str = "write arm 1", content: str = "arm", **more: object) -> Step:
    call = Call(content, "import", ({"arm_num": "1", "name": "Main"},))
    return Step(Phase.ARMS, "arms", title, call, (), ("arms",), **more)  # type: ignore[arg-type]


def roles(*rows: dict[str, str]) -> Step:
    call = Call("userRoleMapping", "import", rows)
    return Step(Phase.LEAVE_ROLES, "role_assignments", "roles", call, (), ())


def opened(path: Path, *steps: Step, **more: object) -> Journal:
    journal = Journal(path, lambda: NOW)
    journal.begin(heading(**more), steps)  # type: ignore[arg-type]
    return journal


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_each_line_is_on_the_disk_before_its_method_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    real = os.fsync

    def fsync(number: int) -> None:
        real(number)
        synced.append(len((tmp_path / "j.jsonl").read_text().splitlines()))

    monkeypatch.setattr(os, "fsync", fsync)
    journal = opened(tmp_path / "j.jsonl", step())
    journal.before(1, step(), step().call, {})
    assert synced[-1] == len(lines(tmp_path / "j.jsonl")) == 3
    journal.after(1, step(), Told("done", 1))
    assert synced[-1] == 4
    journal.close()


def test_it_is_its_owner_s_alone_and_never_replaces_one(tmp_path: Path) -> None:
    opened(tmp_path / "j.jsonl").close()
    assert stat.S_IMODE((tmp_path / "j.jsonl").stat().st_mode) == 0o600
    with pytest.raises(GuardError, match="File exists"):
        Journal(tmp_path / "j.jsonl", lambda: NOW)


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    first, second, third = step("one"), step("two"), step("three")
    journal = opened(tmp_path / "j.jsonl", first, second, third, acceptances=(WORD,))
    journal.before(1, first, first.call, {})
    journal.after(1, first, Told("done", 1))
    journal.before(2, second, second.call, {"event/1/Week 8": "week_8_arm_1"})
    journal.end("failed")
    record = read_journal(tmp_path / "j.jsonl")
    assert record.heading == heading(acceptances=(WORD,))
    assert [entry.title for entry in record.done] == ["one"]
    assert [entry.title for entry in record.uncertain] == ["two"]
    assert record.uncertain[0].names == {"event/1/Week 8": "week_8_arm_1"}
    assert record.not_tried == ("three",)
    assert record.how == "failed"


def test_a_refused_call_was_not_made(tmp_path: Path) -> None:
    journal = opened(tmp_path / "j.jsonl", step("one"), step("two"))
    journal.before(1, step("one"), step().call, {})
    journal.after(1, step("one"), Told("refused", error=RefusedError("no", status=400)))
    journal.close()
    record = read_journal(tmp_path / "j.jsonl")
    assert (record.done, record.uncertain, record.not_tried) == ((), (), ("one", "two"))


def test_a_second_round_s_calls_are_counted_with_the_first(tmp_path: Path) -> None:
    journal = opened(tmp_path / "j.jsonl", step("one"), step("two"))
    journal.before(1, step("one"), step().call, {})
    journal.after(1, step("one"), Told("done"))
    journal.plan((step("three"),))
    journal.close()
    record = read_journal(tmp_path / "j.jsonl")
    assert record.steps == ("one", "three")
    assert record.not_tried == ("three",)


def test_a_last_line_cut_short_is_no_damage(tmp_path: Path) -> None:
    journal = opened(tmp_path / "j.jsonl", step())
    journal.before(1, step(), step().call, {})
    journal.close()
    path = tmp_path / "j.jsonl"
    path.write_bytes(path.read_bytes() + b'{"line": "after", "outc')
    record = read_journal(path)
    assert record.is_torn
    assert len(record.uncertain) == 1


@pytest.mark.parametrize("place", range(4))
def test_an_altered_line_is_seen(tmp_path: Path, place: int) -> None:
    journal = opened(tmp_path / "j.jsonl", step())
    journal.before(1, step(), step().call, {})
    journal.after(1, step(), Told("done", 1))
    journal.end("done")
    path = tmp_path / "j.jsonl"
    text = path.read_text().splitlines()
    text[place] = text[place].replace("15:09", "15:08")
    path.write_text("\n".join(text) + "\n")
    with pytest.raises(RedcapIacError, match="was altered"):
        read_journal(path)


def test_a_line_taken_out_is_seen(tmp_path: Path) -> None:
    journal = opened(tmp_path / "j.jsonl", step())
    journal.before(1, step(), step().call, {})
    journal.end("failed")
    path = tmp_path / "j.jsonl"
    text = path.read_text().splitlines()
    del text[2]
    path.write_text("\n".join(text) + "\n")
    with pytest.raises(RedcapIacError, match="was altered"):
        read_journal(path)


@pytest.mark.parametrize("text", ["", "nonsense\n", "{}\n", '{"line": "end", "previous": ""}\n'])
def test_what_is_no_journal_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "j.jsonl").write_text(text)
    with pytest.raises(RedcapIacError, match="is not a journal"):
        read_journal(tmp_path / "j.jsonl")


def test_neither_rows_nor_tokens_are_written(tmp_path: Path) -> None:
    secret = Step(
        Phase.ARMS, "arms", f"write {TOKEN}", Call("arm", "import", ({"name": "Zanzibar"},)), (), ()
    )
    journal = opened(tmp_path / "j.jsonl", secret)
    journal.before(1, secret, secret.call, {})
    error = ServerError(f"no: token={TOKEN}", status=500)
    journal.after(1, secret, Told("uncertain", error=error))
    journal.close()
    text = (tmp_path / "j.jsonl").read_text()
    assert TOKEN not in text
    assert "Zanzibar" not in text
    assert "ServerError 500: no: token=[token]" in text


@pytest.mark.parametrize(
    "about", [step(content="record"), step(copies=(Copy("postal", "zip_code"),))]
)
def test_of_calls_about_records_redcap_s_words_are_left_out(tmp_path: Path, about: Step) -> None:
    journal = opened(tmp_path / "j.jsonl", about)
    journal.before(1, about, about.call, {})
    refusal = RefusedError("record import: 'Zanzibar' is no date", status=400, text="Zanzibar")
    journal.after(1, about, Told("refused", error=refusal))
    journal.close()
    assert lines(tmp_path / "j.jsonl")[-1]["error"] == "RefusedError 400"


def test_a_full_disk_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = opened(tmp_path / "j.jsonl", step())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(GuardError, match="No space left") as caught:
            journal.before(1, step(), step().call, {})
    assert "--resume" in caught.value.advice
    journal.close()


def test_the_digest_of_a_call_is_of_what_it_sends() -> None:
    one = Call("arm", "import", ({"arm_num": "1", "name": "Main"},))
    same = Call("arm", "import", ({"name": "Main", "arm_num": "1"},))
    other = Call("arm", "import", ({"arm_num": "1", "name": "Other"},))
    assert payload_digest(one) == payload_digest(same)
    assert payload_digest(one) != payload_digest(other)


def test_maps_and_names_to_be_made_have_a_digest_too() -> None:
    call = Call("user", "import", ({"forms": {"a": 1}, "dag": Made("dag/Lyon")},))
    assert len(payload_digest(call)) == 64


class TestExposure:
    """Who is out of a role until it is done."""

    def test_whoever_leaves_a_role_is_exposed(self) -> None:
        assert exposure(roles({"username": "amy", "unique_role_name": ""})) == (("amy",), ())

    def test_whoever_gets_one_is_provided_for(self) -> None:
        assert exposure(roles({"username": "amy", "unique_role_name": "U-1"})) == ((), ("amy",))

    def test_rights_of_their_own_provide_for_somebody_a_last_day_does_not(self) -> None:
        whole = {"username": "amy", "forms": "{}"}
        bare = {"username": "dan", "expiration": ""}
        imported = Step(
            Phase.USERS, "users", "users", Call("user", "import", (whole, bare)), (), ()
        )
        assert exposure(imported) == ((), ("amy",))

    def test_whoever_is_deleted_is_exposed_no_more(self) -> None:
        call = Call("user", "delete", params={"users": ("amy",)})
        assert exposure(Step(Phase.DELETE_USERS, "users", "users", call, (), ())) == ((), ("amy",))

    def test_a_journal_tells_who_still_is(self, tmp_path: Path) -> None:
        out = roles(*({"username": n, "unique_role_name": ""} for n in ("amy", "dan")))
        back = roles({"username": "amy", "unique_role_name": "U-1"})
        journal = opened(tmp_path / "j.jsonl", out, back)
        journal.before(1, out, out.call, {})
        journal.after(1, out, Told("done", 2))
        assert read_journal(tmp_path / "j.jsonl").exposed() == ("amy", "dan")
        journal.before(2, back, back.call, {})
        assert read_journal(tmp_path / "j.jsonl").exposed() == ("amy", "dan")
        journal.after(2, back, Told("done", 1))
        journal.close()
        assert read_journal(tmp_path / "j.jsonl").exposed() == ("dan",)


class TestLast:
    """The last journal of a project."""

    def of(self, folder: Path, name: str, *, begun: bool = True, url: str = TARGET.url) -> None:
        journal = Journal(folder / name, lambda: NOW)
        there = {"url": url, "project_id": "17"}
        journal.begin(Heading(name, there, "dev", "test", "d1", name), (step(),))
        if begun:
            journal.before(1, step(), step().call, {})
        journal.close()

    def test_it_is_the_one_with_the_last_name(self, tmp_path: Path) -> None:
        self.of(tmp_path, "20260102T-1.jsonl")
        self.of(tmp_path, "20260101T-1.jsonl")
        found = last_of(tmp_path, TARGET)
        assert found is not None
        assert found.path.name == "20260102T-1.jsonl"

    def test_those_of_other_projects_and_without_a_call_do_not_count(self, tmp_path: Path) -> None:
        self.of(tmp_path, "1.jsonl")
        self.of(tmp_path, "2.jsonl", begun=False)
        self.of(tmp_path, "3.jsonl", url="https://other.example.org/api/")
        found = last_of(tmp_path, TARGET)
        assert found is not None
        assert found.path.name == "1.jsonl"

    def test_there_may_be_none(self, tmp_path: Path) -> None:
        assert last_of(tmp_path / "nothing", TARGET) is None

    def test_a_damaged_one_does_not_hide_the_others(self, tmp_path: Path) -> None:
        self.of(tmp_path, "1.jsonl")
        (tmp_path / "2.jsonl").write_text("nonsense")
        assert last_of(tmp_path, TARGET) is not None

    def test_a_damaged_last_one_of_a_project_is_not_passed_over(self, tmp_path: Path) -> None:
        self.of(tmp_path, "20260314T150926Z-0001-17-aaaaaaaa.jsonl")
        last = tmp_path / "20260314T150926Z-0002-17-bbbbbbbb.jsonl"
        last.write_text('{"line": "heading"}\n')
        with pytest.raises(RedcapIacError, match="altered or is damaged"):
            last_of(tmp_path, TARGET)
        last.write_text('{"line": "heading"')  # a kill before any call
        assert last_of(tmp_path, TARGET) is not None

    def test_a_plan_is_used_once_its_first_call_was_begun(self, tmp_path: Path) -> None:
        folder = tmp_path / "journals"
        folder.mkdir()
        self.of(folder, "1.jsonl")
        self.of(folder, "2.jsonl", begun=False)
        assert used_plans(tmp_path) == {"1.jsonl": "1.jsonl"}
