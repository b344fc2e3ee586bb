"""References across repeating instances: which of many values is meant."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.design import Design, Site
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.logic_remarks import at_site, expressions
from redcap_iac.lint.settings import Settings
from redcap_iac.logic import Reference


@rule("LG019", Severity.WARNING)
def instance_where_nothing_repeats(design: Design, _: Settings) -> Iterator[Found]:
    """Logic asks for an instance of a field that does not repeat.

    Why: There is one value only; the first instance is it, any other is blank.

    Bad:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: Record ID}
              weight: {type: text, label: Weight}
              more: {type: text, label: More, branching: "[weight][previous-instance] <> ''"}
          - instrument: visit
            fields: {pain: {type: text, label: Pain}}
        repeat: [visit]

    Good:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: Record ID}
              weight: {type: text, label: Weight}
              more: {type: text, label: More, branching: "[weight] <> ''"}
          - instrument: visit
            fields: {pain: {type: text, label: Pain}}
        repeat: [visit]

    Instead: Leave the instance out, or let the instrument repeat.
    """
    if "repeating" not in design.state:
        return
    for site in design.sites:
        for reference in site.references:
            instrument = design.instrument_of(reference.field)
            if reference.instance is None or instrument is None:
                continue
            if not design.repeats_somewhere(instrument):
                clause = f"asks for [{reference.field}][{reference.instance}], but {instrument}"
                yield at_site(site, f"{clause} does not repeat", "Leave the instance out.")


@rule("LG027", Severity.WARNING)
def repeating_field_from_outside(design: Design, _: Settings) -> Iterator[Found]:
    """Logic asks for a field of a repeating instrument from outside, without saying which instance.

    Why: There may be many values; without an instance REDCap takes the first one or none, which
    differs between pages, imports and versions.

    Bad:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: Record ID}
              again: {type: text, label: Again, branching: "[pain] > 5"}
          - instrument: visit
            fields: {pain: {type: text, validation: integer, label: Pain}}
        repeat: [visit]

    Good:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: Record ID}
              again: {type: text, label: Again, branching: "[pain][last-instance] > 5"}
          - instrument: visit
            fields: {pain: {type: text, validation: integer, label: Pain}}
        repeat: [visit]

    Instead: Say which instance: `[field][first-instance]`, `[field][last-instance]`, `[field][2]`.
    """
    for site in expressions(design):
        if site.field is None:
            continue
        for reference in dict.fromkeys(site.references):
            instrument = design.instrument_of(reference.field)
            if instrument is None or reference.instance is not None:
                continue
            if instrument != site.field.form_name and _repeats(design, site, reference, instrument):
                clause = f"asks for {reference.field} of {instrument}, which repeats"
                advice = f"Say which instance, as in [{reference.field}][last-instance]."
                yield at_site(site, f"{clause}, without saying which instance", advice)


def _repeats(design: Design, site: Site, reference: Reference, instrument: str) -> bool:
    """Tell whether an instrument repeats by itself where one of its fields is asked for."""
    if not design.is_longitudinal:
        return design.repeats_somewhere(instrument)
    if reference.event is not None:
        visit = design.visit(reference.event)
        return visit is not None and visit.repeats(instrument)
    # within an event that repeats as a whole the same instance is meant
    asking = design.visits_of(site.field.form_name) if site.field is not None else ()
    return any(instrument in one.repeating for one in asking)
