"""A token goes only where the person or the CI job trusts, whatever a manifest says."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from redcap_iac.errors import TrustError
from redcap_iac.manifest.trust import Trust, address_problem, configuration_folder, host_of


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://RedCap.Example.org/api/", "redcap.example.org"),
        ("https://redcap.example.org:443/api/", "redcap.example.org"),
        ("https://redcap.example.org.:8443/api/", "redcap.example.org:8443"),
        ("http://127.0.0.1:8765/api/", "127.0.0.1:8765"),
        ("http://[::1]:8765/api/", "[::1]:8765"),
    ],
)
def test_a_host_is_lower_case_with_a_port_of_its_own(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x/",
        "https://a b/",
        "https://u@x/",
        "https://x\\@y/",
        "https://x:abc/",
        "x",
        "http://x/",
    ],
)
def test_a_doubtful_address_is_refused(url: str) -> None:
    assert address_problem(url)
    with pytest.raises(TrustError):
        host_of(url)


@pytest.mark.parametrize(
    ("environ", "trusted"),
    [
        ({}, False),
        ({"REDCAP_IAC_HOSTS": "other.example.org, redcap.example.org"}, True),
        ({"REDCAP_IAC_HOSTS": "REDCAP.example.org."}, True),
        ({"REDCAP_IAC_HOSTS": "example.org"}, False),
        ({"REDCAP_IAC_HOSTS": "redcap.example.org:8443"}, False),
        ({"REDCAP_API_URL": "https://redcap.example.org/other/"}, True),
        ({"REDCAP_API_URL": "https://redcap.example.org.evil.example/"}, False),
        ({"REDCAP_API_URL": "not an address"}, False),
    ],
)
def test_the_environment_says_which_hosts_are_trusted(
    environ: dict[str, str], trusted: bool, tmp_path: Path
) -> None:
    url = "https://redcap.example.org/api/"
    assert Trust(environ, tmp_path).trusts_address(url) is trusted


def test_a_host_without_a_port_is_trusted_at_443_alone(tmp_path: Path) -> None:
    trust = Trust({"REDCAP_IAC_HOSTS": "redcap.example.org"}, tmp_path)
    assert not trust.trusts_address("https://redcap.example.org:8443/api/")


@pytest.mark.parametrize(
    "url", ["http://localhost:8765/api/", "http://127.0.0.1/", "http://[::1]/"]
)
def test_this_machine_is_trusted(url: str, tmp_path: Path) -> None:
    assert Trust({}, tmp_path).trusts_address(url)


def test_what_is_remembered_is_trusted_from_then_on(tmp_path: Path) -> None:
    folder = tmp_path / "configuration"
    Trust({}, folder).remember("redcap.example.org")
    Trust({}, folder).remember("redcap.example.org")
    assert Trust({}, folder).trusts_address("https://redcap.example.org/api/")
    assert (folder / "hosts").read_text(encoding="utf-8") == "redcap.example.org\n"
    assert stat.S_IMODE((folder / "hosts").stat().st_mode) == 0o600


def test_comments_in_the_list_of_hosts_are_none(tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("# redcap.example.org\n\n other.example.org \n", "utf-8")
    assert not Trust({}, tmp_path).trusts("redcap.example.org")
    assert not Trust({}, tmp_path).trusts("# redcap.example.org")
    assert Trust({}, tmp_path).trusts("other.example.org")


def test_a_person_is_asked_once(tmp_path: Path) -> None:
    asked: list[str] = []

    def yes(subject: str) -> bool:
        asked.append(subject)
        return True

    for _ in range(2):
        Trust({}, tmp_path).require_address("https://redcap.example.org/api/", yes)
    assert asked == ["redcap.example.org"]


@pytest.mark.parametrize("ask", [None, lambda _subject: False])
def test_nobody_or_a_no_is_an_error_with_advice(ask: None, tmp_path: Path) -> None:
    with pytest.raises(TrustError, match=r"No token is sent to redcap\.example\.org") as raised:
        Trust({}, tmp_path).require_address("https://redcap.example.org/api/", ask)
    assert "REDCAP_IAC_HOSTS=redcap.example.org" in raised.value.advice
    assert not (tmp_path / "hosts").exists()


def test_a_source_is_trusted_word_for_word(tmp_path: Path) -> None:
    trust = Trust({}, tmp_path)
    trust.require("command:pass show redcap", lambda _subject: True)
    trust.require("command:pass show redcap")
    with pytest.raises(TrustError, match="which nobody has trusted"):
        trust.require("command:pass show REDCAP")


def test_a_subject_of_several_lines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrustError, match="one line"):
        Trust({}, tmp_path).remember("command:x\nevil.example.org")


def test_the_configuration_is_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert configuration_folder({}, tmp_path) == tmp_path / ".config" / "redcap-iac"
    assert configuration_folder({"XDG_CONFIG_HOME": "/c"}, tmp_path) == Path("/c/redcap-iac")


def test_the_configuration_on_windows_is_with_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("redcap_iac.manifest.trust.user_config_path", lambda *_, **__: tmp_path)
    assert configuration_folder({}, Path("unused")) == tmp_path


@pytest.mark.parametrize(
    "host", ["redc\u0430p.example.org", "\uff52edcap.example.org", "\u00e9.org"]
)
def test_a_host_that_looks_like_another_is_refused(host: str) -> None:
    assert "beyond ASCII" in address_problem(f"https://{host}/api/")


def test_the_advice_names_the_file_of_trusted_hosts(tmp_path: Path) -> None:
    with pytest.raises(TrustError) as raised:
        Trust({}, tmp_path).require_address("https://redcap.example.org/api/")
    assert str(tmp_path / "hosts") in raised.value.advice


def test_certificates_that_come_with_a_project_are_trusted_by_name(tmp_path: Path) -> None:
    project = tmp_path / "study"
    project.mkdir()
    with pytest.raises(TrustError, match=r"verify the server by `ca_bundle:ca\.pem`"):
        Trust({}, tmp_path).require_bundle("ca.pem", project)
    Trust({"REDCAP_IAC_HOSTS": "ca_bundle:ca.pem"}, tmp_path).require_bundle("ca.pem", project)
    Trust({}, tmp_path).require_bundle("../ca.pem", project)
