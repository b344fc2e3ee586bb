"""One call, sent once; again only where two equal reads show that nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from redcap_iac import workflow
from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.errors import RedcapIacError, RefusedError, ServerError, UnreachableError
from redcap_iac.plan import Phase, Step
from redcap_iac.sending import Sender, Sent
from redcap_iac.state import Live
from tests.emulator.served import Project
from tests.end_to_end.study import Study
from tests.end_to_end.watching import Watched

TITLE = {"project_title": "Other"}


def lost() -> UnreachableError:
    return UnreachableError("no answer")


@pytest.fixture
def study(project: Project, tmp_path: Path) -> Study:
    return Study(project, tmp_path)


def step(action: str = "import", **more: object) -> Step:
    call = Call("project_settings", action, (TITLE,))
    return Step(Phase.FLAGS, "project", "set title", call, ("project/title",), ("project",), **more)  # type: ignore[arg-type]


def send(
    study: Study,
    about: Step,
    error: RedcapIacError,
    *,
    written: bool = False,
    left: Callable[[Live], frozenset[str]] | None = lambda _: frozenset({"project/title"}),
    times: int = 1,
    meanwhile: Callable[[], object] = lambda: None,
) -> tuple[Sent, int]:
    """Send with so many lost answers; return what came of it and how often it was sent."""
    lost: list[Call] = []

    def before(call: Call) -> None:
        if call.writes and not written and len(lost) < times:
            lost.append(call)
            meanwhile()
            raise error

    def after(call: Call, answer: Answer) -> Answer:
        if call.writes and written and len(lost) < times:
            lost.append(call)
            raise error
        return answer

    client = Watched(study.project, before, after)
    live = workflow.read(study.session)
    sender = Sender(client, left, lambda _: None)
    try:
        sent = sender.send(about, about.call, live)
    except RedcapIacError as raised:
        raised.add_note(f"sent {len(client.writes)}")
        raise
    return sent, len(client.writes)


def title(study: Study) -> str:
    return str(study.project.rows("project")["project_title"])


@pytest.mark.parametrize("error", [lost(), ServerError("failed", status=502)])
def test_what_changed_nothing_is_sent_once_more(study: Study, error: RedcapIacError) -> None:
    sent, times = send(study, step(), error)
    assert (times, title(study)) == (2, "Other")
    assert not sent.is_recognised
    assert sent.remarks == ("set title: no answer, and nothing had changed; sent once more.",)


def test_what_was_written_is_recognised_and_not_sent_again(study: Study) -> None:
    sent, times = send(study, step(), lost(), written=True, left=lambda _: frozenset())
    assert times == 1
    assert sent.is_recognised
    assert sent.remarks == ("set title: no answer, but read again, it was written.",)


def test_what_changed_otherwise_stays_open(study: Study) -> None:
    with pytest.raises(UnreachableError) as caught:
        send(study, step(), lost(), written=True)
    assert caught.value.__notes__ == ["sent 1"]


def test_a_second_loss_is_not_tried_a_third_time(study: Study) -> None:
    with pytest.raises(UnreachableError) as caught:
        send(study, step(), lost(), times=9)
    assert caught.value.__notes__ == ["sent 2"]


def test_a_refusal_is_never_sent_again(study: Study) -> None:
    with pytest.raises(RefusedError) as caught:
        send(study, step(), RefusedError("no", status=400))
    assert caught.value.__notes__ == ["sent 1"]


def test_what_the_server_names_is_never_sent_twice(study: Study) -> None:
    with pytest.raises(UnreachableError) as caught:
        send(study, step(makes=(("dag/Lyon", 0),)), lost())
    assert caught.value.__notes__ == ["sent 1"]


@pytest.mark.parametrize("action", ["delete", "create"])
def test_only_imports_are_sent_again(study: Study, action: str) -> None:
    with pytest.raises(UnreachableError) as caught:
        send(study, step(action), lost())
    assert caught.value.__notes__ == ["sent 1"]


def test_nothing_is_sent_again_where_nobody_can_say_what_is_left(study: Study) -> None:
    with pytest.raises(UnreachableError) as caught:
        send(study, step(), lost(), left=None)
    assert caught.value.__notes__ == ["sent 1"]


def test_a_project_that_was_moved_meanwhile_is_left_alone(study: Study) -> None:
    with pytest.raises(UnreachableError) as caught:
        send(study, step(), lost(), meanwhile=lambda: study.project.status("production"))
    assert caught.value.__notes__ == ["sent 1"]
    assert title(study) == "A study"


def test_a_project_that_is_still_changing_is_left_alone(study: Study) -> None:
    reads: list[Call] = []

    def before(call: Call) -> None:
        if call.writes:
            raise lost()
        reads.append(call)
        row = f'{{"project_notes": "{len(reads)}"}}'
        study.project.post("project_settings", action="import", data=row).raise_for_status()

    client = Watched(study.project, before)
    live = workflow.read(study.session)
    sender = Sender(client, lambda _: frozenset(), lambda _: None)
    with pytest.raises(UnreachableError):
        sender.send(step(), step().call, live)
    assert len(client.writes) == 1
    assert len(reads) == 2
