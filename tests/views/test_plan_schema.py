from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from redcap_iac.calls import Call, Made
from redcap_iac.changes import Aspect
from redcap_iac.findings import Finding, Position, Severity
from redcap_iac.plan import Phase, Plan, Step
from redcap_iac.views import plan_schema
from redcap_iac.views.json import plan_json
from tests.views.plans import change, plan, step

FILE = Path(__file__).parent.parent.parent / "schemas" / "plan.json"


def test_the_published_schema_is_the_one_of_the_code() -> None:
    assert FILE.read_text(encoding="utf-8") == plan_schema.text()


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(plan_schema.schema())


def full() -> Plan:
    made = Step(
        Phase.ROLES, "roles", "write roles",
        Call("userRole", "import", ({"unique_role_name": Made("role/x"), "forms": {"a": 1}},)),
        ("role/x",), ("roles",), (("role/x", 0),), replaces=True,
    )  # fmt: skip
    gone = Call("dag", "delete", params={"dags": ("lyon", Made("dag/Lyon"))})
    return plan(
        change("field/age", "create", normal=(("type", "radio"), ("choices", (("1", "a"),)))),
        change("field/sex", "update", Aspect("label", "a", "b")),
        change("dag/Lyon", "delete", unit="dags", group="access"),
        steps=(step(), made, Step(Phase.DELETE_DAGS, "dags", "x", gone, (), ())),
        findings=(
            Finding("M1", Severity.NOTE, "x", Position("redcap.yaml", 1, 2)),
            Finding("H1", Severity.ERROR, "x"),
        ),
        kept={"users": 2},
        todo=("x",),
        blind_spots=("alerts",),
        stopped=("H1 x",),
    )


@pytest.mark.parametrize("made", [plan(), full()], ids=["empty", "full"])
@pytest.mark.parametrize("code", [0, 2])
def test_plans_are_of_the_schema(made: Plan, code: int) -> None:
    jsonschema.validate(json.loads(plan_json(made, code)), plan_schema.schema())


@pytest.mark.parametrize("key", ["id", "changes", "steps", "exit", "target"])
def test_a_plan_without_a_part_is_not(key: str) -> None:
    body = json.loads(plan_json(full()))
    del body[key]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(body, plan_schema.schema())


def test_every_key_of_a_plan_is_in_the_schema() -> None:
    assert set(json.loads(plan_json(full()))) == set(plan_schema.schema()["properties"])
