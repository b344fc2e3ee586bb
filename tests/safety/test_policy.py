"""Rules: where they hold, what breaks them, what excuses; they only tighten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from redcap_iac.differ import compare
from redcap_iac.findings import Finding, Findings, Severity
from redcap_iac.hazard import Answer, Guards, Undoable
from redcap_iac.kinds.kind import WireRow
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.hazards.policy import found, tightened
from redcap_iac.safety.policy import (
    RULES,
    Oversight,
    Policy,
    Reach,
    Rule,
    Strength,
    Waiver,
)
from redcap_iac.safety.scene import Scene
from redcap_iac.state import Live
from tests.kinds.access import loaded, read_state, target

TODAY = date(2026, 3, 14)

OWN: dict[str, Any] = {"rights": {"design": True}, "instruments": {"*": "edit"},
                       "export": {"*": "full"}}  # fmt: skip
#: Who is in the project, by what they have.
PEOPLE: dict[str, Any] = {
    "jdoe": {**OWN, "rights": {"design": True, "user_rights": "full", "api_export": True,
                               "data_access_groups": True, "record_delete": True}},
    "akim": {"role": "Entry", "dag": "Lyon", "expires": "2026-12-31"},
    "mlee": {"role": "Lead", "expires": "2020-01-01"},
}  # fmt: skip
ROLES = {
    "Entry": {"instruments": {"*": "edit"}, "export": {"*": "deidentified"}},
    "Lead": {"rights": {"api_import": True}, "export": {"*": "full"}, "instruments": {"*": "edit"}},
}
MANIFEST: dict[str, Any] = {
    "instruments": [
        {
            "instrument": "intake",
            "fields": {
                "record_id": {"type": "text", "label": "ID"},
                "mrn": {"type": "text", "label": "MRN", "identifier": True},
            },
        }
    ],
    "dags": ["Lyon"],
    "roles": ROLES,
    "users": PEOPLE,
}


def live(folder: Path) -> Live:
    """Return a project with its fields and its creator, who is in no group."""
    rights = {"design": 1, "user_rights": 1, "api_export": 1, "api_import": 1, "api_modules": 0,
              "data_access_groups": 1, "record_delete": 1}  # fmt: skip
    rows: dict[str, list[WireRow]] = {
        "dags": [], "roles": [], "role_assignments": [], "dag_assignments": [],
        "users": [{"username": "jdoe", "expiration": "", "data_access_group": "", **rights,
                   "forms": {}, "forms_export": {}}],
    }  # fmt: skip
    there = read_state(rows, target())
    fields = loaded(folder, MANIFEST).state.kinds["fields"]
    return replace(there, state=there.state.having("fields", fields))


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    there = live(tmp_path)
    desired = loaded(tmp_path, MANIFEST)
    return Scene(compare(desired, there, Findings()), there, Guards(), TODAY)


def judged(scene: Scene, *policies: Policy, **about: object) -> list[Finding]:
    over = Oversight(policies, **about)  # type: ignore[arg-type]
    return list(found(replace(scene, oversight=over), Counts()))


def broken(scene: Scene, rule: Rule, **about: object) -> list[str]:
    """Return the addresses of what breaks a rule."""
    findings = judged(scene, Policy((rule,)), **about)
    assert {one.code for one in findings} <= {rule.code}
    return [one.address for one in findings]


@pytest.mark.parametrize(
    ("rule", "addresses"),
    [
        (Rule("api_rights_only"), ["user/jdoe"]),
        (Rule("api_rights_only", allow=("JDoe",)), []),
        (Rule("full_export_of_identifiers_only"), ["user/jdoe"]),
        (Rule("full_export_of_identifiers_only", allow=("jdoe",)), []),
        (Rule("users_expire_within", days=365), ["user/jdoe"]),
        (Rule("users_expire_within", days=30), ["user/jdoe", "user/akim"]),
        (Rule("users_expire_within", days=365, allow=("jdoe",)), []),
        (Rule("everyone_in_a_dag"), ["user/jdoe"]),
        (Rule("everyone_in_a_role"), ["user/jdoe"]),
        (Rule("user_rights_only"), ["user/jdoe"]),
        (Rule("design_only"), ["user/jdoe"]),
        (Rule("record_delete_only"), ["user/jdoe"]),
        (Rule("data_access_groups_only"), ["user/jdoe"]),
        (Rule("data_access_groups_only", allow=("jdoe",)), []),
        (Rule("require_base"), ["project/base"]),
        (Rule("require_state_dir"), ["project/state_dir"]),
        (Rule("plans_apply_within", hours=24), []),
        (Rule("plans_apply_within", hours=4), ["project/plan_max_age"]),
        (Rule("no_deletion_of", names=("roles",)), []),
    ],
    ids=lambda value: f"{value.name} {value.allow}" if isinstance(value, Rule) else "",
)
def test_a_rule_is_broken_by_what_it_speaks_of(
    scene: Scene, rule: Rule, addresses: list[str]
) -> None:
    assert broken(scene, rule) == addresses


def test_whose_access_has_ended_breaks_nothing(scene: Scene) -> None:
    assert "user/mlee" not in broken(scene, Rule("api_rights_only"))


def test_a_role_may_be_allowed_whole(scene: Scene) -> None:
    later = replace(scene, today=date(2019, 1, 1))
    rule = Rule("api_rights_only", allow=("jdoe",))
    assert broken(later, rule) == ["user/mlee"]
    assert broken(later, replace(rule, allow=("jdoe", "role/Lead"))) == []


def test_a_deletion_is_named(tmp_path: Path) -> None:
    there = live(tmp_path)
    there = replace(there, state=there.state.having("dags", read_state(
        {"dags": [{"data_access_group_name": "Lyon", "unique_group_name": "lyon"}]}, target()
    ).state.kinds["dags"]))  # fmt: skip
    desired = loaded(tmp_path, {**MANIFEST, "dags": [], "users": {"jdoe": PEOPLE["jdoe"]}})
    scene = Scene(compare(desired, there, Findings()), there, Guards(), TODAY)
    assert broken(scene, Rule("no_deletion_of", names=("dags",))) == ["dag/Lyon"]
    assert broken(scene, Rule("no_deletion_of", names=("fields",))) == []


def test_people_who_cannot_be_read_break_every_rule_about_people(tmp_path: Path) -> None:
    there = read_state({"dags": []}, target())
    scene = Scene(compare(loaded(tmp_path, {}), there, Findings()), there, Guards(), TODAY)
    for name in ("api_rights_only", "users_expire_within", "everyone_in_a_dag"):
        assert broken(scene, Rule(name, days=9)) == ["project/users"]


@pytest.mark.parametrize(
    ("author", "approver", "count"),
    [
        (("ada",), ("ben",), 0),
        (("ada", "ada@example.org"), ("Ada@Example.org",), 1),
        ((), ("ben",), 1),
        (("ada",), (), 1),
    ],
)
def test_whoever_approves_is_known_and_is_not_the_author(
    scene: Scene, author: tuple[str, ...], approver: tuple[str, ...], count: int
) -> None:
    rule = Rule("approver_is_not_author")
    assert len(broken(scene, rule, author=author, approver=approver)) == count


@pytest.mark.parametrize(
    ("reach", "holds"),
    [
        (Reach(), True),
        (Reach(environments=("prod",)), True),
        (Reach(environments=("dev",)), False),
        (Reach(hosts=("REDCap.example.org",)), True),
        (Reach(hosts=("other.example.org",)), False),
        (Reach(status=("development",)), True),
        (Reach(status=("production",)), False),
        (Reach(data="real"), True),
        (Reach(data="test"), False),
    ],
)
def test_a_rule_holds_where_it_says(reach: Reach, holds: bool) -> None:
    assert reach.covers(target(), "prod", "") is holds


def test_declaring_test_data_does_not_help_in_production() -> None:
    real = Reach(data="real")
    assert not real.covers(target(), "prod", "test")
    assert real.covers(replace(target(), status="production"), "prod", "test")


def test_a_rule_that_does_not_hold_here_is_not_judged(scene: Scene) -> None:
    rule = Rule("design_only", reach=Reach(environments=("prod",)))
    assert broken(scene, rule, environment="dev") == []
    assert broken(scene, rule, environment="prod") == ["user/jdoe"]


@pytest.mark.parametrize(
    ("strength", "severity"),
    [(Strength.BLOCK, Severity.ERROR), (Strength.ADVISE, Severity.WARNING)],
)
def test_a_block_is_an_error_and_advice_a_warning(
    scene: Scene, strength: Strength, severity: Severity
) -> None:
    (finding,) = judged(scene, Policy((Rule("design_only", strength),)))
    assert finding.severity is severity
    assert finding.message == "Policy design_only: jdoe would hold Project Design and Setup."


def test_two_files_are_both_judged_and_the_strictest_wins(scene: Scene) -> None:
    strict = Policy((Rule("design_only"),), is_outside=True)
    lax = Policy((Rule("design_only", Strength.ADVISE, allow=("jdoe",)),))
    for policies in ((strict, lax), (lax, strict)):
        assert [one.severity for one in judged(scene, *policies)] == [Severity.ERROR]
    same = Policy((Rule("design_only", Strength.ADVISE),))
    for policies in ((strict, same), (same, strict)):
        assert [one.severity for one in judged(scene, *policies)] == [Severity.ERROR]


def waiver(until: str = "2026-04-01") -> Waiver:
    return Waiver("design_only", ("jdoe",), "ada", "sets it up", until)


def test_a_waiver_excuses_by_name_until_its_day(scene: Scene) -> None:
    rule = Rule("design_only")
    (excused,) = judged(scene, Policy((rule,), (waiver(),)))
    assert (excused.code, excused.severity) == ("P191", Severity.NOTE)
    assert "waived by ada until 2026-04-01" in excused.message
    (last_day,) = judged(scene, Policy((rule,), (waiver(until="2026-03-14"),)))
    assert last_day.code == "P191"


def test_a_waiver_that_ended_excuses_nothing_and_is_told(scene: Scene) -> None:
    told = judged(scene, Policy((Rule("design_only"),), (waiver(until="2026-03-13"),)))
    assert [(one.code, one.severity) for one in told] == [
        ("P107", Severity.ERROR), ("P190", Severity.WARNING),
    ]  # fmt: skip


def test_a_waiver_for_somebody_else_excuses_nobody(scene: Scene) -> None:
    other = replace(waiver(), names=("akim",))
    assert broken(scene, Rule("design_only")) == ["user/jdoe"]
    assert [one.code for one in judged(scene, Policy((Rule("design_only"),), (other,)))] == ["P107"]


def test_a_project_cannot_excuse_itself_from_a_rule_outside(scene: Scene) -> None:
    outside = Policy((Rule("design_only"),), is_outside=True)
    inside = Policy((), (waiver(),))
    assert [one.code for one in judged(scene, outside, inside)] == ["P107"]


def test_outside_the_project_it_can_be_excused_from_its_own_rules(scene: Scene) -> None:
    outside = Policy((), (waiver(),), is_outside=True)
    inside = Policy((Rule("design_only"),))
    assert [one.code for one in judged(scene, outside, inside)] == ["P191"]


def hazard(scene: Scene, answer: Answer) -> Finding:
    return scene.hazard("H101", "x", lambda _: "gone.", answer, Undoable.NO, address="field/a")


@pytest.mark.parametrize(
    ("answer", "refused"),
    [(Answer.ACCEPTANCE, True), (Answer.COMMAND_LINE, True), (Answer.MIGRATION, True),
     (Answer.NOTE, False)],
)  # fmt: skip
def test_what_nobody_may_accept_is_refused(scene: Scene, answer: Answer, refused: bool) -> None:
    policy = Policy((Rule("no_acceptance_of", names=("H101",)),))
    strict = replace(scene, oversight=Oversight((policy,)))
    (one,) = tightened([hazard(scene, answer)], strict)
    assert one.stake is not None
    assert (one.stake.answer is Answer.REFUSED) is refused
    assert (one.severity is Severity.ERROR) is refused


def test_other_hazards_may_be_accepted(scene: Scene) -> None:
    policy = Policy((Rule("no_acceptance_of", names=("H104",)),))
    strict = replace(scene, oversight=Oversight((policy,)))
    (one,) = tightened([hazard(scene, Answer.ACCEPTANCE)], strict)
    assert one == hazard(scene, Answer.ACCEPTANCE)


def test_a_waiver_lets_one_be_accepted(scene: Scene) -> None:
    word = Waiver("P112", ("field/a",), "ada", "was agreed", "2026-04-01")
    policy = Policy((Rule("no_acceptance_of", names=("H101",)),), (word,))
    (one,) = tightened(
        [hazard(scene, Answer.ACCEPTANCE)], replace(scene, oversight=Oversight((policy,)))
    )
    assert one.stake is not None
    assert one.stake.answer is Answer.ACCEPTANCE


def test_advice_against_accepting_is_a_warning_beside_it(scene: Scene) -> None:
    policy = Policy((Rule("no_acceptance_of", Strength.ADVISE, names=("H101",)),))
    told = tightened(
        [hazard(scene, Answer.ACCEPTANCE)], replace(scene, oversight=Oversight((policy,)))
    )
    assert [(one.code, one.severity) for one in told] == [
        ("H101", Severity.WARNING), ("P112", Severity.WARNING),
    ]  # fmt: skip


def test_codes_are_not_used_twice() -> None:
    assert len(set(RULES.values())) == len(RULES)


def test_names_are_numbers_where_everybody_reads(scene: Scene) -> None:
    (finding,) = judged(scene, Policy((Rule("design_only"),)))
    assert finding.stake is not None
    assert "jdoe" not in finding.stake.public
