"""Served emulators and projects in them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from redcap_iac.emulator.faults import parse_fault
from redcap_iac.emulator.server import Emulator
from redcap_iac.emulator.switches import Settings, parse_switch
from redcap_iac.emulator.versions import Version
from tests.emulator.served import Project, new_longitudinal, new_project

MakeEmulator = Callable[..., Emulator]
NOW = datetime(2026, 3, 14, 15, 9, 26)


def fixed_clock() -> datetime:
    return NOW


@pytest.fixture
def make_emulator() -> Iterator[MakeEmulator]:
    """Serve emulators: `make_emulator("16.0.0", event_rename="keep", faults=["html"])`."""
    served: list[Emulator] = []

    def make(
        version: str = "16.1.3",
        *,
        path: Path | None = None,
        faults: tuple[str, ...] | list[str] = (),
        **switches: str,
    ) -> Emulator:
        chosen = tuple(parse_switch(f"{name}={value}") for name, value in switches.items())
        emulator = Emulator(
            path,
            Settings(Version.parse(version), chosen),
            clock=fixed_clock,
            chance=random.Random(1),
            faults=tuple(parse_fault(text) for text in faults),
        )
        emulator.start()
        served.append(emulator)
        return emulator

    yield make
    for emulator in served:
        emulator.stop()


@pytest.fixture
def emulator(make_emulator: MakeEmulator) -> Emulator:
    """An emulator in memory, of the default version, whose clock stands still."""
    return make_emulator()


@pytest.fixture
def project(emulator: Emulator) -> Project:
    """A fresh classic project; the token is its creator's, `jdoe`."""
    return new_project(emulator)


@pytest.fixture
def longitudinal(emulator: Emulator) -> Project:
    """A fresh project with one arm and two events, `event_1_arm_1` and `event_2_arm_1`."""
    return new_longitudinal(emulator)
