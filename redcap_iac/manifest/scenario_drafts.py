"""Drafted scenarios as the text of a scenario file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from redcap_iac.manifest.quoting import scalar
from redcap_iac.scenarios.drafting import Draft
from redcap_iac.scenarios.place import Page, Place
from redcap_iac.suggestions import in_words

_WIDTH = 100


def draft_text(drafts: Iterable[Draft], clock: datetime) -> str:
    """Return a scenario file; what nothing was found for is a comment."""
    found = list(drafts)
    lines = [
        "# Drafted by `redcap-iac test --draft`. Keep it as tests/NAME.test.yaml, read each",
        "# scenario, and name it for what it means.",
        f"today: {clock.date().isoformat()}",
        "",
        "scenarios:" if any(one.given is not None for one in found) else "scenarios: []",
    ]
    for alike in _grouped(found):
        lines += _scenario(alike) if alike[0].given is not None else [_comment(alike[0])]
    if not found:
        lines.append("# No field has branching logic.")
    return "\n".join(lines)


def _grouped(drafts: list[Draft]) -> Iterator[list[Draft]]:
    """Yield drafts that say the same of several fields together, where the first of them stood."""
    groups: dict[object, list[Draft]] = {}
    for draft in drafts:
        key = (draft.page, draft.shows, draft.given)
        groups.setdefault(key if draft.given is not None else (draft.field, *key), []).append(draft)
    yield from groups.values()


def _comment(draft: Draft) -> str:
    what = "shows" if draft.shows else "hides"
    return f"  # {draft.field}: no values were found under which its branching logic {what} it"


def _scenario(alike: list[Draft]) -> Iterator[str]:
    draft, fields = alike[0], [one.field for one in alike]
    claim = "shown" if draft.shows else "hidden"
    named = in_words([*fields[:2], f"{len(fields) - 2} more"] if len(fields) > 3 else fields, "and")
    yield f"  - name: {named} {'is' if len(fields) == 1 else 'are'} {claim}"
    yield from _given(draft)
    yield f"    at: {_place(draft.page)}"
    yield "    expect:"
    yield from _listed(claim, fields)


def _listed(claim: str, fields: list[str]) -> Iterator[str]:
    line = f"      {claim}: [{', '.join(fields)}]"
    if len(line) <= _WIDTH:
        yield line
        return
    yield f"      {claim}:"
    yield from (f"        - {field}" for field in fields)


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
