"""What is read of a project, and what is not believed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.errors import (
    AuthenticationError,
    RedcapIacError,
    RefusedError,
    RightsError,
    ServerError,
    SuspiciousReadError,
    UnreachableError,
)
from redcap_iac.exporter import fingerprint, read_kinds, read_live
from redcap_iac.kinds import all_kinds
from redcap_iac.state import Version
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project
from tests.end_to_end.study import Study
from tests.end_to_end.watching import Watched, grant
from tests.end_to_end.whole import BEFORE
from tests.kinds.dictionary.drafting import a_field


@pytest.fixture
def whole(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with something of every kind."""
    Study(project, tmp_path_factory.mktemp("study")).converge(BEFORE)
    return project


def altering(asked: Project, /, **columns: object) -> Watched:
    """Return a client for which the named exports answer with altered rows."""

    def after(call: Call, answer: Answer) -> Answer:
        change = columns.get(call.content)
        if change is None or call.writes:
            return answer
        assert callable(change)
        rows = change([dict(row) for row in answer.rows])
        return replace(answer, rows=tuple(rows))

    return Watched(asked, after=after)


def test_every_kind_is_read(whole: Project) -> None:
    live = read_live(Watched(whole))
    assert set(live.state.kinds) == {kind.name for kind in all_kinds()}
    assert [name for name, items in live.state.kinds.items() if not items] == []
    assert live.unreadable == {}


def test_the_target_says_which_project_it_is(whole: Project) -> None:
    target = read_live(Watched(whole), "jdoe").target
    assert (target.project_id, target.title, target.status) == ("1", "Before", "development")
    assert (target.version, target.longitudinal) == (Version(16, 1, 3), True)
    assert (target.url, target.user) == (whole.emulator.url, "jdoe")


@pytest.mark.parametrize(
    ("status", "told"),
    [("development", "development"), ("production", "production"), ("analysis", "unknown")],
)
def test_the_status_is_told_as_far_as_it_shows(project: Project, status: str, told: str) -> None:
    project.status(status)
    assert read_live(Watched(project)).target.status == told


def test_the_only_user_is_whose_token_it_is(project: Project) -> None:
    assert read_live(Watched(project)).target.user == "jdoe"


def test_of_several_users_none_is_guessed(whole: Project) -> None:
    assert read_live(Watched(whole)).target.user == ""


def test_a_classic_project_has_no_schedule_to_show(project: Project) -> None:
    live = read_live(Watched(project))
    hidden = ("arms", "events", "designations", "repeating")
    assert [live.state.kinds[name] for name in hidden] == [()] * 4
    assert not live.target.longitudinal


def test_every_export_is_asked_for_once(whole: Project) -> None:
    client = Watched(whole)
    read_live(client)
    contents = [call.content for call in client.calls]
    assert len(contents) == len(set(contents))
    assert client.writes == []


