"""What was imported is exported, and an export imported again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import classic, repeating, send

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=30
)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "comments": TEXT,
        "name": TEXT,
        "sex": st.sampled_from(["0", "1"]),
        "dob": st.dates().map(lambda day: day.isoformat()),
        "race___1": st.sampled_from(["0", "1"]),
        "race___a_1": st.sampled_from(["0", "1"]),
        "demographics_complete": st.sampled_from(["0", "1", "2"]),
    },
)
WEIGHTS = st.lists(st.integers(1, 500).map(str), max_size=3)
FORMATS = st.sampled_from(["json", "csv", "xml"])
FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def server() -> Iterator[Emulator]:
    """One emulator for all examples; each makes a project of its own."""
    with Emulator() as emulator:
        yield emulator


def copied(source: Project, target: Project, format_: str) -> None:
    """Import the export of one project into another, in a format."""
    exported = source.post("record", format=format_).content.decode()
    target.post("record", "import", format=format_, data=exported).raise_for_status()


@FEW
@given(records=st.dictionaries(st.integers(1, 50).map(str), VALUES, min_size=1, max_size=3),
       format_=FORMATS)  # fmt: skip
def test_copy_of_records_equals_them(
    server: Emulator, records: dict[str, dict[str, str]], format_: str
) -> None:
    source, target = classic(server), classic(server)
    send(source, *({"record_id": name, **values} for name, values in records.items()))
    copied(source, target, format_)

    shown = source.rows("record")
    assert target.rows("record") == shown
    for row in shown:
        sent = records[row["record_id"]]
        assert {name: row[name] for name in sent} == sent


@FEW
@given(values=VALUES, weights=WEIGHTS, format_=FORMATS)
def test_copy_of_instances_equals_them(
    server: Emulator, values: dict[str, str], weights: list[str], format_: str
) -> None:
    source, target = repeating(server), repeating(server)
    send(
        source,
        {"record_id": "1", **values},
        *(
            {"record_id": "1", "redcap_repeat_instrument": "vitals",
             "redcap_repeat_instance": number, "weight": weight}
            for number, weight in enumerate(weights, start=1)
        ),
    )  # fmt: skip
    copied(source, target, format_)

    rows = target.rows("record")
    assert rows == source.rows("record")
    assert [row["weight"] for row in rows[1:]] == weights
