"""Carries stored values from an old name or code to a new one, and proves that all arrived.

REDCap has no call for it: values are exported (eav, raw), written under the new name and read
again, until two rounds in a row find nothing left to write, with equal counts and equal digests on
both sides. Values stay in memory: no message, log or journal ever holds one, not even the server's
own words for a value it refuses. Run again, it copies only what differs.

What is typed under the old name after the last look and before the dictionary that drops it cannot
be seen by anybody: REDCap has no lock. That window is one call wide, the applier looks again
right before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from redcap_iac.calls import Row
from redcap_iac.carrier import refusals
from redcap_iac.carrier.layout import Layout, Place, Values
from redcap_iac.carrier.records import Records
from redcap_iac.client import Client
from redcap_iac.errors import RedcapIacError
from redcap_iac.plan import Copy
from redcap_iac.state import Live

#: Rounds before it gives up: somebody, or something, keeps writing the same values.
_MOST_ROUNDS = 8
#: What a status is when nobody chose it: REDCap sets it when a form gets a value (inferred).
_UNTOUCHED = frozenset({"0"})
_NOTHING: frozenset[str] = frozenset()


class StoppedError(RedcapIacError):
    """Somebody asked to stop between two calls; what was copied stays copied."""

    exit_code = 130


@runtime_checkable
class TellsCopies(Protocol):
    """A progress that is told how far a copy came."""

    def copied(self, looked_at: int, total: int, written: int) -> None:
        """So many of all records have been looked at in this round, so many values written."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a copy did: values under the new names when it ended, and how it got there.

    `digest` is a sha256 over place and value of all of them, the same for old and new.
    """

    values: int
    written: int
    rounds: int
    digest: str


class _Side:
    """Values counted and digested in the order they are looked at."""

    def __init__(self) -> None:
        self.count = 0
        self._digest = hashlib.sha256()

    def note(self, target: str, place: Place, values: frozenset[str]) -> None:
        self.count += len(values)
        self._digest.update(repr((target, place, sorted(values))).encode())

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()


@dataclass(slots=True)
class _Round:
    """What one look at all records found on both sides, and what it wrote."""

    due: _Side
    there: _Side
    written: int = 0

    @property
    def is_equal(self) -> bool:
        """Tell whether nothing was left to write, by count and by digest."""
        return (self.due.count, self.due.digest, 0) == (
            self.there.count, self.there.digest, self.written,
        )  # fmt: skip


class Carrier:
    """Carries the values of some copies of one project; its user has to see every record.

    `counted` is how many records hold something under an old name, as the plan said: fewer are no
    proof, whatever the export says. `remarks` are sentences for the account.
    """

    def __init__(
        self,
        client: Client,
        live: Live,
        copies: Sequence[Copy],
        should_stop: Callable[[], bool] = lambda: False,
        *,
        progress: object = None,
        counted: Mapping[str, int] | None = None,
    ) -> None:
        self._copies = tuple(copies)
        self._should_stop = should_stop
        self._progress = progress
        self._layout = Layout(live)
        self._records = Records(client, self._layout.identifier, self._layout.row_marks)
        self._fields = tuple(dict.fromkeys(n for c in self._copies for n in (c.source, c.target)))
        self._columns: Mapping[tuple[str, str], str] = {}
        self._locked: frozenset[tuple[str, str]] = frozenset()
        #: Digests of what this run wrote, by field and place: only that may it write again.
        self._own: dict[tuple[str, Place], bytes] = {}
        #: Where this run saw a value under an old name: what goes out of sight stops it.
        self._seen: dict[str, set[Place]] = {copy.source: set() for copy in self._copies}
        self._counted = counted or {}
        self.remarks: tuple[str, ...] = ()

    @property
    def sent(self) -> bool:
        """Tell whether an import is out whose answer did not come."""
        return self._records.sent

    def carry(self) -> Carried:
        """Copy until two rounds in a row find old and new equal.

        Raises PartlyAppliedError, with everything still under the old names, when old and new
        hold different values, when REDCap refuses one, or when it never comes to rest; RightsError
        when fields are hidden from the user; StoppedError when asked to stop.
        """
        self._prepare()
        return self._until_equal()

    def _prepare(self) -> None:
        """Look for columns, locks and what is hidden, before any value is looked at."""
        if not self._layout.checkboxes.isdisjoint(copy.target for copy in self._copies):
            self._columns = self._records.checkbox_columns()
        locked = self._records.locks()
        if locked is None:
            self.remarks = ("Locks could not be looked for: the token may not read the log.",)
        self._locked = locked or frozenset()
        self._records.check_sight(self._fields)

    def look(self) -> int:
        """Copy what came in since `carry`; return how many values that were."""
        found = self._round()
        return found.written if found.is_equal else found.written + self._until_equal().written

    def lacking(self) -> int:
        """Return how many values are not under their new names yet; writes nothing.

        Raises what `carry` raises where it could not carry them.
        """
        self._prepare()
        found = self._round(writes=False)
        self._check_whole()
        return found.written

    def _until_equal(self) -> Carried:
        written = equal = 0
        for number in range(1, _MOST_ROUNDS + 1):
            found = self._round()
            written += found.written
            equal = equal + 1 if found.is_equal else 0
            self._check_whole()
            if equal == 2:
                return Carried(found.there.count, written, number, found.there.digest)
        raise refusals.no_rest(_MOST_ROUNDS)

    def _round(self, *, writes: bool = True) -> _Round:
        found = _Round(_Side(), _Side())
        looked: dict[str, set[Place]] = {source: set() for source in self._seen}
        for names, looked_at, total in self._records.batches():
            if self._should_stop():
                raise StoppedError("Stopped between two calls; the copy goes on with --resume.")
            held = self._records.read(names, self._fields)
            self._note(held, looked)
            due = [place for copy in self._copies for place in self._due(copy, held, found)]
            if writes:
                self._records.write(due)
            found.written += sum(len(rows) for rows in due)
            if isinstance(self._progress, TellsCopies):
                self._progress.copied(looked_at, total, found.written)
        self._check_in_sight(looked)
        return found

    def _note(self, held: Mapping[str, Values], looked: Mapping[str, set[Place]]) -> None:
        for source, places in looked.items():
            places.update(held.get(source, ()))
            self._seen[source].update(held.get(source, ()))

    def _check_in_sight(self, looked: Mapping[str, set[Place]]) -> None:
        """Stop when a value seen before is not there: deleted, or only no longer shown."""
        for source, places in looked.items():
            gone = self._seen[source] - places
            if gone:
                raise refusals.gone(source, len({place[0] for place in gone}))

    def _check_whole(self) -> None:
        """Stop when fewer records hold something than the plan counted: an export may be short."""
        for source, number in self._counted.items():
            found = len({place[0] for place in self._seen.get(source, ())})
            if found < number:
                raise refusals.fewer(source, found, number)

    def _due(
        self, copy: Copy, held: Mapping[str, Values], found: _Round
    ) -> Iterator[tuple[Row, ...]]:
        """Yield for each place the rows that make new equal to old, and note both sides."""
        old, new = held.get(copy.source, {}), held.get(copy.target, {})
        codes = dict(copy.codes)
        clashes: set[str] = set()
        locked: set[str] = set()
        rows: list[tuple[Row, ...]] = []
        for place in sorted(old):
            due = frozenset(codes.get(value, value) for value in old[place])
            there = new.get(place, _NOTHING)
            found.due.note(copy.target, place, due)
            found.there.note(copy.target, place, there)
            if due == there:
                continue
            if not self._may_write(copy, place, there):
                clashes.add(place[0])
            elif not self._locked.isdisjoint((place[0], n) for n in self._layout.labels(copy)):
                locked.add(place[0])
            else:
                self._own[copy.target, place] = _digest(due)
                rows.append(tuple(self._rows(copy.target, place, due, there)))
        self._check(copy, clashes, locked, self._erased(copy, old, new))
        yield from rows

    def _may_write(self, copy: Copy, place: Place, there: frozenset[str]) -> bool:
        """Tell whether what is under the new name is nobody's: blank, ours, or set by REDCap."""
        if copy.source == copy.target or not there:
            return True
        if copy.target in self._layout.statuses and there == _UNTOUCHED:
            return True
        return self._own.get((copy.target, place)) == _digest(there)

    def _erased(self, copy: Copy, old: Values, new: Values) -> set[str]:
        """Return the records whose value this run copied and somebody blanked since."""
        return {
            place[0]
            for place, values in new.items()
            if place not in old and self._own.get((copy.target, place)) == _digest(values)
        }

    def _check(self, copy: Copy, clashes: set[str], locked: set[str], erased: set[str]) -> None:
        if clashes:
            raise refusals.clash(copy, len(clashes))
        if locked:
            raise refusals.lock(copy, len(locked))
        if erased:
            raise refusals.erased(copy, len(erased))

    def _rows(
        self, target: str, place: Place, due: frozenset[str], there: frozenset[str]
    ) -> Iterator[Row]:
        at = self._layout.at(target, place)
        if target not in self._layout.checkboxes:
            for value in due:
                yield {**at, "field_name": target, "value": value}
            return
        for code in sorted(due ^ there):
            column = self._columns.get((target, code))
            if column is None:
                raise refusals.no_choice(target)
            yield {**at, "field_name": column, "value": "1" if code in due else "0"}


def _digest(values: frozenset[str]) -> bytes:
    return hashlib.sha256(repr(sorted(values)).encode()).digest()


__all__ = ["Carried", "Carrier", "StoppedError", "TellsCopies"]
