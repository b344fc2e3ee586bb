"""For every folder of tests: served emulators, and no network but loopback."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from tests.emulator.conftest import emulator, longitudinal, make_emulator, project

__all__ = ["emulator", "longitudinal", "make_emulator", "project"]

# a machine under load is not a failure; in CI a failure must come again when it is looked at
settings.register_profile("tests", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("tests")

_LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """Fail any test that opens a connection to another machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:  # noqa: ANN401 - a family's own form
        host = address[0] if isinstance(address, tuple) else "127."  # a path is this machine
        if not str(host).startswith(_LOOPBACK):
            raise AssertionError(f"a test wants to connect to {host}")
        real(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    yield
    patch.undo()
