"""Drafted scenarios as the text of a scenario file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from redcap_iac.manifest.quoting import scalar
from redcap_iac.scenarios.drafting import Draft
from redcap_iac.scenarios.place import Page, Place


def draft_text(drafts: Iterable[Draft], clock: datetime) -> str:
    """Return a scenario file; what nothing was found for is a comment."""
    found = list(drafts)
    lines = [
        "# Drafted by `redcap-iac test --draft`: read each, name it for what it means, keep it.",
        f"today: {clock.date().isoformat()}",
        "",
        "scenarios:" if any(one.given is not None for one in found) else "scenarios: []",
    ]
    for draft in found:
        lines += _scenario(draft) if draft.given is not None else [_comment(draft)]
    if not found:
        lines.append("# No field has branching logic.")
    return "\n".join(lines)


def _comment(draft: Draft) -> str:
    what = "shows" if draft.shows else "hides"
    return f"  # {draft.field}: no values were found under which its branching logic {what} it"


def _scenario(draft: Draft) -> Iterator[str]:
    claim = "shown" if draft.shows else "hidden"
    yield f"  - name: {draft.field} is {claim}"
    yield from _given(draft)
    yield f"    at: {_place(draft.page)}"
    yield "    expect:"
    yield f"      {claim}: [{draft.field}]"


def _given(draft: Draft) -> Iterator[str]:
    places: dict[Place, list[str]] = {}
    for place, name, values in draft.given or ():
        places.setdefault(place, []).append(f"{name}: {_value(values)}")
    if not places:
        return
    yield "    given:"
    for place, pairs in places.items():
        key = str(place)
        if key:
            yield f"      {key}: {{{', '.join(pairs)}}}"
        else:
            yield from (f"      {pair}" for pair in pairs)


def _value(values: tuple[str, ...]) -> str:
    if len(values) == 1:
        return scalar(values[0])
    return f"[{', '.join(scalar(value) for value in values)}]"


def _place(page: Page) -> str:
    if page.place.instrument or not page.place.event:
        return str(page.place) or page.instrument
    return f"{page.place}/{page.instrument}"
