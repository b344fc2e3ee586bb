from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from redcap_iac.calls import Call
from redcap_iac.cli import connecting
from redcap_iac.cli.invocation import Invocation, Outside
from redcap_iac.errors import AccessError, GuardError
from redcap_iac.manifest.environments import Environment
from redcap_iac.secret import Secret

TOKEN = Secret("A" * 32)
URL = "http://127.0.0.1:9/api/"


def invocation(folder: Path = Path("study"), **environ: str) -> Invocation:
    outside = Outside(environ, lambda: datetime(2026, 1, 1, tzinfo=UTC), lambda _: None, Path())
    return Invocation.of(outside, folder, None)


def test_certificates_of_an_institution_lie_beside_the_manifest(tmp_path: Path) -> None:
    for name in ("ca.pem", "own.pem"):
        (tmp_path / name).write_text("-----BEGIN CERTIFICATE-----\n", "utf-8")
    environment = Environment("dev", URL, "env:A", ca_bundle="ca.pem", client_cert="own.pem")
    said = invocation(tmp_path, REDCAP_IAC_HOSTS="ca_bundle:ca.pem")
    client = connecting.client_with(said, environment, TOKEN)
    assert client.connection.ca_bundle == str(tmp_path / "ca.pem")
    assert client.connection.client_cert == str(tmp_path / "own.pem")


def test_certificates_that_are_not_there_are_told(tmp_path: Path) -> None:
    environment = Environment("dev", URL, "env:A", client_cert="own.pem")
    with pytest.raises(AccessError, match=r"no own\.pem, which `client_cert:`"):
        connecting.client_with(invocation(tmp_path), environment, TOKEN)


def test_patience_and_rate_are_the_environment_s() -> None:
    environment = Environment("dev", URL, "env:A", timeout=7.0, requests_per_minute=30)
    connection = connecting.client_with(invocation(), environment, TOKEN).connection
    assert (connection.timeout, connection.requests_per_minute) == (7.0, 30)


@pytest.mark.parametrize("value", ["1", "true", "yes", "YES", "on"])
def test_read_only_refuses_every_write(value: str) -> None:
    environment = Environment("dev", URL, "env:A")
    client = connecting.client_with(invocation(REDCAP_IAC_READ_ONLY=value), environment, TOKEN)
    with pytest.raises(GuardError, match="REDCAP_IAC_READ_ONLY"):
        client.send(Call("metadata", "import", ({"field_name": "age"},)))


def test_the_environment_s_user_comes_before_the_variable() -> None:
    named = Environment("dev", URL, "env:A", user="jdoe")
    bare = Environment("dev", URL, "env:A")
    said = invocation(REDCAP_IAC_USER="akim")
    assert connecting.session_with(said, named, TOKEN).user == "jdoe"
    assert connecting.session_with(said, bare, TOKEN).user == "akim"


def test_a_plan_names_the_tool_and_its_version() -> None:
    session = connecting.session_with(invocation(), Environment("dev", URL, "env:A"), TOKEN)
    assert session.tool.startswith("redcap-iac 0.")
