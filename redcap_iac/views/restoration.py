"""What a backup brings back and what it does not, said before anything is asked."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from redcap_iac.safety.backup import Backup
from redcap_iac.safety.record_values import Return
from redcap_iac.views.findings import WIDTH, counted, wrapped
from redcap_iac.views.printable import printable


def restoration_lines(backup: Backup, lost: Sequence[str], width: int = WIDTH) -> list[Text]:
    """Return what backup this is, and a line for everything no import brings back."""
    target = backup.target
    title = printable(f'Backup of "{target["title"]}" (project {target["project_id"]})')
    made = f"{title}, {target['status']}, made {backup.about.created}."
    lines = [Text(made, "bold"), Text("This cannot come back:", "bold yellow")]
    for sentence in lost:
        lines += wrapped(Text(f"  - {printable(sentence)}"), indent=4, width=width)
    return lines


def return_lines(back: Return, width: int = WIDTH) -> list[Text]:
    """Return how many stored values come back, and why others do not; never a value."""
    count, records = counted(len(back.rows), "value"), counted(back.records, "record")
    lines = [Text(f"Values to bring back: {count} in {records}, where nothing is stored now.")]
    for why, number in sorted(back.left.items()):
        lines += wrapped(Text(f"  Left: {number:,} ({why})."), indent=4, width=width)
    return lines
