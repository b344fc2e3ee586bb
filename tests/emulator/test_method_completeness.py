"""The table of methods is complete and true: every pair that is known of is answered or refused.

Known of are the pairs that PyCap sends and those the facts name; what a pair needs besides a
token is tested with each resource.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import redcap

from redcap_iac.emulator import method_table, registry
from tests.emulator.access import accept
from tests.emulator.served import Project, post

UNKNOWN_CONTENT = 'The value of the parameter "content" is not valid'
NOT_IMPLEMENTED = "The requested method is not implemented."

#: Content and actions as the facts name them; `create` is content project with a super token.
NAMED_BY_FACTS: dict[str, tuple[str, ...]] = {
    "arm": ("export", "import", "delete"),
    "dag": ("export", "import", "delete", "switch"),
    "event": ("export", "import", "delete"),
    "exportFieldNames": ("export",),
    "file": ("export", "import", "delete"),
    "fileRepository": ("createFolder", "list", "export", "import", "delete"),
    "formEventMapping": ("export", "import"),
    "generateNextRecordName": ("export",),
    "instrument": ("export",),
    "log": ("export",),
    "metadata": ("export", "import"),
    "participantList": ("export",),
    "pdf": ("export",),
    "project": ("export", "create"),
    "project_settings": ("import",),
    "project_xml": ("export",),
    "record": ("export", "import", "delete", "rename", "randomize"),
    "repeatingFormsEvents": ("export", "import"),
    "report": ("export",),
    "surveyAccessCode": ("export",),
    "surveyLink": ("export",),
    "surveyQueueLink": ("export",),
    "surveyReturnCode": ("export",),
    "user": ("export", "import", "delete"),
    "userDagMapping": ("export", "import"),
    "userRole": ("export", "import", "delete"),
    "userRoleMapping": ("export", "import"),
    "version": ("export",),
}
#: Contents that a published module lists as known to REDCap, beside those with methods.
UNHELPED = (
    "appRightsCheck", "attachment", "authkey", "fieldValidation", "fileinfo", "filesize", "mycap",
    "tableau",
)  # fmt: skip
NAMED_BY_FACTS |= dict.fromkeys(UNHELPED, ("export",))
PAIRS = [(content, action) for content, actions in NAMED_BY_FACTS.items() for action in actions]
CONTENTS = sorted(NAMED_BY_FACTS)
#: What a server without the method says of them.
REFUSED = sorted([("record", "randomize"), *((content, "export") for content in UNHELPED)])
every_pair = pytest.mark.parametrize(("content", "action"), PAIRS)


def sent_by_pycap() -> set[tuple[str, str]]:
    """Return the pairs that the source of PyCap puts into its calls."""
    folder = Path(redcap.__file__).parent / "methods"
    return {
        pair
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_initialize")
        for pair in _pairs(node)
    }


def _pairs(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    action = "export"
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Subscript(slice=ast.Constant("action"))], value=value):
                action = str(ast.literal_eval(value))
            case ast.Call(func=ast.Attribute(attr="_initialize_import_payload")):
                action = "import"
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(attr=name), args=arguments, keywords=keywords) if (
                name in ("_initialize_payload", "_initialize_import_payload")
            ):
                given = [word.value for word in keywords if word.arg == "content"] or arguments
                if isinstance(given[0], ast.Constant):
                    yield str(given[0].value), action


def test_the_pairs_of_pycap_are_found_in_its_source() -> None:
    assert {("arm", "import"), ("dag", "switch"), ("version", "export")} <= sent_by_pycap()


def test_every_pair_that_pycap_sends_is_in_the_table() -> None:
    assert sent_by_pycap() - {(one.content, one.action) for one in registry.methods()} == set()


def test_the_table_has_the_pairs_that_the_facts_name_and_no_others() -> None:
    assert [(one.content, one.action) for one in registry.methods()] == sorted(PAIRS)


@every_pair
def test_every_pair_is_a_line_of_both_tables(content: str, action: str) -> None:
    lines = [line.split() for line in method_table.methods_text().splitlines()]
    assert [line[:2] for line in lines].count([content, action]) == 1
    assert f"| `{content}` | `{action}` |" in method_table.methods_markdown()


@every_pair
def test_every_pair_is_answered_or_refused_on_purpose(
    project: Project, content: str, action: str
) -> None:
    accept(project, "user", {"username": "jdoe", "record_delete": 1, "record_rename": 1})
    form = {"token": project.token, "content": content, "format": "json", "returnFormat": "json"}
    if action == "create":
        form |= {"token": project.emulator.super_token, "data": json.dumps([{}])}
    else:
        form["action"] = action
    answer = post(project.emulator, form)
    if (content, action) in REFUSED:
        assert (answer.status_code, answer.json()) == (501, {"error": NOT_IMPLEMENTED})
        return
    assert answer.status_code in (200, 400)
    assert UNKNOWN_CONTENT not in answer.text
    assert NOT_IMPLEMENTED not in answer.text


def test_what_is_refused_on_purpose_says_why_in_the_table() -> None:
    refused = [one for one in registry.methods() if not one.answered]
    assert [(one.content, one.action) for one in refused] == REFUSED
    assert all(one.remark for one in refused)
    lines = [line.split() for line in method_table.methods_text().splitlines()]
    told = [(line[0], line[1]) for line in lines if "refused" in line and "answered" not in line]
    assert told == REFUSED


@pytest.mark.parametrize("content", CONTENTS)
def test_an_action_that_a_content_does_not_have_is_not_implemented(
    project: Project, content: str
) -> None:
    answer = project.post(content, "no_such_action")
    assert answer.status_code == 501
    assert answer.json() == {"error": NOT_IMPLEMENTED}


@pytest.mark.parametrize("content", ["", "arms", "Arm", "metaData", "no_such_content"])
def test_any_other_content_is_refused_in_the_recorded_words(project: Project, content: str) -> None:
    answer = project.post(content)
    assert answer.status_code == 400
    assert answer.json() == {"error": UNKNOWN_CONTENT}
