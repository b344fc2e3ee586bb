"""Values piped into texts, and fields embedded in them."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from redcap_iac.design import Design, Purpose, Site
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.logic_remarks import at_site
from redcap_iac.lint.settings import Settings
from redcap_iac.logic import Reference
from redcap_iac.logic.piping import MODIFIERS
from redcap_iac.logic.smart_variables import EVENT_NAMES, INSTANCE_NAMES

#: How alike a name must be to a field's to be a slip and no word of a text.
_ALIKE = 0.85
_LONG_ENOUGH = 5
#: A tag whose argument is not at its end yet.
_TAG_BEFORE = re.compile(r"@[A-Z][A-Z-]+\s*(=\s*(\"[^\"]*|'[^']*)|\([^)]*)\Z")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@rule("AT006", Severity.WARNING)
def piped_unknown(design: Design, _: Settings) -> Iterator[Found]:
    """A text pipes in a field that is not there.

    Why: People read the brackets, or a blank, in place of the value. Words in brackets that only
    look like a field are let pass: it is found where an event, an instance or a modifier stands
    beside the name, where a field of nearly that name is there, and in the labels of records,
    events and instances, which are there for nothing else.

    Bad:
        fields:
          first_name: {type: text, label: First name}
          hello: {type: descriptive, label: "Welcome, [frist_name]!"}

    Good:
        fields:
          first_name: {type: text, label: First name}
          hello: {type: descriptive, label: "Welcome, [first_name]!"}

    Instead: Write the name of a field of the project.
    """
    names = tuple(field.field_name for field in design.fields)
    for site in design.sites:
        if site.purpose is not Purpose.PIPING or not isinstance(site.tree, Reference):
            continue
        name = site.tree.field
        if design.instrument_of(name) is not None or _is_example(site):
            continue
        near = _near(name, names)
        if near or site.field is None or _is_certain(design, site.tree):
            advice = f"Did you mean `{near}`?" if near else ""
            yield at_site(site, f"pipes in {name}, which is not a field", advice)


def _is_example(site: Site) -> bool:
    """Tell whether a text for people explains a tag: `write @SETVALUE='1,[other:value]'`."""
    if site.field is None or site.tag is not None:
        return False
    text: str = getattr(site.field, site.column)
    return _TAG_BEFORE.search(text, 0, site.offset) is not None


@lru_cache(maxsize=1_024)
def _near(name: str, names: tuple[str, ...]) -> str:
    # [e.g. age], [other], [mm] are text: a slip is a name written as names are
    if len(name) < _LONG_ENOUGH or not _NAME.fullmatch(name) or "_" not in name:
        return ""
    return next(iter(difflib.get_close_matches(name, names, n=1, cutoff=_ALIKE)), "")


def _is_certain(design: Design, reference: Reference) -> bool:
    event = reference.event
    if event is not None:
        return event.lower() in EVENT_NAMES or design.visit(event) is not None
    if reference.instance is not None:
        return reference.instance.lower() in INSTANCE_NAMES
    return any(word.lower() in MODIFIERS for word in reference.modifiers)


@rule("AT004", Severity.WARNING)
def embedded_elsewhere(design: Design, _: Settings) -> Iterator[Found]:
    """A text embeds a field of another instrument, or misspells one of its own.

    Why: A field can only be embedded on its own instrument: people read the braces.

    Bad:
        instruments:
          - instrument: base
            fields:
              record_id: {type: text, label: Record ID}
              weight: {type: text, label: Weight}
          - instrument: visit
            fields: {table: {type: descriptive, label: "Weight: {weight}"}}

    Good:
        instruments:
          - instrument: base
            fields:
              record_id: {type: text, label: Record ID}
              weight: {type: text, label: Weight}
              table: {type: descriptive, label: "Weight: {weight}"}

    Instead: Pipe it with `[weight]`, or move one of the fields.
    """
    for site, name, instrument in _embedded(design):
        own = site.field.form_name if site.field is not None else ""
        if instrument != own:
            clause = f"embeds {name}, which is on {instrument} and not on {own}"
            yield at_site(site, clause, f"Pipe it with [{name}], or move one of the fields.")
    names = tuple(field.field_name for field in design.fields)
    for site in design.sites:
        if site.purpose is Purpose.EMBEDDING and isinstance(site.tree, Reference):
            name = site.tree.field
            near = "" if design.instrument_of(name) else _near(name, names)
            if near:
                yield at_site(
                    site, f"embeds {name}, which is not a field", f"Did you mean `{near}`?"
                )


@rule("AT014", Severity.WARNING)
def embedded_twice(design: Design, _: Settings) -> Iterator[Found]:
    """A field is embedded more than once, or in itself.

    Why: A field has one place on the page. REDCap shows it at one of them, which is not documented.

    Bad:
        fields:
          weight: {type: text, label: Weight}
          table: {type: descriptive, label: "Before {weight}, after {weight}"}

    Good:
        fields:
          weight: {type: text, label: Weight}
          later: {type: text, label: Weight later}
          table: {type: descriptive, label: "Before {weight}, after {later}"}

    Instead: Embed it once; show its value elsewhere with `[weight]`.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for site, name, instrument in _embedded(design):
        own = site.field.field_name if site.field is not None else ""
        if site.field is None or instrument != site.field.form_name:
            continue
        counts[name, instrument] += 1
        if name == own:
            yield at_site(site, f"embeds {name} in itself", "Embed it in another field.")
        elif counts[name, instrument] == 2:
            clause = f"embeds {name}, which is embedded before"
            yield at_site(site, clause, f"Show its value with [{name}] here.")


def _embedded(design: Design) -> Iterator[tuple[Site, str, str]]:
    """Yield what is embedded: the site, the field's name as declared, its instrument.

    Braces around what is no field are text: style sheets and scripts in labels are full of them.
    """
    for site in design.sites:
        if site.purpose is Purpose.EMBEDDING and isinstance(site.tree, Reference):
            field = design.field(site.tree.field)
            if field is not None:
                yield site, field.field_name, field.form_name
