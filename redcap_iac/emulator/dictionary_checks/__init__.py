"""What Import Metadata refuses, all faults of a payload at once, cells as `A3`.

The first row of a payload is row 2, also in json: row 1 is the header (recorded).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redcap_iac.emulator.dictionary_checks import naming, relations, values
from redcap_iac.emulator.dictionary_checks.places import Row


def faults(rows: Sequence[Row], *, allow_sql: bool) -> Iterator[str]:
    """Yield what is wrong with normalised rows; nothing may be written then (inferred).

    Only some of the texts are recorded; each check says so.
    """
    yield from naming.names(rows)
    yield from naming.forms(rows)
    yield from values.types(rows, allow_sql=allow_sql)
    yield from values.record_id(rows[0])
    yield from values.choices(rows)
    yield from values.cells(rows)
    yield from relations.references(rows)
    yield from relations.matrices(rows)