class TestSuspicious:
    """Reads nothing is concluded from."""

    @pytest.mark.parametrize(
        "content",
        [
            "metadata", "instrument", "exportFieldNames", "user", "project", "arm", "event",
            "userRole", "dag", "userRoleMapping", "userDagMapping", "version",
        ],
    )  # fmt: skip
    def test_a_list_that_comes_back_empty_or_cut(self, whole: Project, content: str) -> None:
        whole.emulator.faults.order(f"short-read@{content}")
        with pytest.raises((SuspiciousReadError, ServerError)):
            read_live(Watched(whole))

    @pytest.mark.parametrize(
        "content", ["version", "project", "metadata", "event", "user", "exportFieldNames"]
    )
    def test_a_web_page_with_status_200(self, whole: Project, content: str) -> None:
        whole.emulator.faults.order(f"html@{content}")
        with pytest.raises(UnreachableError, match="web page"):
            read_live(Watched(whole))

    @pytest.mark.parametrize("content", ["version", "metadata", "dag"])
    def test_an_error_that_stays(self, whole: Project, content: str) -> None:
        whole.emulator.faults.order(f"error=503@{content}")
        with pytest.raises(ServerError, match="503"):
            read_live(Watched(whole))

    def test_an_error_that_passes_is_none(self, whole: Project) -> None:
        whole.emulator.faults.order("error-once=503@metadata")
        assert read_live(Watched(whole)).state.kinds["fields"]

    def test_noise_before_an_export(self, whole: Project) -> None:
        whole.emulator.faults.order("noise@metadata")
        with pytest.raises(RedcapIacError):
            read_live(Watched(whole))

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("metadata", "dictionary"),
            ("instrument", "instruments"),
            ("exportFieldNames", "field names"),
            ("arm", "arms and events"),
            ("event", "events"),
        ],
    )
    def test_a_list_that_lacks_its_last_row(self, whole: Project, content: str, said: str) -> None:
        client = altering(whole, **{content: lambda rows: rows[:-2]})
        with pytest.raises(SuspiciousReadError, match=said):
            read_live(client)

    def test_an_instrument_that_holds_nothing_but_its_status_is_believed(
        self, whole: Project
    ) -> None:
        client = altering(
            whole,
            metadata=lambda rows: [row for row in rows if row["form_name"] != "extra"],
            exportFieldNames=lambda rows: [
                row for row in rows if row["original_field_name"] != "more"
            ],
        )
        live = read_live(client)
        assert len(live.state.kinds["instruments"]) == 3

    def test_an_instrument_without_even_a_status_is_not(self, whole: Project) -> None:
        gone = ("more", "extra_complete")
        client = altering(
            whole,
            metadata=lambda rows: [row for row in rows if row["form_name"] != "extra"],
            exportFieldNames=lambda rows: [
                row for row in rows if row["original_field_name"] not in gone
            ],
        )
        with pytest.raises(SuspiciousReadError, match="extra"):
            read_live(client)

    def test_two_projects(self, whole: Project) -> None:
        with pytest.raises(SuspiciousReadError, match="one project"):
            read_live(altering(whole, project=lambda rows: rows * 2))

    def test_a_project_without_its_id(self, whole: Project) -> None:
        with pytest.raises(SuspiciousReadError, match="one project"):
            read_live(altering(whole, project=lambda rows: [{**rows[0], "project_id": None}]))

    @pytest.mark.parametrize(
        ("content", "column"),
        [
            ("arm", "arm_num"), ("event", "unique_event_name"), ("formEventMapping", "form"),
            ("metadata", "field_label"), ("instrument", "instrument_label"),
            ("dag", "unique_group_name"), ("userRole", "unique_role_name"), ("user", "username"),
        ],
    )  # fmt: skip
    def test_rows_that_lack_a_column(self, whole: Project, content: str, column: str) -> None:
        def without(rows: list[dict[str, object]]) -> list[dict[str, object]]:
            return [{name: row[name] for name in row if name != column} for row in rows]

        with pytest.raises(SuspiciousReadError):
            read_live(altering(whole, **{content: without}))

    def test_a_number_that_is_none(self, whole: Project) -> None:
        with pytest.raises(SuspiciousReadError, match="event"):
            read_live(
                altering(whole, event=lambda rows: [{**row, "arm_num": "one"} for row in rows])
            )

    @pytest.mark.parametrize("text", ["", "REDCap", "16.1", '{"error":"no"}', "16.x.3"])
    def test_a_version_that_is_none(self, whole: Project, text: str) -> None:
        def after(call: Call, answer: Answer) -> Answer:
            return Answer(text=text) if call.content == "version" else answer

        with pytest.raises(SuspiciousReadError, match="version"):
            read_live(Watched(whole, after=after))

    def test_designations_of_an_event_that_is_not_there(self, whole: Project) -> None:
        def stray(rows: list[dict[str, object]]) -> list[dict[str, object]]:
            return [*rows, {**rows[0], "unique_event_name": "elsewhere_arm_1"}]

        with pytest.raises(SuspiciousReadError, match="elsewhere_arm_1"):
            read_live(altering(whole, formEventMapping=stray))

    def test_it_says_what_to_do(self, whole: Project) -> None:
        whole.emulator.faults.order("short-read@user")
        with pytest.raises(SuspiciousReadError) as raised:
            read_live(Watched(whole))
        assert raised.value.advice


def import_metadata(project: Project, rows: object) -> None:
    project.post("metadata", action="import", data=json.dumps(rows)).raise_for_status()


class TestRights:
    """What the token may not read."""

    def test_sections_that_may_not_be_read_are_named_with_why(self, whole: Project) -> None:
        grant(whole, "jdoe", data_access_groups=0)
        live = read_live(Watched(whole))
        assert set(live.unreadable) == {"dags", "dag_assignments"}
        assert "Data Access Groups" in live.unreadable["dags"]
        assert "dags" not in live.state

    def test_without_user_rights_people_are_not_to_be_seen(self, whole: Project) -> None:
        grant(whole, "jdoe", user_rights=0)
        live = read_live(Watched(whole), "jdoe")
        assert set(live.unreadable) == {"roles", "users", "role_assignments"}
        assert live.target.user == "jdoe"

    def test_without_api_export_nothing_is_read(self, whole: Project) -> None:
        grant(whole, "jdoe", api_export=0)
        with pytest.raises(AuthenticationError):
            read_live(Watched(whole))

    @pytest.mark.parametrize("content", ["project", "metadata", "instrument", "exportFieldNames"])
    def test_what_nothing_goes_without_is_asked_for(self, whole: Project, content: str) -> None:
        def before(call: Call) -> None:
            if call.content == content:
                raise RightsError("Insufficient user privileges")

        with pytest.raises(RightsError, match="Insufficient"):
            read_live(Watched(whole, before))

    def test_a_refusal_that_does_not_mean_none_is_an_error(self, whole: Project) -> None:
        def before(call: Call) -> None:
            if call.content == "event":
                raise RefusedError("no", status=400, text="You may not")

        with pytest.raises(RefusedError):
            read_live(Watched(whole, before))


