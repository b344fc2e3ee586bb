"""What holds for any groups, roles and people."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redcap_iac.kinds import kind_named, rights
from redcap_iac.kinds.dictionary.field import COLUMNS as CELLS
from redcap_iac.kinds.kind import WireRow
from redcap_iac.manifest.loader import load
from redcap_iac.manifest.writer import write
from redcap_iac.state import Desired, Live, Target
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import new_project
from tests.end_to_end.study import Study
from tests.kinds.access import JDOE, differing, imports, loaded, read_state, target

ACCESS = ("dags", "roles", "users")
NAMES = ("intake", "visit", "labs")
DAGS = {"Boston": "boston", "Lyon Sud": "lyon_sud", "dag-c": "dagc"}
LABELS = ("Entry", "Data / entry", "100 %", "Entry: no", "x-ray")
PEOPLE = ("akim", "MLee", "r.santo@example.org", "x-tra")
VERSIONS = ("13.0.0", "14.0.3", "15.5.29", "16.1.3")
COLUMNS = {
    "13.0.0": ("design", "user_rights", "lock_records", "mycap_participants"),
    "14.0.3": ("design", "user_rights", "lock_records", "api_modules"),
    "15.5.29": ("design", "user_rights", "lock_records", "email_logging"),
    "16.1.3": ("design", "user_rights", "lock_records", "data_quality_resolution", "brand_new"),
}
LEVELS = {"user_rights": 2, "lock_records": 2, "data_quality_resolution": 6}
OLD_CODES, NEW_CODES = (0, 1, 2, 3, 7), (128, 129, 130, 138, 146, 154, 137)


@dataclass(frozen=True, slots=True)
class Exported:
    """What a server answered about access."""

    where: Target
    rows: dict[str, list[WireRow]]

    def live(self) -> Live:
        return read_state(self.rows, self.where)

    def redeclared(self) -> Desired:
        """Describe what was read, write it as YAML and load that."""
        draft: dict[str, Any] = {}
        for name in ACCESS:
            kind_named(name).describe(self.live().state, draft)
        with tempfile.TemporaryDirectory() as folder:
            for path, text in write(draft).items():
                Path(folder, path).write_text(text, encoding="utf-8")
            return load(Path(folder)).desired


@st.composite
def granted(draw: st.DrawFn, version: str, *, as_text: bool) -> dict[str, Any]:
    """Draw the right columns of an exported row."""
    codes = NEW_CODES if target(version).form_rights_in_bits else OLD_CODES
    row: dict[str, Any] = {}
    for column in COLUMNS[version]:
        value = draw(st.integers(0, LEVELS.get(column, 1)))
        row[column] = str(value) if as_text else value
    row["forms"] = {name: draw(st.sampled_from(codes)) for name in NAMES}
    some = draw(st.sets(st.sampled_from(NAMES)))
    row["forms_export"] = {name: draw(st.integers(0, 3)) for name in some}
    return row


@st.composite
def projects(draw: st.DrawFn) -> Exported:
    """Draw the exported rows of everything about access, and the server they come from."""
    version = draw(st.sampled_from(VERSIONS))
    dags = draw(st.lists(st.sampled_from(sorted(DAGS)), unique=True))
    labels = draw(st.lists(st.sampled_from(LABELS), max_size=4))
    roles = {f"U-{n}11AAAAAAA": label for n, label in enumerate(labels, start=1)}
    places = [
        {
            "username": name,
            "unique_role_name": draw(st.sampled_from(["", *roles])),
            "data_access_group": draw(st.sampled_from(["", *(DAGS[dag] for dag in dags)])),
        }
        for name in ("jdoe", *draw(st.lists(st.sampled_from(PEOPLE), unique=True)))
    ]
    by_role: dict[str, dict[str, Any]] = {
        unique: draw(granted(version, as_text=True)) for unique in roles
    }
    users = [
        {
            "username": one["username"],
            "expiration": draw(st.sampled_from(["", "2027-12-31"])),
            "data_access_group": one["data_access_group"],
            **(by_role.get(one["unique_role_name"]) or draw(granted(version, as_text=False))),
        }
        for one in places
    ]
    rows: dict[str, list[Any]] = {
        "fields": [_field(name, number) for number, name in enumerate(NAMES)],
        "dags": [{"data_access_group_name": dag, "unique_group_name": DAGS[dag]} for dag in dags],
        "roles": [
            {"unique_role_name": unique, "role_label": label, **by_role[unique]}
            for unique, label in roles.items()
        ],
        "role_assignments": places,
        "dag_assignments": [
            {"username": one["username"], "redcap_data_access_group": one["data_access_group"]}
            for one in places
        ],
        "users": users,
    }
    return Exported(target(version), rows)


def _field(form: str, number: int) -> dict[str, str]:
    cells = {"field_name": f"f{number}", "form_name": form, "field_type": "text"}
    return {column: cells.get(column, "") for column in CELLS}


@given(projects())
@settings(deadline=None)
def test_what_is_described_is_what_is_live(one: Exported) -> None:
    difference, _ = differing(one.redeclared(), one.live())
    assert difference.changes == ()


@given(projects(), projects())
@settings(deadline=None)
def test_rows_have_complete_maps_and_users_always_a_group(one: Exported, other: Exported) -> None:
    _, work = differing(one.redeclared(), other.live())
    assert all("data_access_group" in row for row in imports(work, "user"))
    rows = (*imports(work, "user"), *imports(work, "userRole"))
    maps = [cell for row in rows for cell in row.values() if isinstance(cell, Mapping)]
    assert all(sorted(cell) == sorted(NAMES) for cell in maps)


@given(projects(), projects())
@settings(deadline=None)
def test_nobody_is_imported_while_in_a_role(one: Exported, other: Exported) -> None:
    _, work = differing(one.redeclared(), other.live())
    places = other.rows["role_assignments"]
    members = {str(row["username"]) for row in places if row["unique_role_name"]}
    out = imports(work, "userRoleMapping")
    taken_out = {row["username"] for row in out if row["unique_role_name"] == ""}
    imported = {row["username"] for row in imports(work, "user")}
    assert imported & members <= taken_out


def _levels(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    level = st.sampled_from(["none", "read_only", "edit"])
    whole = st.fixed_dictionaries({"*": level}, optional={names[0]: level})
    return whole | st.fixed_dictionaries(dict.fromkeys(names, level))


def _rights() -> st.SearchStrategy[dict[str, Any]]:
    chosen = st.sampled_from(["record_create", "logging", "calendar", "email_logging"])
    flags = st.dictionaries(chosen, st.booleans())
    lock = st.sampled_from(["none", "lock", "sign"])
    return st.builds(lambda given, level: {**given, "lock_records": level}, flags, lock)


FORMS = ("intake", "visit")
GRANTS = st.fixed_dictionaries(
    {"rights": _rights()},
    optional={
        "instruments": _levels(FORMS),
        "export": st.fixed_dictionaries({"*": st.sampled_from(rights.EXPORT_LEVELS)}),
    },
)


@st.composite
def manifests(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the access part of a manifest."""
    dags = draw(st.lists(st.sampled_from(sorted(DAGS)), unique=True))
    roles = draw(st.dictionaries(st.sampled_from(LABELS), GRANTS, max_size=3))
    users: dict[str, Any] = {"jdoe": JDOE}
    for name in draw(st.lists(st.sampled_from(PEOPLE[:3]), unique=True)):
        in_role = bool(roles) and draw(st.booleans())
        person = {"role": draw(st.sampled_from(sorted(roles)))} if in_role else draw(GRANTS)
        users[name] = dict(person)
        if draw(st.booleans()):
            users[name]["dag"] = draw(st.sampled_from([None, *dags]))
        if draw(st.booleans()):
            users[name]["expires"] = draw(st.sampled_from([None, "2027-12-31", "2028-01-31"]))
    mode = draw(st.sampled_from(["additive", "authoritative"]))
    return {"dags": dags, "roles": roles, "users": users, "manage": {"users": mode}}


