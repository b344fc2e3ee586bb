"""Records over the wire for a copy: names, values of some fields, locks, writing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from redcap_iac.answers import Answer, Wire
from redcap_iac.calls import Call, Row
from redcap_iac.carrier import refusals
from redcap_iac.carrier.layout import Place, Values
from redcap_iac.client import Client
from redcap_iac.errors import RefusedError, RightsError

T = TypeVar("T")

#: Arrays are cut to this size: PHP reads at most 1,000 variables of a form (inferred).
_MOST_IN_AN_ARRAY = 450
#: Values in one import: large enough to be quick, small enough for a server's time limit.
_MOST_VALUES = 5_000
#: Records asked for to see which columns an export has: one may have no row of these fields.
_SOME = 20
#: Every value as it is, and none erased: a blank is never sent, and would be passed over.
_AS_THEY_ARE = {
    "type": "eav",
    "overwriteBehavior": "normal",
    "forceAutoNumber": "false",
    "dateFormat": "YMD",
    "returnContent": "count",
}


class Records:
    """The records of one project as the token's user sees them.

    `sent` tells whether an import is out whose answer did not come, so that nobody knows whether
    it was written.
    """

    def __init__(self, client: Client, identifier: str, row_marks: Sequence[str] = ()) -> None:
        self._client = client
        self._row_marks = tuple(row_marks)
        self._identifier = identifier
        self.sent = False

    def names(self) -> tuple[str, ...]:
        """Return the names of all records, each once."""
        fields = (self._identifier, *self._row_marks)
        rows = self._export("record", type="flat", fields=fields).rows
        return tuple(dict.fromkeys(str(row.get(self._identifier, "")) for row in rows))

    def batches(self) -> Iterator[tuple[tuple[str, ...], int, int]]:
        """Yield names of records in parts, each with how many that makes of how many."""
        names = self.names()
        looked_at = 0
        for part in _cut(names, _MOST_IN_AN_ARRAY):
            looked_at += len(part)
            yield part, looked_at, len(names)

    def read(self, records: Sequence[str], fields: Sequence[str]) -> dict[str, Values]:
        """Return what is stored of some fields in some records; blank is nothing."""
        held: dict[str, dict[Place, set[str]]] = {}
        for part in _cut(fields, _MOST_IN_AN_ARRAY):
            asked = self._whole(tuple(records), part)
            for row in asked.rows:
                value, name = _text(row.get("value")), str(row.get("field_name"))
                if value and name in part:
                    held.setdefault(name, {}).setdefault(_place(row), set()).add(value)
        return {
            name: {place: frozenset(values) for place, values in places.items()}
            for name, places in held.items()
        }

    def _whole(self, records: tuple[str, ...], fields: tuple[str, ...]) -> Answer:
        """Return an eav export in which every record asked for is, by its id (recorded).

        A short answer has the looks of blank fields. Asked twice; who is missing then has to be
        gone from the list of records as well, else PartlyAppliedError is raised.
        """
        wanted = dict.fromkeys((self._identifier, *self._row_marks, *fields))
        missing: set[str] = set()
        for _ in range(2):
            asked = self._export(
                "record", type="eav", rawOrLabel="raw", records=records, fields=tuple(wanted)
            )
            missing = set(records) - {str(row.get("record")) for row in asked.rows}
            if not missing:
                return asked
        if still := missing.intersection(self.names()):
            raise refusals.short(len(still))
        return asked

    def write(self, places: Sequence[tuple[Row, ...]]) -> None:
        """Import values in parts, those of one place together: half the ticks is another answer.

        A refusal is told without the values REDCap names.
        """
        for part in _packed(places):
            self.sent = True
            try:
                self._client.send(Call("record", "import", part, _AS_THEY_ARE))
            except RefusedError as refusal:
                self.sent = False
                raise refusals.refused(refusal.text) from None  # its words name values
            except RightsError:
                self.sent = False
                raise
            self.sent = False

    def checkbox_columns(self) -> Mapping[tuple[str, str], str]:
        """Return by field and code the column of every choice, as the server itself spells it."""
        return {
            (str(row.get("original_field_name")), str(row.get("choice_value"))): str(
                row.get("export_field_name")
            )
            for row in self._export("exportFieldNames").rows
        }

    def check_sight(self, fields: Sequence[str]) -> None:
        """Refuse to copy what the token's user does not see: it would look like nothing to copy.

        Data export rights hide fields without a word (documented); a flat export has a column for
        each that is not hidden. Raises RightsError.
        """
        records = self.names()[:_SOME]
        for part in _cut(fields, _MOST_IN_AN_ARRAY) if records else ():
            asked = (self._identifier, *part)
            rows = self._export("record", type="flat", records=records, fields=asked).rows
            seen = {column.partition("___")[0] for row in rows for column in row}
            hidden = [name for name in part if name not in seen]
            if rows and hidden:
                raise RightsError(
                    f"The token's user may not export {', '.join(hidden[:5])}: what is not seen"
                    " cannot be copied.",
                    "Give the full data export right on these instruments, then apply again.",
                )

    def locks(self) -> frozenset[tuple[str, str]] | None:
        """Return record and instrument label of what the log says is locked now.

        The log is all the API has of locks; its action and the parts of its details are recorded,
        newest first. None where the user may not read it.
        """
        try:
            lines = self._export("log", logtype="lock_record").rows
        except (RightsError, RefusedError):
            return None
        last: dict[tuple[str, ...], bool] = {}
        for line in lines:
            parts = (part.partition(": ") for part in str(line.get("details") or "").splitlines())
            said = {name: text for name, _, text in parts}
            action = said.get("Action", "")
            if action in ("Lock instrument", "Unlock instrument"):
                place = (said.get("Record", ""), said.get("Form", ""), said.get("Event", ""))
                last.setdefault(place, action == "Lock instrument")
        return frozenset((place[0], place[1]) for place, is_locked in last.items() if is_locked)

    def _export(self, content: str, **params: str | tuple[str, ...]) -> Answer:
        return self._client.send(Call(content, params=params))


def _text(cell: Wire) -> str:
    """Return a value as text: a bare 0 is one, only null and blank are none."""
    return "" if cell is None else str(cell)


def _place(row: Mapping[str, Wire]) -> Place:
    return (
        str(row.get("record")),
        str(row.get("redcap_event_name") or ""),
        int(str(row.get("redcap_repeat_instance") or 1)),
    )


def _packed(places: Sequence[tuple[Row, ...]]) -> Iterator[tuple[Row, ...]]:
    part: list[Row] = []
    for rows in places:
        if part and len(part) + len(rows) > _MOST_VALUES:
            yield tuple(part)
            part = []
        part += rows
    if part:
        yield tuple(part)


def _cut(values: Sequence[T], size: int) -> Iterator[tuple[T, ...]]:
    for start in range(0, len(values), size):
        yield tuple(values[start : start + size])
