"""A design for everybody to read: nobody's username and no e-mail address in any of its texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from redcap_iac.design import Design
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.dictionary.field import CHOICES
from redcap_iac.kinds.people import folded

_HIDDEN = "not published"
_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_NAMING = ("users", "role_assignments", "dag_assignments")
#: What people wrote, logic among it, by kind: a username is found in any case, as REDCap compares.
_TEXTS: Mapping[str, tuple[str, ...]] = {
    "fields": (
        "section_header", "field_label", "field_note", CHOICES, "branching_logic",
        "field_annotation", "text_validation_min", "text_validation_max",
    ),
    "events": ("custom_label",),
    "repeating": ("label",),
    "project": ("value",),
}  # fmt: skip
#: Names of things: a role called Monitor is not its member monitor, so the case counts.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "instruments": ("label",),
    "arms": ("name",),
    "events": ("name",),
    "roles": ("label", "handle"),
    "dags": ("name",),
}


def published(design: Design) -> Design:
    """Return the design with usernames and e-mail addresses hidden in every text.

    A username that is a common word goes wherever it stands alone; what stands in brackets is a
    field, and stays.
    """
    names = sorted(set(_usernames(design)), key=lambda name: (-len(name), name))
    state = design.state
    for table, flags in ((_TEXTS, re.IGNORECASE), (_NAMES, re.NOFLAG)):
        hide = _hiding(names, flags)
        for kind, attributes in table.items():
            if kind in state:
                items = kind_named(kind).items(state)
                state = state.having(kind, tuple(_hidden(one, attributes, hide) for one in items))
    return Design(state)


def _usernames(design: Design) -> Iterator[str]:
    for kind in _NAMING:
        for item in kind_named(kind).items(design.state):
            yield folded(item.username)


def _hiding(names: list[str], flags: re.RegexFlag) -> Callable[[str], str]:
    joined = "|".join(map(re.escape, names)) or r"(?!)"
    pattern = re.compile(rf"(?<![\w\[{{])(?:{joined})(?![\w\]}}(:])", flags)

    def hide(text: str) -> str:
        return _E_MAIL.sub(_HIDDEN, pattern.sub(_HIDDEN, text))

    return hide


def _hidden(
    item: Any,  # noqa: ANN401 - an item of any kind
    attributes: tuple[str, ...],
    hide: Callable[[str], str],
) -> Any:  # noqa: ANN401 - the same
    found = {name: getattr(item, name) for name in attributes}
    changed = {name: hide(text) for name, text in found.items() if hide(text) != text}
    return replace(item, **changed) if changed else item
