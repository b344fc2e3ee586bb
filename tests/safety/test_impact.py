"""How many records there are, without their values; what is not known is never told as none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.errors import RedcapIacError, RefusedError
from redcap_iac.kinds.assigning import Assignment
from redcap_iac.safety.impact import count_records
from redcap_iac.state import Item, Live
from tests.emulator.served import Project
from tests.end_to_end.watching import Watched
from tests.kinds.scheduling import live


def client(project: Project, *records: str, error: RedcapIacError | None = None) -> Watched:
    def after(call: Call, answer: Answer) -> Answer:
        if error is not None:
            raise error
        return Answer(tuple({"record_id": name} for name in records))

    return Watched(project, after=after)


def with_people(user: str, *people: Item) -> Live:
    before = live()
    target = replace(before.target, user=user)
    return replace(before, target=target, state=before.state.having("dag_assignments", people))


NO_GROUPS = with_people("jdoe", Assignment("jdoe", ""))


def test_rows_of_one_record_count_once(project: Project) -> None:
    assert count_records(client(project, "1", "2", "1"), NO_GROUPS) == 2


def test_none_seen_is_none_for_who_sees_all(project: Project) -> None:
    assert count_records(client(project), NO_GROUPS) == 0


@pytest.mark.parametrize(
    ("before", "told"),
    [
        pytest.param(with_people("jdoe", Assignment("JDoe", "lyon")), None, id="in a group"),
        pytest.param(
            with_people("jdoe", Assignment("jdoe", ""), Assignment("amy", "lyon")),
            0,
            id="others are",
        ),
        pytest.param(
            with_people("", Assignment("jdoe", ""), Assignment("amy", "lyon")),
            None,
            id="not known who",
        ),
        pytest.param(with_people("", Assignment("jdoe", "")), 0, id="nobody is in one"),
        pytest.param(live(), None, id="groups cannot be read"),
    ],
)
def test_a_member_of_a_group_sees_that_group_only(
    project: Project, before: Live, told: int | None
) -> None:
    assert count_records(client(project), before) == told


def test_what_a_member_of_a_group_sees_is_there(project: Project) -> None:
    assert count_records(client(project, "1"), with_people("jdoe", Assignment("jdoe", "lyon"))) == 1


def test_a_refused_export_is_not_known(project: Project) -> None:
    refused = client(project, error=RefusedError("no", status=400))
    assert count_records(refused, NO_GROUPS) is None


def test_without_a_dictionary_nothing_is_asked(project: Project) -> None:
    asked = client(project)
    assert count_records(asked, live(fields=())) is None
    assert asked.calls == []


def test_the_record_id_alone_is_asked_for(project: Project) -> None:
    asked = client(project)
    count_records(asked, NO_GROUPS)
    assert [call.params["fields"] for call in asked.calls] == [("record_id",)]