INSTRUMENTS = [
    {"instrument": "intake", "fields": {"record_id": {"type": "text", "label": "ID"}}},
    {"instrument": "visit", "fields": {"mood": {"type": "text", "label": "Mood"}}},
]


@pytest.mark.parametrize(
    ("version", "switches"),
    [
        ("16.1.3", {}),
        ("15.5.0", {"user_import_without_dag": "keep", "mapping_without_dag": "keep"}),
        ("12.5.2", {"role_delete_with_members": "detach"}),
    ],
)
@given(one=manifests(), other=manifests())
@settings(
    deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_access_follows_any_other(
    make_emulator: MakeEmulator,
    version: str,
    switches: dict[str, str],
    one: dict[str, Any],
    other: dict[str, Any],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        study = Study(new_project(make_emulator(version, **switches)), Path(folder))
        for manifest in (one, other):
            study.converge({"instruments": INSTRUMENTS, **manifest})


def test_a_manifest_of_the_sample_loads(tmp_path: Path) -> None:
    sample: dict[str, Any] = {
        "dags": ["Boston", {"name": "Lyon", "renamed_from": "Lyons"}],
        "roles": {
            "Data entry": {
                "rights": {
                    "record_create": True, "reports": True, "user_rights": "read_only",
                    "lock_records": "none",
                },
                "instruments": {
                    "*": "edit", "intake": "read_only",
                    "visit": ["edit", "survey_responses", "delete"],
                },
                "export": {"*": "deidentified", "intake": "none"},
            }
        },
        "users": {
            "jdoe": {"role": "Data entry", "dag": "Boston", "expires": "2027-12-31"},
            "svc_redcap_iac": JDOE,
        },
        "manage": {"users": "additive", "dags": "authoritative"},
    }  # fmt: skip
    desired = loaded(tmp_path, {"instruments": INSTRUMENTS, **sample})
    assert {name: len(items) for name, items in desired.state.kinds.items()} == {
        "fields": 2, "instruments": 2, "dags": 2, "roles": 1, "role_assignments": 2,
        "dag_assignments": 1, "users": 2,
    }  # fmt: skip
