"""Plans by hand, as the planner makes them."""

from __future__ import annotations

from typing import TypedDict, Unpack

from redcap_iac.calls import Call
from redcap_iac.changes import Aspect, Normal
from redcap_iac.findings import Finding, Severity
from redcap_iac.hazard import Answer, Count, Stake, Undoable
from redcap_iac.plan import Phase, Plan, PlannedChange, Step
from redcap_iac.state import Target, Version


class Parts(TypedDict, total=False):
    """What a hazard is bound by."""

    change: str
    count: Count | None
    names: tuple[str, ...]


TARGET = Target(
    "https://redcap.example.org/api/", "17", "Cardiac Rehab Follow-up", "development",
    Version(16, 1, 3), longitudinal=True, user="jdoe",
)  # fmt: skip


def plan(*changes: PlannedChange, **parts: object) -> Plan:
    """Return a plan of some changes."""
    known: dict[str, object] = {
        "created": "2026-03-14T15:09:26Z",
        "tool": "redcap-iac 1.2.3",
        "target": TARGET,
        "environment": "dev",
        "manifest_digest": "d" * 64,
        "fingerprint": {"fields": "f" * 64},
        "changes": changes,
        "data": "test",
    }
    return Plan(**{**known, **parts})  # type: ignore[arg-type]


def change(
    address: str,
    action: str = "update",
    *aspects: Aspect,
    unit: str = "fields",
    group: str = "demographics",
    label: str = "",
    normal: Normal = (),
) -> PlannedChange:
    """Return a change; `normal` is what comes or goes."""
    return PlannedChange(
        address, action, unit, group, label or address.rpartition("/")[2],
        before=normal if action == "delete" else None,
        after=normal if action == "create" else None,
        aspects=aspects,
    )  # fmt: skip


def step(title: str = "import the dictionary", content: str = "metadata") -> Step:
    """Return a step of one row."""
    call = Call(content, "import", ({"field_name": "age"},))
    return Step(Phase.DICTIONARY, "fields", title, call, ("field/age",), ("fields",))


def hazard(
    code: str = "H101",
    address: str = "field/postal",
    message: str = "postal goes: 412 of 430 records hold a value.",
    answer: Answer = Answer.ACCEPTANCE,
    undoable: Undoable = Undoable.NO,
    *,
    advice: str = "",
    public: str = "",
    **stake: Unpack[Parts],
) -> Finding:
    """Return a hazard; `stake` are its change, count and names."""
    severity = {Answer.NOTE: Severity.NOTE, Answer.REFUSED: Severity.ERROR}
    known: Parts = {"change": "0a1b2c3d4e5f", **stake}
    return Finding(
        code, severity.get(answer, Severity.WARNING), message, None, address, advice,
        Stake(answer, undoable, public=public or message, **known),
    )  # fmt: skip


def sample(**parts: object) -> Plan:
    """Return the plan of the design's sample: three hazards, an instrument, schedule, access."""
    alike = hazard(
        "H103", "field/postal",
        "field/postal goes and field/zip_code comes, and they look alike: a rename?"
        " 412 of 430 records hold a value in postal.",
        advice="keep the values: `renamed_from: postal` on zip_code", count=Count(412, of=430),
    )  # fmt: skip
    meaning = hazard(
        "H106", "choice/ethnicity/3",
        'choice/ethnicity/3 changes its meaning: "Black" → "Black or African American",'
        " 88 records.",
        undoable=Undoable.YES, count=Count(88), change="1b2c3d4e5f60",
        advice="a new code for a new meaning, `@HIDECHOICE` for the old one",
    )  # fmt: skip
    widened = hazard(
        "H122", "role/Data entry",
        "role/Data entry: export of demographics de-identified → full. akim, jdoe, mlee, rsanto"
        " and twu would see identifiers they do not see today.",
        undoable=Undoable.YES, change="2c3d4e5f6071",
        names=("akim", "jdoe", "mlee", "rsanto", "twu"),
        public="role/Data entry: export of demographics de-identified → full. 5 people would see"
        " identifiers they do not see today.",
    )  # fmt: skip
    known: dict[str, object] = {
        "findings": (alike, meaning, widened),
        "base": "origin/main",
        "steps": (step(), step("write the roles", "userRole")),
        "blind_spots": ("alerts", "survey settings", "reports"),
        "todo": ('instrument consent is labelled "Consent form" in REDCap, "Consent" here.',),
    }
    return plan(*_sample_changes(), **{**known, **parts})


def _sample_changes() -> tuple[PlannedChange, ...]:
    ethnicity = Aspect(
        "choices", (("3", "Black"),),
        (("7", "Prefer not to say"), ("3", "Black or African American")),
    )  # fmt: skip
    return (
        change("field/dob", "update", Aspect("max", "2020-01-01", "today")),
        change("field/ethnicity", "update", ethnicity),
        change("field/postal", "delete"),
        change("field/zip_code", "create", normal=(
            ("type", "text"), ("label", "ZIP"), ("validation", "zipcode"), ("identifier", "yes"),
        )),
        change("event/1/Week 12", "create", unit="events", group="schedule", label="Week 12",
            normal=(("name", "Week 12"), ("arm", "1"), ("day offset", "84"))),
        change("role/Data entry", "update",
            Aspect("export", (("demographics", "deidentified"),), (("demographics", "full"),)),
            unit="roles", group="access"),
        change("user/akim", "create", unit="users", group="access",
            normal=(("expires", "2027-12-31"),)),
        change("user/akim/role", "create", unit="users", group="access", label="akim",
            normal=(("role", "Data entry"),)),
    )  # fmt: skip
