"""What the journal of an apply says, for somebody who goes on with it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from redcap_iac.safety.journals import Record
from redcap_iac.views.findings import WIDTH, counted, wrapped
from redcap_iac.views.printable import printable


def record_lines(record: Record, width: int = WIDTH) -> list[Text]:
    """Return what was done, what is not known, what was not tried, and who is exposed."""
    heading = record.heading
    how = record.how or "killed"
    lines = [Text(f"The apply of {heading.started} did not come to its end ({how}).", "bold")]
    done = [entry.title for entry in record.done]
    open_ = [entry.title for entry in record.uncertain]
    for title, calls in (
        ("Done", done), ("Not known whether REDCap wrote it", open_),
        ("Not tried", list(record.not_tried)),
    ):  # fmt: skip
        lines.append(Text(f"{title}: {counted(len(calls), 'call')}" if calls else f"{title}: none"))
        for call in calls:
            lines += wrapped(Text(f"  {printable(call)}"), indent=4, width=width)
    lines += exposed_lines(record.exposed(), width)
    return lines


def exposed_lines(people: tuple[str, ...], width: int = WIDTH) -> Iterator[Text]:
    """Yield who is out of a role until it is done: rights of their own came back, none shows."""
    if people:
        yield from wrapped(
            Text(
                f"Exposed until this is done: {printable(', '.join(people))}, taken out of a role."
                " The rights of their own that REDCap kept are in force.",
                "bold red",
            ),
            indent=4,
            width=width,
        )