class TestCoding:
    """Form rights are numbered up from 1 before 15.6 and in bits from 128 since (recorded)."""

    @pytest.mark.parametrize(
        ("version", "in_bits"), [("14.5.0", False), ("15.5.9", False), ("15.6.0", True)]
    )
    def test_it_is_seen_in_the_rights(
        self, make_emulator: MakeEmulator, version: str, in_bits: bool
    ) -> None:
        live = read_live(Watched(new_project(make_emulator(version))))
        assert live.target.form_rights_in_bits is in_bits

    @pytest.mark.parametrize(("code", "in_bits"), [(1, False), (3, False), (130, True), (0, True)])
    def test_what_is_there_goes_before_the_version(
        self, project: Project, code: int, in_bits: bool
    ) -> None:
        def coded(rows: list[dict[str, object]]) -> list[dict[str, object]]:
            return [{**row, "forms": {"form_1": code}} for row in rows]

        client = altering(project, user=coded)
        assert read_live(client).target.form_rights_in_bits is in_bits

    def test_reading_something_else_again_does_not_change_it(self, project: Project) -> None:
        def old(rows: list[dict[str, object]]) -> list[dict[str, object]]:
            return [{**row, "forms": {"form_1": 1}} for row in rows]

        client = altering(project, user=old)
        live = read_live(client)
        assert not read_kinds(client, live, ("project", "fields")).target.form_rights_in_bits


class TestAgain:
    """Some kinds read again."""

    def test_only_these_are_read_and_replaced(self, whole: Project) -> None:
        client = Watched(whole)
        live = read_live(client)
        whole.post(
            "dag", action="import",
            data='[{"data_access_group_name":"Mine","unique_group_name":""}]',
        ).raise_for_status()  # fmt: skip
        client.calls.clear()
        again = read_kinds(client, live, ("dags",))
        assert [call.content for call in client.calls] == ["dag"]
        assert len(again.state.kinds["dags"]) == len(live.state.kinds["dags"]) + 1
        assert again.target == live.target

    def test_the_status_comes_with_the_project(self, whole: Project) -> None:
        client = Watched(whole)
        live = read_live(client)
        whole.status("production")
        assert read_kinds(client, live, ("project",)).target.status == "production"

    def test_a_kind_that_may_no_longer_be_read_is_named(self, whole: Project) -> None:
        client = Watched(whole)
        live = read_live(client)
        grant(whole, "jdoe", data_access_groups=0)
        again = read_kinds(client, live, ("dags",))
        assert set(again.unreadable) == {"dags"}
        assert again.state.kinds["dags"] == live.state.kinds["dags"]

    def test_nothing_asked_for_is_nothing_sent(self, whole: Project) -> None:
        client = Watched(whole)
        live = read_live(client)
        client.calls.clear()
        assert read_kinds(client, live, ()) == live
        assert client.calls == []


class TestFingerprint:
    """Equal reads have equal fingerprints, kind by kind."""

    def test_two_reads_are_equal(self, whole: Project) -> None:
        client = Watched(whole)
        assert fingerprint(read_live(client)) == fingerprint(read_live(client))

    def test_a_change_is_seen_in_its_kind_alone(self, whole: Project) -> None:
        client = Watched(whole)
        before = fingerprint(read_live(client))
        rows = whole.rows("metadata")
        rows[1]["field_note"] = "changed"
        import_metadata(whole, rows)
        after = fingerprint(read_live(client))
        assert {name for name in after if after[name] != before[name]} == {"fields"}

    def test_the_order_of_rows_means_nothing_but_in_the_dictionary(self, whole: Project) -> None:
        live = read_live(Watched(whole))
        turned = live
        for name, items in live.state.kinds.items():
            turned = replace(turned, state=turned.state.having(name, items[::-1]))
        before, after = fingerprint(live), fingerprint(turned)
        assert {name for name in after if after[name] != before[name]} == {"fields"}

    def test_what_comparisons_pass_over_counts(self, project: Project) -> None:
        live = read_live(Watched(project))
        one = replace(live, state=live.state.having("fields", (a_field("a"),)))
        two = replace(live, state=live.state.having("fields", (a_field("a", field_label=" "),)))
        assert fingerprint(one)["fields"] != fingerprint(two)["fields"]
