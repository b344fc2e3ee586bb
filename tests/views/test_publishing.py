"""A published plan names nobody and tells no small number, in whatever form it is shown."""

from __future__ import annotations

import json
import re

import hypothesis.strategies as st
import pytest
from hypothesis import given

from redcap_iac.changes import Aspect
from redcap_iac.findings import Finding, Severity
from redcap_iac.hazard import Acceptance, Answer, Count, Stake, Undoable, Voice
from redcap_iac.plan import Plan, PlannedChange, Shift, Stage
from redcap_iac.plan_reading import from_json
from redcap_iac.views.html import plan_html
from redcap_iac.views.json import plan_json
from redcap_iac.views.markdown import plan_markdown
from redcap_iac.views.publishing import published
from redcap_iac.views.text import plan_lines
from tests.views.plans import TARGET, change, hazard, plan, sample

NAMES = st.from_regex(r"\A(?:zq[a-z0-9._-]{3,8}[a-z0-9]|zq[a-z]{3,6}@site\.example\.org)\Z")
NUMBERS = st.sampled_from([None, 0, 1, 2, 3, 4, 5, 17, 412])
COUNTS = st.builds(Count, NUMBERS, st.booleans(), NUMBERS)
SMALL = re.compile(r"(?<![\d,])[1-4] (of [\d,]+ )?subjects?|of [1-4] subject")


def shown(made: Plan) -> dict[str, str]:
    """Return a plan in every form."""
    return {
        "text": "\n".join(line.plain for line in plan_lines(made, verbose=True, width=1_000)),
        "concise": "\n".join(line.plain for line in plan_lines(made, concise=True)),
        "json": plan_json(made),
        "markdown": plan_markdown(made),
        "html": plan_html(made),
    }


def user(name: str) -> str:
    return f"user/{name}"


@st.composite
def findings(draw: st.DrawFn, people: list[str]) -> Finding:
    name, count = draw(st.sampled_from(people)), draw(COUNTS)
    names = tuple(draw(st.lists(st.sampled_from(people), unique=True)))

    def said(voice: Voice) -> str:
        whom = f"{voice.people(names)} would see it; " if names else ""
        return f"{user(name)}: {whom}{voice.records(count, 'subject')} in it."

    return Finding(
        "H122", Severity.WARNING, said(Voice()), None,
        draw(st.sampled_from([user(name), "role/Data entry", "field/age"])),
        f"ask {name} or mail somebody@example.org",
        Stake(
            draw(st.sampled_from([Answer.ACCEPTANCE, Answer.NOTE, Answer.REFUSED])),
            Undoable.NO, "0a1b2c3d4e5f", count, names, said(Voice(public=True)),
        ),
    )  # fmt: skip


@st.composite
def changes(draw: st.DrawFn, people: list[str]) -> PlannedChange:
    name = draw(st.sampled_from(people))
    part = draw(st.sampled_from(["", "/role", "/dag"]))
    return change(
        f"{user(name)}{part}", draw(st.sampled_from(["create", "update", "delete"])),
        Aspect("expires", "", "2027-12-31"), Aspect("role", name, f"with {name.upper()}"),
        unit="users", group="access", label=name,
        normal=(("expires", "2027-12-31"), ("e-mail", f"{name}@example.org")),
    )  # fmt: skip


@st.composite
def plans(draw: st.DrawFn) -> tuple[Plan, list[str]]:
    people = draw(st.lists(NAMES, min_size=1, max_size=4, unique_by=str.casefold))
    name = people[0]
    found = tuple(draw(st.lists(findings(people), max_size=3)))
    made = plan(
        *draw(st.lists(changes(people), max_size=3)),
        change("field/x", "update", Aspect("branching", "", f"[user-name] = '{name}'")),
        change(user(name), "create", unit="users", group="access", label=name),
        findings=found,
        stopped=tuple(f"{f.code} {f.message}" for f in found if f.stake is not None),
        todo=(f"{name} does it",),
        stages=(Stage(1, "you", f"ask {name}", (f"tell {name}.",), (user(name),)),),
        acceptances=(
            Acceptance("H122", user(name), who=name, why=f"{name} said so", names=(name,),
                at_most=draw(NUMBERS)),
        ),
        access=(Shift(name, (Aspect("day", "2027-12-31", ""),), (Aspect("by", name, ""),)),),
    )  # fmt: skip
    return made, people


