from collections.abc import Sequence

import pytest

from redcap_iac.changes import Create, Delete
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.findings import Finding, Findings
from redcap_iac.kinds.dictionary import KIND as DICTIONARY
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.instruments import KIND, Instrument, title_cased
from redcap_iac.kinds.kind import Draft, Reading, Settling, Work
from redcap_iac.state import Desired, Live, State, Target, Version
from tests.kinds.dictionary.drafting import a_field, source

TARGET = Target(
    "https://x.example.org/api/", "1", "T", "development", Version(15, 0, 0), longitudinal=False
)
FIELDS = {"a": {"type": "text"}}


def live(*items: Instrument) -> Live:
    return Live(TARGET, State({"instruments": items}))


def declared(
    *instruments: object, root: dict[str, object] | None = None
) -> tuple[tuple[Instrument, ...], tuple[Finding, ...]]:
    findings = Findings()
    items = KIND.declare(source(instruments, root), findings)
    assert items is not None
    KIND.check(State({"instruments": items}), findings)
    return items, findings.all()


def test_instruments_are_not_managed_without_a_dictionary() -> None:
    assert KIND.declare(source(None), Findings()) is None


def test_instruments_are_declared_in_order_with_their_labels() -> None:
    items, findings = declared(
        {"instrument": "visit", "label": "Visit 1", "fields": FIELDS},
        (a_field("b", "other"), a_field("c", "other")),
        {"instrument": "last", "fields": FIELDS},
    )
    assert items == (Instrument("visit", "Visit 1"), Instrument("other"), Instrument("last"))
    assert findings == ()


def test_an_instrument_is_declared_once() -> None:
    one = {"instrument": "visit", "fields": FIELDS}
    _, (finding,) = declared(one, one)
    assert (finding.code, finding.address) == ("M223", "instrument/visit")


def test_hints_stay_with_the_instrument() -> None:
    items, _ = declared(
        {"instrument": "visit", "renamed_from": "visits", "fields": FIELDS},
        (a_field("b", "other"),),
        root={"renamed": {"instruments": {"other": "older"}}},
    )
    assert [item.renamed_from for item in items] == ["visits", "older"]


def test_a_hint_for_an_undeclared_instrument_is_an_error() -> None:
    _, (finding,) = declared(
        (a_field("b", "other"),), root={"renamed": {"instruments": {"othr": "older"}}}
    )
    assert finding.code == "M224"


def test_an_instrument_is_not_renamed_from_one_that_is_still_declared() -> None:
    _, (finding,) = declared(
        {"instrument": "one", "fields": FIELDS},
        {"instrument": "two", "renamed_from": "one", "fields": FIELDS},
    )
    assert (finding.code, finding.address) == ("M224", "instrument/two")


def test_two_instruments_are_not_renamed_from_one() -> None:
    _, (finding,) = declared(
        {"instrument": "visit", "renamed_from": "visits", "fields": FIELDS},
        {"instrument": "other", "renamed_from": "visits", "fields": FIELDS},
    )
    assert (finding.code, finding.address) == ("M224", "instrument/other")


VISIT = a_field("a", "visit")


def foreseen(
    item: Instrument, *there: str, fields: Sequence[Field] = (VISIT,), gone: Sequence[Field] = ()
) -> list[tuple[str, str]]:
    findings = Findings()
    desired = State({"instruments": (item,), "fields": tuple(fields)})
    before = live(*(Instrument(name) for name in there))
    changes = tuple(Delete("fields", one.field_name, "", one) for one in gone)
    KIND.foresee(Work(changes, before, Desired(desired), desired, {}), findings)
    return [(finding.code, finding.address) for finding in findings.errors()]


def test_a_rename_is_followed_and_no_finding_of_the_instruments() -> None:
    item = Instrument("visit", renamed_from="visits")
    assert foreseen(item, "visits") == []
    assert foreseen(item, "visits", "visit") == []


def test_a_renamed_instrument_goes_even_where_others_are_left() -> None:
    there = (Instrument("visits"), Instrument("other"))
    assert KIND.leaving(there, (Instrument("visit", renamed_from="visits"),)) == there[:1]
    assert KIND.leaving(there, (Instrument("visit"),)) == ()


def test_an_instrument_without_fields_is_unusual() -> None:
    findings = Findings()
    state = State({"instruments": (Instrument("visit"), Instrument("bare")), "fields": (VISIT,)})
    KIND.check(state, findings)
    (finding,) = findings.all()
    assert (finding.code, finding.severity, finding.address) == (
        "M226",
        "warning",
        "instrument/bare",
    )


def test_an_instrument_without_fields_can_stay() -> None:
    assert foreseen(Instrument("bare"), "visit", "bare") == []


def test_an_instrument_without_fields_cannot_be_made() -> None:
    assert foreseen(Instrument("bare"), "visit") == [("M226", "instrument/bare")]


