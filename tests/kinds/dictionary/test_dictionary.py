"""The kind against the interface: reading, order, the one import."""

from collections.abc import Mapping

import pytest

from redcap_iac.changes import Aspect, Change, Create, Delete, Update
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.kinds import all_kinds, kind_named
from redcap_iac.kinds.dictionary import KIND
from redcap_iac.kinds.dictionary.field import COLUMNS, Field
from redcap_iac.kinds.kind import Reading, Work
from redcap_iac.plan import Phase, Step
from redcap_iac.state import Desired, Live, State, Target, Version
from tests.kinds.dictionary.drafting import a_field, radio

TARGET = Target(
    "https://x.example.org/api/", "1", "T", "development", Version(15, 0, 0), longitudinal=False
)
ROW = {**dict.fromkeys(COLUMNS, ""), "field_name": "record_id", "form_name": "visit"}


def read(*rows: Mapping[str, str | None]) -> tuple[Field, ...]:
    return KIND.read(rows, Reading(TARGET, State()))


def test_the_kind_is_found_by_its_name() -> None:
    assert kind_named("fields") is KIND
    assert KIND in all_kinds()


def test_cells_are_kept_as_received() -> None:
    (field,) = read({**ROW, "field_label": " two\r\nlines "})
    assert field.field_label == " two\r\nlines "


def test_a_null_is_an_empty_cell() -> None:
    assert read({**ROW, "field_note": None}) == (Field("record_id", "visit"),)


def test_an_export_without_fields_is_refused() -> None:
    with pytest.raises(SuspiciousReadError, match="without any field"):
        read()


def test_an_export_without_a_column_is_refused() -> None:
    row = {column: cell for column, cell in ROW.items() if column != "branching_logic"}
    with pytest.raises(SuspiciousReadError, match="branching_logic"):
        read(row)


def test_an_export_with_an_unknown_column_in_use_is_refused() -> None:
    assert len(read({**ROW, "voice": ""})) == 1
    with pytest.raises(SuspiciousReadError, match="voice"):
        read({**ROW, "voice": "soprano"})


def test_an_export_that_names_a_field_twice_is_refused() -> None:
    with pytest.raises(SuspiciousReadError, match="twice"):
        read(ROW, ROW)


def test_fields_are_known_by_name_and_grouped_by_instrument() -> None:
    field = a_field("age", "visit")
    assert (KIND.key(field), KIND.address(field), KIND.group(field), KIND.label(field)) == (
        "age",
        "field/age",
        "visit",
        "age",
    )


A1, A2, B1, B2, C1 = (
    a_field(name, form)
    for name, form in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("b2", "b"), ("c1", "c"))
)


def test_declared_fields_are_in_the_declared_order() -> None:
    assert KIND.final((A1, A2, B1), (B1, A2, A1), ()) == (B1, A2, A1)


def test_kept_fields_follow_the_declared_ones_of_their_instrument() -> None:
    assert KIND.final((A1, A2, B1, B2), (A1, B1), (A2, B2)) == (A1, A2, B1, B2)


def test_kept_instruments_follow_at_the_end() -> None:
    assert KIND.final((A1, C1, B1), (A1, B1), (C1,)) == (A1, B1, C1)


def test_a_kept_record_id_stays_the_first_field() -> None:
    assert KIND.final((A1, A2, B1), (B1, A2), (A1,)) == (A1, A2, B1)


def work(*, live: tuple[Field, ...], final: tuple[Field, ...], changed: bool = True) -> Work:
    label = Aspect("label", "", "x")
    changes: list[Change] = [
        Update("fields", "a1", "field/a1", A1, A1, (label,)),
        Create("fields", "b1", "field/b1", B1),
        Delete("fields", "c1", "field/c1", C1),
        Create("instruments", "b", "instrument/b", B1),
    ]
    return Work(
        tuple(changes) if changed else tuple(changes[3:]),
        Live(TARGET, State({"fields": live})),
        Desired(State({"fields": final})),
        State({"fields": final}),
        {},
    )


def step(work: Work) -> Step:
    (only,) = KIND.steps(work)
    return only


def test_one_import_replaces_the_dictionary() -> None:
    only = step(work(live=(A1, C1), final=(A1, B1)))
    assert (only.phase, only.replaces, only.kind) == (Phase.DICTIONARY, True, "fields")
    assert (only.call.content, only.call.action) == ("metadata", "import")
    assert only.touches == (
        "fields",
        "instruments",
        "designations",
        "repeating",
        "roles",
        "users",
    )


def test_the_import_has_all_fields_with_18_columns_as_they_are() -> None:
    live = radio("a1", "1,A|2, B ", field_label=" x\r\ny ", form_name="a")
    rows = step(work(live=(live,), final=(live, B1))).call.rows
    assert [tuple(row) for row in rows] == [COLUMNS, COLUMNS]
    assert rows[0] == live.row()


def test_the_import_serves_fields_and_the_instruments_that_come_with_them() -> None:
    serves = step(work(live=(A1,), final=(A1, B1))).serves
    assert serves == ("field/a1", "field/b1", "field/c1", "instrument/b")


def test_the_title_counts_what_is_written_and_lost() -> None:
    title = step(work(live=(A1, C1), final=(A1, B1))).title
    assert title == "import the dictionary (2 fields, 2 new or changed, 1 removed)"


def test_without_a_changed_field_nothing_is_imported() -> None:
    assert tuple(KIND.steps(work(live=(A1,), final=(A1,), changed=False))) == ()
