"""The study of these tests, and PyCap on it."""

from __future__ import annotations

import pytest
from redcap.project import Project as PyCap

from redcap_iac.emulator.server import Emulator
from tests.emulator.proof.study import created_study
from tests.emulator.served import Project


@pytest.fixture
def study(emulator: Emulator) -> Project:
    """A longitudinal project with two records; the token is that of its creator, `admin`."""
    return created_study(emulator)


@pytest.fixture
def pycap(study: Project) -> PyCap:
    """PyCap on the study, after its user gave himself all rights, as PyCap's own tests begin."""
    project = PyCap(study.emulator.url, study.token)
    rights = {"record_delete": 1, "record_rename": 1, "lock_records_all_forms": 1}
    assert project.import_users([{"username": "admin", **rights}]) == 1
    return project


@pytest.fixture
def pycap_classic(project: Project) -> PyCap:
    """PyCap on a fresh classic project."""
    return PyCap(project.emulator.url, project.token)
