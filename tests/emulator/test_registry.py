from __future__ import annotations

import pytest

from redcap_iac.emulator import registry
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import API_EXPORT, API_IMPORT
from redcap_iac.emulator.request import Context, Request
from redcap_iac.emulator.wire import Answer, Text


@pytest.fixture(autouse=True)
def _own_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test register methods without leaving them behind."""
    monkeypatch.setattr(registry, "_METHODS", dict(registry._METHODS))


def answer(_: Context) -> Answer:
    return Text("")


def key(*, super_token: bool = False, **form: str) -> tuple[str, str]:
    return registry.key_of(Request(form, {}), super_token=super_token)


def test_a_method_is_found_by_content_and_action() -> None:
    registry.method("thing", "export", "Export Things", API_EXPORT)(answer)
    found = registry.find(Request({"content": "thing"}, {}), super_token=False)
    assert (found.title, found.handler) == ("Export Things", answer)


def test_a_method_that_asks_for_the_import_right_writes() -> None:
    registry.method("thing", "import", "Import Things", API_IMPORT)(answer)
    registry.method("thing", "export", "Export Things", API_EXPORT)(answer)
    writes = {
        method.action: method.writes for method in registry.methods() if method.content == "thing"
    }
    assert writes == {"import": True, "export": False}


def test_two_handlers_for_one_method_are_a_mistake() -> None:
    registry.method("thing", "export", "Export Things")(answer)
    with pytest.raises(ValueError, match="thing/export"):
        registry.method("thing", "export", "Export Things")(answer)


def test_without_an_action_it_is_an_export() -> None:
    assert key(content="arm") == ("arm", "export")


@pytest.mark.parametrize("content", sorted(registry.DATA_SELECTS_IMPORT))
def test_data_alone_selects_the_import_of_some_contents(content: str) -> None:
    assert key(content=content, data="[]") == (content, "import")


def test_data_does_not_turn_a_delete_into_an_import() -> None:
    assert key(content="user", action="delete", data="[]") == ("user", "delete")


@pytest.mark.parametrize("content", ["arm", "event", "dag"])
def test_other_contents_need_the_action(content: str) -> None:
    assert key(content=content, data="[]") == (content, "export")


def test_a_super_token_makes_content_project_a_creation() -> None:
    assert key(content="project", super_token=True) == ("project", "create")


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"content": "nothing"}, 400),
        ({"content": "version", "action": "rename"}, 501),
        ({"content": "project_settings"}, 400),
    ],
)
def test_what_is_not_there_is_refused(form: dict[str, str], status: int) -> None:
    with pytest.raises(ApiFault) as refusal:
        registry.find(Request(form, {}), super_token=False)
    assert refusal.value.status == status
