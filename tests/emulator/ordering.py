"""Faults ordered in tests, and a write to see whether it took place."""

from __future__ import annotations

from tests.emulator.served import Project

SETTINGS = '[{"project_notes":"changed"}]'


def order(project: Project, *faults: str) -> None:
    """Order faults of the project's emulator, written as on the command line."""
    for fault in faults:
        project.emulator.faults.order(fault)


def notes(project: Project) -> str:
    """Return what the write changes, with every fault cleared first."""
    project.emulator.faults.clear()
    return str(project.rows("project")["project_notes"])
