"""Served emulators for every folder of tests."""

from tests.emulator.conftest import emulator, longitudinal, make_emulator, project

__all__ = ["emulator", "longitudinal", "make_emulator", "project"]
