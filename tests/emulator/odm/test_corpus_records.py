"""The records of every project file of ../shared/corpus, created with `odm`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from redcap_iac.emulator.server import Emulator
from tests.emulator.odm.published import every_file, made, marks
from tests.emulator.odm.reading import ODM, REDCAP, File, read

pytestmark = marks


@every_file
def test_values_are_those_of_the_file(emulator: Emulator, path: Path) -> None:
    file, project = read(path), made(emulator, path)

    answer = project.post("record", type="eav")

    own = file.fields[0]["field_name"]
    rows = answer.json() if answer.text.strip() else []
    found = Counter(place(row) for row in rows if row["field_name"] != own)
    assert found == Counter(values(file, own))
    subjects = {subject.attrib["SubjectKey"] for subject in file.root.iter(f"{ODM}SubjectData")}
    assert {row["record"] for row in rows} == subjects


def place(row: dict[str, Any]) -> tuple[str, ...]:
    event = row.get("redcap_event_name", "event_1_arm_1")
    form, instance = row.get("redcap_repeat_instrument", ""), row.get("redcap_repeat_instance", "")
    return row["record"], event, form, str(instance), row["field_name"], row["value"]


def values(file: File, own: str) -> list[tuple[str, ...]]:
    """Return what the records of a file hold, less what REDCap does not take back."""
    kinds = {cells["field_name"]: cells["field_type"] for cells in file.fields}
    kinds.update({f"{form}_complete": "status" for form, _ in file.forms})
    setup = {(event, form) for event, form, _ in file.repeats}
    found: list[tuple[str, ...]] = []
    for subject in file.root.iter(f"{ODM}SubjectData"):
        visits = subject.findall(f"{ODM}StudyEventData") or [subject]
        for visit in visits:
            event = visit.get(f"{REDCAP}UniqueEventName", "event_1_arm_1")
            for form in visit.findall(f"{ODM}FormData"):
                name = form.attrib["FormOID"].removeprefix("Form.")
                repeats = (event, name) in setup
                whole = (event, "") in setup
                instance = form.attrib["FormRepeatKey"] if repeats else ""
                instance = visit.attrib["StudyEventRepeatKey"] if whole else instance
                for item in form.iter(f"{ODM}ItemData"):
                    variable, _, code = item.attrib["ItemOID"].partition("___")
                    value = item.attrib["Value"]
                    kind = kinds.get(variable, "")
                    unticked = kind == "checkbox" and value != "1"
                    if variable == own or kind in ("", "calc") or unticked:
                        continue
                    where = (subject.attrib["SubjectKey"], event, name if repeats else "")
                    found.append((*where, instance, variable, code or value))
                for binary in form.iter(f"{ODM}ItemDataBase64Binary"):
                    document = binary.attrib[f"{REDCAP}DocName"]
                    where = (subject.attrib["SubjectKey"], event, name if repeats else "")
                    found.append((*where, instance, binary.attrib["ItemOID"], document))
    return found


@every_file
def test_records_keep_their_dag(emulator: Emulator, path: Path) -> None:
    file, project = read(path), made(emulator, path)
    wanted = {
        (subject.attrib["SubjectKey"], item.attrib["Value"])
        for subject in file.root.iter(f"{ODM}SubjectData")
        for item in subject.iter(f"{ODM}ItemData")
        if item.attrib["ItemOID"] == "redcap_data_access_group"
    }

    answer = project.post("record", exportDataAccessGroups="true")

    own = file.fields[0]["field_name"]
    rows = answer.json() if answer.text.strip() else []
    found = {(row[own], row.get("redcap_data_access_group", "")) for row in rows}
    assert {pair for pair in found if pair[1]} == wanted