@given(plans())
def test_no_name_and_no_small_number_is_anywhere(made: tuple[Plan, list[str]]) -> None:
    for form, text in shown(published(made[0])).items():
        for name in (*made[1], "jdoe", "somebody@example.org"):
            assert name.casefold() not in text.casefold(), form
        assert not SMALL.search(text), form


@given(plans())
def test_no_count_in_json_is_small(made: tuple[Plan, list[str]]) -> None:
    body = json.loads(plan_json(published(made[0])))
    counts = [stake["count"] for f in body["findings"] if (stake := f["stake"])["count"]]
    for count in (*counts, *body["impact"]):
        assert count["number"] not in (1, 2, 3, 4)
        assert count["of"] not in (1, 2, 3, 4)
    assert [given["at_most"] for given in body["acceptances"]] == [None]


def test_the_same_plan_in_private_does_name_them() -> None:
    assert all("akim" in text for form, text in shown(sample()).items() if form != "concise")


def test_people_are_numbered_in_the_order_they_appear() -> None:
    made = published(sample())
    assert [c.address for c in made.changes if c.unit == "users"] == ["user/1", "user/1/role"]
    assert [c.label for c in made.changes if c.unit == "users"] == ["user 1", "user 1"]


def test_the_day_access_ends_is_not_told_but_that_it_changes_is() -> None:
    ends = change("user/akim", "update", Aspect("expires", "2026-01-01", "2027-01-01"),
        unit="users", group="access")  # fmt: skip
    starts = change("user/twu", "update", Aspect("expires", "", "2027-01-01"),
        unit="users", group="access")  # fmt: skip
    (first, second) = published(plan(ends, starts)).changes
    assert first.aspects == (Aspect("expires", "a date", "another date"),)
    assert second.aspects == (Aspect("expires", "", "a date"),)


@pytest.mark.parametrize("key", ["pi.first_name", "pi.last_name", "pi.email"])
def test_who_leads_the_study_is_not_told(key: str) -> None:
    setting = change(f"project/{key}", "update", Aspect("value", "Ada", "Bea"), unit="project",
        group="project")  # fmt: skip
    (made,) = published(plan(setting)).changes
    assert made.aspects == (Aspect("value", "not published", "not published, another one"),)


def test_sites_fields_and_title_stay() -> None:
    lyon = hazard("H120", "dag/Lyon", "Lyon goes.", names=("Lyon",))
    made = published(plan(change("dag/Lyon", "delete", unit="dags"), findings=(lyon,)))
    assert made.changes[0].address == "dag/Lyon"
    assert made.findings[0].message == "Lyon goes."
    assert made.target.title == TARGET.title


def test_a_name_inside_another_word_stays() -> None:
    made = plan(
        change("user/al", unit="users", group="access"),
        change("field/renal", "update", Aspect("label", "al", "renal AL")),
    )
    assert published(made).changes[1].aspects[0] == Aspect("label", "user 1", "renal user 1")
    assert published(made).changes[1].address == "field/renal"


def test_calls_fingerprints_and_whose_token_it_is_are_left_out() -> None:
    made = published(sample())
    assert made.steps == ()
    assert made.fingerprint == {}
    assert made.target.user == ""


def test_digests_over_names_are_left_out() -> None:
    changes = [f.stake.change for f in published(sample()).findings if f.stake is not None]
    assert changes == ["0a1b2c3d4e5f", "1b2c3d4e5f60", ""]


def test_that_something_was_accepted_is_told_but_not_by_whom() -> None:
    given = Acceptance(
        "H101", "field/postal", change="0a1b2c3d4e5f", at_most=412, who="Ada", why="by Ada",
        until="2027-01-31",
    )  # fmt: skip
    made = published(plan(change("field/x"), findings=(hazard(),), acceptances=(given,)))
    text = shown(made)["text"]
    assert "accepted until 2027-01-31\n" in text
    assert "Ada" not in text


def test_a_sum_does_not_tell_what_is_masked() -> None:
    found = (hazard(count=Count(412)), hazard("H104", "choice/x/1", count=Count(3)))
    assert "; at least 412 record values affected." in shown(
        published(plan(change("field/x"), findings=found))
    )["text"]  # fmt: skip
    few = published(plan(change("field/x"), findings=found[1:]))
    assert "fewer than 5, or an unknown number of record values affected" in shown(few)["text"]


def test_it_stays_as_it_is_when_published_again_and_read_back() -> None:
    made = published(sample())
    assert published(made) is made
    assert from_json(plan_json(made)) == made
    assert json.loads(plan_json(made))["publish"] == "public"
