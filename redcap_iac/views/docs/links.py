"""Where names lead on the page: to the row of a field, to an instrument."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

from redcap_iac.design import Design
from redcap_iac.secret import redact
from redcap_iac.views.docs.rich_labels import plain
from redcap_iac.views.printable import printable

_NAME = re.compile(r"\[\s*([A-Za-z0-9_]+)(?=\s*[\](:])")
_LINK = Markup('<a href="#{}">{}</a>')


def anchor(name: str) -> str:
    """Return the permalink of a field."""
    return f"field-{said(name)}"


def anchor_of_form(name: str) -> str:
    """Return the permalink of an instrument."""
    return f"instrument-{said(name)}"


def titles_of_forms(design: Design) -> Mapping[str, str]:
    """Return what each instrument is called: its label, or its name as words."""
    labels = {one.name: plain(one.label) for one in design.instrument_items}
    return {
        name: labels.get(name) or said(name).replace("_", " ").capitalize()
        for name in design.instruments
    }


def linked(design: Design, text: str) -> Markup:
    """Return logic as HTML in which every field leads to its row, a status to its instrument."""
    parts, at = [], 0
    for match in _NAME.finditer(text):
        target = target_of(design, match[1])
        if target:
            before = escape(said(text[at : match.start(1)]))
            parts += [before, _LINK.format(target, said(match[1]))]
            at = match.end(1)
    return Markup().join((*parts, escape(said(text[at:]))))


def target_of(design: Design, name: str) -> str:
    """Return where a name in logic leads: a field's row, the instrument of a status, "" nowhere."""
    field = design.field(name)
    if field is not None:
        return anchor(field.field_name)
    instrument = design.status_of(name)
    return anchor_of_form(instrument) if instrument else ""


def said(text: str) -> str:
    """Return a text as it may stand on the page."""
    return printable(redact(text))
