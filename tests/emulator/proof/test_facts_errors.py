"""Every recorded refusal, word by word, in the three formats a caller may ask for."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import requests

from redcap_iac.emulator.server import Emulator
from tests.emulator.access import accept, make_role, with_rights
from tests.emulator.proof.refusals import FORMATS, Call, asking, create, envelope, importing
from tests.emulator.served import PATIENCE, Project, post

NO_PERMISSION = "You do not have permissions to use the API"
NO_IMPORT = "You do not have API Import/Update privileges"
NO_DELETE = "You do not have Delete Record privileges"
NO_DAGS = (
    "Insufficient user privileges: You must have 'API Export' privileges and 'Data Access Groups'"
    " privileges in the project."
)
NO_REPEATING = (
    "You cannot export repeating instruments and events because the project does not contain any"
    " repeating instruments and events"
)
NO_ARRAY = (
    'The "fields" parameter has been provided with a value, but the value is not an array. The'
    ' "fields" parameter must be provided as an array of one or more values.'
)
NO_RECORD = (
    "One or more of the records provided cannot be deleted because they do not exist in the"
    " project. The following records do not exist: 1"
)
NO_FOLDER = (
    "The File Repository folder folder_id=99 does not exist or else you do not have permission to"
    " that folder because it is DAG-restricted or Role-restricted."
)
IN_A_ROLE = (
    'The user "mlee" cannot have their user privileges modified because the user belongs to a user'
    " role. Users in roles cannot have their privileges modified via the 'Import User' API method."
)
NO_PURPOSE = (
    "You must provide some text for 'purpose_other' since you specified 'purpose' as '1' (Other)."
)


def by(call: Call, **rights: int) -> Call:
    """Return the same call made by somebody who holds just these rights."""
    return lambda project, form: call(with_rights(project, "reader", **rights), form)


def wrong_token(content: str) -> Call:
    return lambda project, form: post(
        project.emulator, {"token": "0" * 32, "content": content, "returnFormat": form}
    )


def delete_users_as_creator(project: Project, form: str) -> requests.Response:
    accept(project, "user", {"username": "mlee"})
    return project.post("user", "delete", users=["mlee"], returnFormat=form)


def delete_record(project: Project, form: str) -> requests.Response:
    rights = {"api_import": 1, "api_export": 1, "record_delete": 1}
    seen = with_rights(project, "cleaner", **rights)
    return seen.post("record", "delete", records=["1"], returnFormat=form)


def import_a_member(project: Project, form: str) -> requests.Response:
    accept(project, "user", {"username": "mlee"})
    role = make_role(project, "A role")
    accept(project, "userRoleMapping", {"username": "mlee", "unique_role_name": role})
    return importing("user", {"username": "mlee", "design": 1})(project, form)


def create_without_purpose(project: Project, form: str) -> requests.Response:
    return create(project.emulator, form, {"project_title": "A study", "purpose": 1})


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call, and how it is refused."""

    name: str
    call: Call
    status: int
    text: str


