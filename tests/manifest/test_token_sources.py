"""A token is found where the environment says, and shown nowhere."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from redcap_iac.errors import AccessError, TrustError
from redcap_iac.manifest.environments import Environment
from redcap_iac.manifest.token_sources import is_stored, resolve_token, store_token
from redcap_iac.manifest.trust import Trust
from redcap_iac.secret import Secret

TOKEN = "0123456789ABCDEF0123456789ABCDEF"
URL = "http://127.0.0.1:1/api/"


def resolved(
    source: str, folder: Path, environ: dict[str, str] | None = None, *, trusted: bool = False
) -> str:
    trust = Trust({}, folder / "configuration")
    found = resolve_token(
        Environment("dev", URL, source),
        environ or {},
        folder,
        trust,
        ask=(lambda _subject: True) if trusted else None,
        keyring=lambda service, name: TOKEN if (service, name) == ("redcap", "a/b") else None,
    )
    assert TOKEN not in f"{found} {found!r}"
    return found.reveal()


def python(code: str) -> str:
    return f"command:{shlex.join([sys.executable, '-c', code])}"


def test_a_variable_holds_the_token(tmp_path: Path) -> None:
    assert resolved("env:T", tmp_path, {"T": f" {TOKEN}\n"}) == TOKEN


def test_a_file_of_the_project_holds_the_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xef\xbb\xbf" + TOKEN.encode() + b"\r\n")
    assert resolved("file:token", tmp_path) == TOKEN


def test_the_keyring_holds_the_token(tmp_path: Path) -> None:
    assert resolved("keyring:redcap/a/b", tmp_path) == TOKEN


def test_a_trusted_command_prints_the_token(tmp_path: Path) -> None:
    assert resolved(python(f"print('{TOKEN}')"), tmp_path, trusted=True) == TOKEN


@pytest.mark.parametrize("path", ["../token", "{absolute}", "link"])
def test_a_file_outside_the_project_needs_trust(path: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "token")
    source = f"file:{path.format(absolute=tmp_path / 'token')}"
    with pytest.raises(TrustError, match="nobody has trusted"):
        resolved(source, folder)
    assert resolved(source, folder, trusted=True) == TOKEN


def test_a_command_needs_trust_and_is_not_run_without(tmp_path: Path) -> None:
    code = f"open({str(tmp_path / 'ran')!r}, 'w')"
    with pytest.raises(TrustError, match="nobody has trusted"):
        resolved(python(code), tmp_path)
    assert not (tmp_path / "ran").exists()


def test_the_host_must_be_trusted_before_the_source_is_looked_at(tmp_path: Path) -> None:
    environment = Environment("dev", "https://evil.example.org/api/", "file:no-such-file")
    with pytest.raises(TrustError, match=r"evil\.example\.org"):
        resolve_token(environment, {}, tmp_path, Trust({}, tmp_path))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("env:T", "The variable T, which should hold the token, is not set"),
        ("file:none", "The file none, which should hold the token, cannot be read"),
        ("file:empty", "The file empty, which should hold the token, is empty"),
        ("keyring:redcap/other", "nothing under redcap for other"),
        (python("import sys; print('MARK'); sys.exit(3)"), "failed .exit 3."),
        (python("pass"), "prints nothing"),
        ("command:no-such-program-anywhere", "cannot be started"),
        ("command: ", "cannot be started"),
        ("command:'open", "open quote"),
        (python("print('MARK')"), "not an API token"),
        ("other:x", "is not env:"),
    ],
)
def test_nothing_to_find_is_an_error_that_shows_nothing(
    source: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(AccessError, match=words) as raised:
        resolved(source, tmp_path, trusted=True)
    assert "MARK" not in f"{raised.value.message}{raised.value.advice}"


@pytest.mark.parametrize(("token", "words"), [(TOKEN * 2, "super token"), ("g" * 32, "not an API")])
def test_what_is_no_project_token_is_refused_unseen(token: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(AccessError, match=words) as raised:
        resolved("env:T", tmp_path, {"T": token})
    assert token not in f"{raised.value.message}{raised.value.advice}"


def test_a_command_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redcap_iac.manifest.token_sources._PATIENCE", 0.2)
    with pytest.raises(AccessError, match="took over"):
        resolved(python("import threading; threading.Event().wait(60)"), tmp_path, trusted=True)


def test_the_systems_keyring_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = SimpleNamespace(get_password=lambda *key: TOKEN if key == ("s", "n") else None)
    monkeypatch.setitem(sys.modules, "keyring", module)
    environment = Environment("dev", URL, "keyring:s/n")
    assert resolve_token(environment, {}, tmp_path, Trust({}, tmp_path)).reveal() == TOKEN


def test_a_missing_library_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    environment = Environment("dev", URL, "keyring:s/n")
    with pytest.raises(AccessError, match="not installed") as raised:
        resolve_token(environment, {}, tmp_path, Trust({}, tmp_path))
    assert "redcap-iac[keyring]" in raised.value.advice


def test_a_locked_keyring_is_explained_without_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(service: str, name: str) -> str:
        raise RuntimeError(f"MARK {service} {name}")

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=locked))
    environment = Environment("dev", URL, "keyring:s/n")
    with pytest.raises(AccessError, match="cannot be asked: RuntimeError") as raised:
        resolve_token(environment, {}, tmp_path, Trust({}, tmp_path))
    assert "MARK" not in raised.value.message


def test_a_token_of_another_length_is_counted_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(AccessError) as raised:
        resolve_token(
            Environment("dev", URL, "env:STUDY"), {"STUDY": TOKEN[:-1]}, tmp_path,
            Trust({"REDCAP_IAC_HOSTS": "redcap.example.org"}, tmp_path),
        )  # fmt: skip
    assert "the variable STUDY holds is not an API token" in raised.value.message
    assert "and these are 31" in raised.value.message
    assert TOKEN[:-1] not in raised.value.message


def test_a_token_is_stored_where_it_is_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[tuple[str, str], str] = {}
    module = SimpleNamespace(
        get_password=lambda service, name: kept.get((service, name)),
        set_password=lambda service, name, text: kept.update({(service, name): text}),
    )
    monkeypatch.setitem(sys.modules, "keyring", module)
    assert not is_stored("keyring:redcap/a/b")
    store_token("keyring:redcap/a/b", Secret(TOKEN))
    assert is_stored("keyring:redcap/a/b")
    assert kept == {("redcap", "a/b"): TOKEN}
