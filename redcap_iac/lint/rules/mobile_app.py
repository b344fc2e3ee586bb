"""DD: what the app for phones and tablets does not do (knowledge base RC-MOB-01, RC-FD-07, -08)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from redcap_iac.design import Design, Purpose, Site
from redcap_iac.findings import Severity
from redcap_iac.kinds.kind import encoded
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.coded import pairs
from redcap_iac.lint.rules.wording import IN_THE_APP, at_field, count_of
from redcap_iac.lint.settings import Settings


@rule("DD034", Severity.WARNING, profiles=IN_THE_APP)
def too_many_for_the_app(design: Design, settings: Settings) -> Iterator[Found]:
    """An instrument is too large for the mobile app.

    The setting `most_fields_in_app` is 500; the app is fast below 100 and may stop working above
    1,000 (knowledge base).

    Why: In the field nobody can help when the app hangs with a form half filled in.

    Bad:
        lint: {settings: {most_fields_in_app: 1}}
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              weight: {type: text, label: "Weight"}
    Good:
        lint: {settings: {most_fields_in_app: 1}}
        instruments:
          - instrument: form
            fields: {record_id: {type: text, label: "Record ID"}}
          - instrument: vitals
            fields: {weight: {type: text, label: "Weight"}}
    Instead: Split the instrument.
    """
    most = settings.number("most_fields_in_app", 500)
    for name, fields in design.by_instrument.items():
        if len(fields) > most:
            yield Found(
                f"instrument/{encoded(name)}",
                f"Instrument {name} has {len(fields):,} fields, and the mobile app is made for "
                f"{most:,} at most.",
                advice="Split the instrument.",
            )


@rule("DD045", Severity.WARNING, profiles=IN_THE_APP)
def embedded_in_the_app(design: Design, _settings: Settings) -> Iterator[Found]:
    """Fields are embedded in another's text, which the mobile app does not show.

    Why: In the app the field stands at its own place, and the text has `{name}` in it (knowledge
    base).

    Bad:
        fields:
          vitals: {type: descriptive, label: "Pulse {pulse} a minute"}
          pulse: {type: text, label: "Pulse"}
    Good:
        fields:
          pulse: {type: text, label: "Pulse a minute"}
    Instead: Let the field stand by itself, with a label that says all.
    """
    hosts: dict[str, tuple[Site, list[str]]] = {}
    for site in design.sites:
        if site.purpose is Purpose.EMBEDDING and site.references:
            name = site.references[0].field
            if design.field(name) is not None:
                hosts.setdefault(site.address, (site, []))[1].append(name)
    for site, names in hosts.values():
        if site.field is not None:
            yield at_field(
                site.field,
                site.column,
                f"embeds {count_of(len(names), 'field')}, such as {names[0]}, and the mobile app "
                "does not",
                "Let the fields stand by themselves, with labels that say all.",
            )


@rule("DD046", Severity.WARNING, profiles=IN_THE_APP)
def ontology_in_the_app(design: Design, _settings: Settings) -> Iterator[Found]:
    """A field looks its values up in an ontology, which needs the network.

    Why: The mobile app works without a network: there the field offers nothing (knowledge base).

    Bad:
        fields:
          diagnosis: {type: text, label: "Diagnosis", ontology: "BIOPORTAL:ICD10"}
    Good:
        fields:
          diagnosis: {type: dropdown, label: "Diagnosis", choices: {i10: "Hypertension"}}
    Instead: Give the few values that come up as choices, with an Other.
    """
    for field in design.fields:
        if field.field_type == "text" and ":" in field.select_choices_or_calculations:
            yield at_field(
                field,
                "select_choices_or_calculations",
                "looks its values up over the network, which the mobile app works without",
                "Give the few values that come up as choices.",
            )


@rule("DD047", Severity.NOTE, profiles=IN_THE_APP)
def wide_matrix(design: Design, settings: Settings) -> Iterator[Found]:
    """A matrix is wider than the screen of a phone.

    The setting `widest_matrix` is 5 choices.

    Why: People have to push the grid aside, and tick the last choice they see (knowledge base).

    Bad:
        instruments:
          - instrument: form
            matrices:
              pain: {type: radio, choices: {0: "0", 1: "1", 2: "2", 3: "3", 4: "4", 5: "5"}}
            fields:
              record_id: {type: text, label: "Record ID"}
              pain_head: {matrix: pain, label: "Head"}
              pain_back: {matrix: pain, label: "Back"}
    Good:
        instruments:
          - instrument: form
            matrices: {pain: {type: radio, choices: {0: "None", 1: "Some", 2: "Much"}}}
            fields:
              record_id: {type: text, label: "Record ID"}
              pain_head: {matrix: pain, label: "Head"}
              pain_back: {matrix: pain, label: "Back"}
    Instead: Ask the rows one by one, or use fewer choices.
    """
    most = settings.number("widest_matrix", 5)
    for name, rows in groupby(design.fields, lambda field: field.matrix_group_name.strip()):
        first = next(rows)
        if name and len(pairs(first)) > most:
            yield at_field(
                first,
                "matrix_group_name",
                f"begins a matrix of {len(pairs(first))} choices, more than {most} fit on a phone",
                "Ask the rows one by one, or use fewer choices.",
            )