REFUSALS = (
    Refusal("unknown token", wrong_token("metadata"), 403, NO_PERMISSION),
    Refusal("unknown token for the version", wrong_token("version"), 403, NO_PERMISSION),
    Refusal("no export right", by(asking("project"), design=1), 403, NO_PERMISSION),
    Refusal(
        "no import right",
        by(importing("record", {"record_id": "1"}), api_export=1),
        403,
        NO_IMPORT,
    ),
    Refusal(
        "no import right for the design",
        by(importing("metadata", {"field_name": "a"}), api_export=1, design=1),
        403,
        NO_IMPORT,
    ),
    Refusal(
        "no delete right",
        by(asking("record", "delete", records=["1"]), api_import=1, api_export=1),
        403,
        NO_DELETE,
    ),
    Refusal("users deleted by a creator", delete_users_as_creator, 403, NO_DELETE),
    Refusal("no group right", by(asking("dag"), api_export=1), 400, NO_DAGS),
    Refusal(
        "arms of a classic project",
        asking("arm"),
        400,
        "You cannot export arms for classic projects",
    ),
    Refusal(
        "events of a classic project",
        asking("event"),
        400,
        "You cannot export events for classic projects",
    ),
    Refusal(
        "designations of a classic project",
        asking("formEventMapping"),
        400,
        "You cannot export form/event mappings for classic projects",
    ),
    Refusal("nothing repeats", asking("repeatingFormsEvents"), 400, NO_REPEATING),
    Refusal(
        "unknown content",
        asking("no_such_content"),
        400,
        'The value of the parameter "content" is not valid',
    ),
    Refusal("a scalar for an array", asking("record", fields="record_id"), 400, NO_ARRAY),
    Refusal(
        "an unknown field",
        asking("record", fields=["x"]),
        400,
        "The following values in the parameter \"fields\" are not valid: 'x'",
    ),
    Refusal(
        "a pseudo-field",
        asking("record", fields=["redcap_event_name"]),
        400,
        "The following values in the parameter \"fields\" are not valid: 'redcap_event_name'",
    ),
    Refusal("a record that is not there", delete_record, 400, NO_RECORD),
    Refusal(
        "no file field",
        asking("file", "export", record="1", field="x"),
        400,
        "The field 'x' does not exist or is not a 'file' field",
    ),
    Refusal("no such folder", asking("fileRepository", "list", folder_id=99), 400, NO_FOLDER),
    Refusal(
        "the survey link of no record",
        asking("surveyLink", record="-1", instrument="form_1"),
        400,
        'The record "-1" does not exist',
    ),
    Refusal("a member of a role", import_a_member, 400, IN_A_ROLE),
    Refusal("another purpose without words", create_without_purpose, 400, NO_PURPOSE),
    Refusal(
        "data that do not parse",
        asking("arm", "import", data="no json"),
        400,
        "The data is not in the specified format.",
    ),
)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("one", REFUSALS, ids=lambda one: one.name)
def test_a_refusal_is_word_by_word_as_recorded(project: Project, one: Refusal, form: str) -> None:
    answer = one.call(project, form)
    assert answer.status_code == one.status
    assert answer.text == envelope(one.text, form)


def test_xml_is_what_errors_come_in_when_nothing_is_asked(emulator: Emulator) -> None:
    answer = post(emulator, {"token": "0" * 32, "content": "metadata"})
    assert answer.text == envelope(NO_PERMISSION, "xml")


def test_the_format_of_the_data_is_that_of_errors_unless_told_otherwise(project: Project) -> None:
    assert project.post("arm", format="csv").text.startswith("ERROR: ")
    assert project.post("arm", format="json").json().keys() == {"error"}


def test_an_error_in_json_is_one_object_with_one_text(project: Project) -> None:
    answer = project.post("event").json()
    assert [type(value) for value in answer.values()] == [str]


def test_another_verb_than_post_is_not_implemented(emulator: Emulator) -> None:
    answer = requests.get(emulator.url, timeout=PATIENCE)
    assert (answer.status_code, answer.text) == (501, "The requested method is not implemented.")


def test_an_address_without_the_slash_redirects(emulator: Emulator) -> None:
    address = emulator.url.rstrip("/")
    answer = requests.post(address, data={}, allow_redirects=False, timeout=PATIENCE)
    assert answer.status_code in (301, 302)
    assert answer.headers["Location"] == emulator.url


def test_a_redirect_followed_naively_loses_the_call(emulator: Emulator, project: Project) -> None:
    """The library turns POST into GET, which is not implemented (recorded)."""
    form = {"token": project.token, "content": "version"}
    answer = requests.post(emulator.url.rstrip("/"), data=form, timeout=PATIENCE)
    assert answer.status_code == 501


def test_a_wrong_path_is_a_page_of_the_web_server(emulator: Emulator) -> None:
    answer = requests.post(emulator.url + "no/such/page", data={}, timeout=PATIENCE)
    assert answer.status_code == 404
    assert "<html" in answer.text.lower()


def test_metadata_with_an_import_token_is_a_page_with_status_200(project: Project) -> None:
    seen = with_rights(project, "writer", api_import=1, design=1)
    answer = seen.post("metadata")
    assert answer.status_code == 200
    assert "<html" in answer.text.lower()


def test_an_expired_user_has_no_permission(project: Project) -> None:
    seen = with_rights(project, "guest", api_export=1)
    accept(project, "user", {"username": "guest", "expiration": "2020-01-01", "api_export": 1})
    assert seen.post("project").status_code == 403


def test_a_user_taken_out_of_the_project_has_no_permission(project: Project) -> None:
    seen = with_rights(project, "guest", api_export=1)
    accept(project, "user", {"username": "jdoe", "record_delete": 1})
    assert project.post("user", "delete", users=["guest"]).text == "1"
    assert seen.post("project").status_code == 403
