"""Which project is meant is never a guess."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from redcap_iac.errors import AccessError, GuardError, RedcapIacError
from redcap_iac.hazard import Acceptance, Limit, Protection
from redcap_iac.manifest.environments import Environment, choose_environment
from redcap_iac.manifest.loader import Manifest

Loaded = Callable[..., Manifest]
Problems = Callable[..., list[str]]

DEV = Environment("dev", "https://dev.example.org/api/", "env:DEV")
PROD = Environment("prod", "https://example.org/api/", "env:PROD")
BASE = "version: 1\nenvironments:\n"


def test_everything_an_environment_says_is_read(loaded: Loaded) -> None:
    (found,) = loaded(
        {
            "redcap.yaml": BASE
            + "  dev: {url: 'https://x.example.org/api/', token: 'env:T', user: svc,"
            " project_id: 17,"
            " data: test, default: true, auto_approval: none, variables: {site: Lyon},"
            " ca_bundle: ca.pem, client_cert: me.pem, timeout: 7.5, requests_per_minute: 60,"
            " protect: {fields: [arm], dags: [Lyon]}}\n"
        }
    ).environments
    assert found == Environment(
        "dev", "https://x.example.org/api/", "env:T", "svc", "17", "test", default=True,
        auto_approval="none", variables=(("site", "Lyon"),), ca_bundle="ca.pem",
        client_cert="me.pem", timeout=7.5, requests_per_minute=60,
        protect=Protection(fields=("arm",), dags=("Lyon",)),
    )  # fmt: skip
    assert str(found.at) == "redcap.yaml:3:3"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://redcap.example.org/api/", "must begin with https://"),
        ("https://user:secret@redcap.example.org/api/", "holds a login"),
        ("https://redcap.example.org/api/?x=1", "question mark"),
        ("https://redcap.example.org\\@evil.example.org/", "backslash"),
        ("https://", "is not an address"),
    ],
)
def test_an_address_no_token_could_go_to_is_an_error(
    url: str, words: str, problems: Problems
) -> None:
    (error,) = problems({"redcap.yaml": f"{BASE}  d: {{url: '{url}', token: 'env:T'}}\n"})
    assert error.startswith("redcap.yaml:3:12 M501")
    assert words in error
    assert "secret" not in error


def test_two_defaults_are_an_error(problems: Problems) -> None:
    one = "{url: 'https://x/api/', token: 'env:T', default: true}"
    (error,) = problems({"redcap.yaml": f"{BASE}  a: {one}\n  b: {one}\n"})
    assert error.startswith("redcap.yaml:4:3 M501 Both a and b are the default")


@pytest.mark.parametrize(
    ("name", "environ", "expected"),
    [
        ("prod", {}, "prod"),
        ("prod", {"REDCAP_IAC_ENV": "dev"}, "prod"),
        (None, {"REDCAP_IAC_ENV": "prod"}, "prod"),
        (None, {}, "dev"),
    ],
)
def test_a_name_comes_before_the_variable_before_the_default(
    name: str | None, environ: Mapping[str, str], expected: str
) -> None:
    default = Environment("dev", DEV.url, DEV.token_source, default=True)
    assert choose_environment((PROD, default), name, environ).name == expected


def test_the_only_environment_needs_no_choice() -> None:
    assert choose_environment((DEV,), None, {}) is DEV


def test_several_without_a_choice_are_an_error() -> None:
    with pytest.raises(RedcapIacError, match="several environments: dev and prod") as raised:
        choose_environment((DEV, PROD), None, {})
    assert "--env" in raised.value.advice


def test_an_unknown_name_has_a_suggestion() -> None:
    with pytest.raises(RedcapIacError, match="no environment prd") as raised:
        choose_environment((DEV, PROD), "prd", {})
    assert raised.value.advice == "Did you mean `prod`?"


def test_a_chosen_environment_ignores_the_variables_of_the_api() -> None:
    environ = {"REDCAP_API_URL": "https://other.example.org/api/", "REDCAP_API_TOKEN": "x"}
    assert choose_environment((DEV,), None, environ) is DEV


def test_without_environments_the_variables_are_the_environment() -> None:
    chosen = choose_environment((), None, {"REDCAP_API_URL": " https://x.example.org/api/ "})
    assert (chosen.url, chosen.token_source) == (
        "https://x.example.org/api/",
        "env:REDCAP_API_TOKEN",
    )


def test_without_environments_and_variables_there_is_no_server() -> None:
    with pytest.raises(AccessError, match="REDCAP_API_URL is not set"):
        choose_environment((), None, {})


def test_an_open_address_in_the_variable_is_refused() -> None:
    with pytest.raises(AccessError, match="REDCAP_API_URL must begin with https://"):
        choose_environment((), None, {"REDCAP_API_URL": "http://x.example.org/api/"})


def test_a_name_without_environments_is_an_error() -> None:
    with pytest.raises(RedcapIacError, match="has no `environments:`"):
        choose_environment((), "dev", {"REDCAP_API_URL": "https://x.example.org/api/"})


def test_an_overlay_is_refused_only_when_it_is_chosen() -> None:
    laid = Environment("prod", PROD.url, PROD.token_source, overlay="environments/prod.yaml")
    assert choose_environment((DEV, laid), "dev", {}) is DEV
    with pytest.raises(GuardError, match="does not carry overlays out"):
        choose_environment((DEV, laid), "prod", {})


ACCEPT = (
    f"{BASE}  d:\n    url: 'https://x.example.org/api/'\n    token: env:T\n    accept:\n      - {{"
)
ENTRY = "hazard: 'H101:field/postal', change: '0a1b2c3d4e5f', who: Ada, why: unused"


def test_an_acceptance_is_read_with_its_place(loaded: Loaded) -> None:
    text = f"{ACCEPT}{ENTRY}, until: 2027-01-31, at_most: 412, names: [akim, jdoe]}}\n"
    (found,) = loaded({"redcap.yaml": text}).environments[0].accept
    assert found == Acceptance(
        "H101", "field/postal", change="0a1b2c3d4e5f", at_most=412, names=("akim", "jdoe"),
        who="Ada", why="unused", until="2027-01-31",
    )  # fmt: skip
    assert str(found.at) == "redcap.yaml:7:18"
    assert not found.typed


@pytest.mark.parametrize(("said", "most"), [("", 0), (", at_most: 0", 0), (", at_most: any", None)])
def test_an_acceptance_without_a_number_is_for_no_record_unless_it_says_any(
    loaded: Loaded, said: str, most: int | None
) -> None:
    text = f"{ACCEPT}{ENTRY}, until: 2027-01-31{said}}}\n"
    (found,) = loaded({"redcap.yaml": text}).environments[0].accept
    assert (found.at_most, found.names) == (most, ())


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (f"{ENTRY}, until: soon", "M502 `until` is no day: soon. | Write it as YYYY-MM-DD."),
        (f"{ENTRY}, until: 2027-02-30", "M502 `until` is no day"),
        (f"{ENTRY}, until: 2027-01-31".replace("Ada", "''"), "M502 `who` is empty"),
        (f"{ENTRY}, until: 2027-01-31".replace("unused", "' '"), "M502 `why` is empty"),
        (ENTRY, "until"),
        (f"{ENTRY}, until: 2027-01-31, at_most: few", "must be a number of records, or any"),
        (f"{ENTRY}, until: 2027-01-31, at_most: -1", "must be a number of records, or any"),
        (f"{ENTRY.replace('H101:', '')}, until: 2027-01-31", "must be the hazard's code and"),
        (f"{ENTRY.replace('4e5f', 'XYZ')}, until: 2027-01-31", "must be the 12 digits"),
    ],
)
def test_an_acceptance_that_is_none_is_an_error(problems: Problems, entry: str, words: str) -> None:
    (error,) = problems({"redcap.yaml": f"{ACCEPT}{entry}}}\n"})
    assert words in error


def test_limits_state_and_age_are_read(loaded: Loaded) -> None:
    text = (
        f"{BASE}  d: {{url: 'https://x.example.org/api/', token: 'env:T', mask_small: true,"
        " state_dir: /srv/state, plan_max_age: 48,"
        " limits: {fields: {delete_percent: 10, delete_number: 3}}}\n"
    )
    (found,) = loaded({"redcap.yaml": text}).environments
    assert found.limits == (("fields", Limit(0.10, 3, 0.50)),)
    assert (found.mask_small, found.state_dir, found.plan_max_age) == (True, "/srv/state", 48)