def test_an_instrument_without_fields_does_not_outlive_an_import() -> None:
    other = a_field("b", "visit")
    assert foreseen(Instrument("bare"), "visit", "bare", gone=(other,)) == [
        ("M226", "instrument/bare")
    ]


def settled(live_fields: Sequence[Field], final_fields: Sequence[Field]) -> list[str]:
    there = State({"instruments": (Instrument("bare"),), "fields": tuple(live_fields)})
    final = State({"fields": tuple(final_fields)})
    items = KIND.settle((Instrument("visit"),), Settling(Live(TARGET, there), final, ()))
    return [item.name for item in items]


def test_an_instrument_without_fields_goes_only_with_an_import() -> None:
    assert settled((VISIT,), (VISIT,)) == ["visit", "bare"]
    assert settled((VISIT,), (VISIT, a_field("b", "visit"))) == ["visit"]


def test_an_instrument_without_fields_is_described_as_one() -> None:
    state = State({"instruments": (Instrument("bare", "Bare"), Instrument("visit"))})
    draft: Draft = {"instruments": [{"instrument": "visit", "fields": FIELDS}]}
    KIND.describe(state, draft)
    assert draft["instruments"] == [
        {"instrument": "visit", "fields": FIELDS},
        {"instrument": "bare", "label": "Bare", "fields": {}},
    ]


def test_labels_stand_behind_the_names_in_a_draft() -> None:
    draft: Draft = {}
    state = State(
        {"fields": (a_field("a", "visit"),), "instruments": (Instrument("visit", "Visit 1"),)}
    )
    DICTIONARY.describe(state, draft)
    KIND.describe(state, draft)
    assert draft["instruments"] == [
        {
            "instrument": "visit",
            "label": "Visit 1",
            "fields": {"a": {"type": "text", "label": ""}},
        }
    ]


def test_the_dictionary_is_described_first() -> None:
    assert KIND.after == ("fields",)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        # seen in a project file of 16.0.25 (recorded)
        ("phq9", "Phq9"),
        ("adverse_event_log", "Adverse Event Log"),
    ],
)
def test_a_new_instrument_is_labelled_by_its_name(name: str, label: str) -> None:
    assert title_cased(name) == label


def test_a_label_nobody_declares_is_the_live_one_or_made_of_the_name() -> None:
    settling = Settling(live(Instrument("visit", "VISIT")), State(), ("visit", "new_form"))
    items = (Instrument("visit"), Instrument("new_form"), Instrument("other", "Mine"))
    assert KIND.settle(items, settling) == (
        Instrument("visit", "VISIT"),
        Instrument("new_form", "New Form"),
        Instrument("other", "Mine"),
    )


def test_labels_are_never_compared() -> None:
    assert KIND.normal(Instrument("visit", "A")) == KIND.normal(Instrument("visit", "B"))


def test_instruments_are_read_as_exported() -> None:
    rows = [{"instrument_name": "visit", "instrument_label": " Visit 1"}]
    assert KIND.read(rows, Reading(TARGET, State())) == (Instrument("visit", " Visit 1"),)


def test_an_export_without_instruments_is_refused() -> None:
    with pytest.raises(SuspiciousReadError):
        KIND.read([], Reading(TARGET, State()))


def test_an_export_without_a_column_is_refused() -> None:
    with pytest.raises(SuspiciousReadError, match="instrument_label"):
        KIND.read([{"instrument_name": "visit"}], Reading(TARGET, State()))


def todo(before: tuple[Instrument, ...], after: tuple[Instrument, ...]) -> tuple[str, ...]:
    known = {item.name for item in before}
    changes = tuple(
        Create("instruments", item.name, f"instrument/{item.name}", item)
        for item in after
        if item.name not in known
    )
    desired = Desired(State({"instruments": after}))
    return KIND.todo(Work(changes, live(*before), desired, State(), {}))


def test_a_label_that_differs_is_for_a_persons_hands() -> None:
    assert todo((Instrument("consent", "Consent form"),), (Instrument("consent", "Consent"),)) == (
        'instrument consent is labelled "Consent form" in REDCap, "Consent" here',
    )


def test_a_label_redcap_will_not_give_is_for_a_persons_hands() -> None:
    assert todo((), (Instrument("ae_log", "Events"),)) == (
        'instrument ae_log will be labelled "Ae Log" in REDCap, "Events" here',
    )


def test_equal_labels_leave_nothing_to_do() -> None:
    assert todo((Instrument("a", "A"),), (Instrument("a", "A"), Instrument("b_c", "B C"))) == ()


def test_the_address_names_the_instrument() -> None:
    item = Instrument("visit")
    assert (KIND.key(item), KIND.address(item), KIND.group(item)) == (
        "visit",
        "instrument/visit",
        "visit",
    )


def test_instruments_are_never_written() -> None:
    work = Work((), live(), Desired(State()), State(), {})
    assert tuple(KIND.steps(work)) == ()
