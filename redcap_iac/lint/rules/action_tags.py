"""Action tags: their names, where they stand, whether they do anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.field import VALIDATION, Field
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.wording import at_field
from redcap_iac.lint.settings import Settings
from redcap_iac.logic.action_tags import Tag, action_tags, every_tag
from redcap_iac.logic.tag_table import Takes, nearest_tag, tag_sort

COLUMN = "field_annotation"
_COMPUTING = frozenset(("CALCTEXT", "CALCDATE"))


@lru_cache(maxsize=65_536)
def tags_in(text: str) -> tuple[Tag, ...]:
    """Return every tag of an annotation, those inside `@IF` too."""
    return tuple(every_tag(text)) if "@" in text else ()


def working_tags(design: Design) -> Iterator[tuple[Field, Tag]]:
    """Yield the tags REDCap looks at: known, and in capital letters."""
    for field, tag in all_tags(design):
        if tag.written == tag.name and tag_sort(tag.name) is not None:
            yield field, tag


def all_tags(design: Design) -> Iterator[tuple[Field, Tag]]:
    """Yield every tag of a design with its field, in order."""
    for field in design.fields:
        for tag in tags_in(field.field_annotation):
            yield field, tag


@rule("AT001", Severity.WARNING)
def misspelt_tag(design: Design, settings: Settings) -> Iterator[Found]:
    """An action tag is misspelt.

    Why: REDCap leaves out what it does not know without a word.

    Bad:
        fields:
          seen: {type: text, validation: date_ymd, label: Seen, annotation: "@TODAYS"}

    Good:
        fields:
          seen: {type: text, validation: date_ymd, label: Seen, annotation: "@TODAY"}

    Instead: Write it as in REDCap's list. A tag of an external module that is nearly called like
    one of REDCap's goes into the setting `external_module_tags`.
    """
    for field, tag in _foreign(design, settings):
        if near := nearest_tag(tag.name):
            message = f"has the tag @{tag.name}, which REDCap does not have"
            yield at_field(field, COLUMN, message, near)


@rule("AT015", Severity.NOTE)
def foreign_tag(design: Design, settings: Settings) -> Iterator[Found]:
    """An action tag is none of REDCap's own.

    Why: It works only where an external module that knows it is enabled; elsewhere REDCap leaves
    it out without a word.

    Bad:
        fields:
          a: {type: descriptive, label: A, annotation: "@FORMINSTANCE"}

    Good:
        fields:
          a: {type: descriptive, label: A, annotation: "@INLINE"}

    Instead: List the tags of the modules in use in the setting `external_module_tags`.
    """
    first: dict[str, Field] = {}
    counts: Counter[str] = Counter()
    for field, tag in _foreign(design, settings):
        if not nearest_tag(tag.name):
            first.setdefault(tag.name, field)
            counts[tag.name] += 1
    for name, field in first.items():
        more = f" ({counts[name]} times in the project)" if counts[name] > 1 else ""
        message = f"has the tag @{name}, which is none of REDCap's own{more}"
        advice = (
            "If an external module brings it, list it in the manifest: "
            "`lint: {settings: {external_module_tags: [NAME]}}`."
        )
        yield at_field(field, COLUMN, message, advice)


def _foreign(design: Design, settings: Settings) -> Iterator[tuple[Field, Tag]]:
    """Yield tags in capital letters that neither REDCap has nor the settings name."""
    allowed = {name.upper().lstrip("@") for name in settings.list("external_module_tags", ())}
    for field, tag in all_tags(design):
        if tag.written == tag.name and tag.name not in allowed and tag_sort(tag.name) is None:
            yield field, tag


@rule("AT002", Severity.WARNING)
def computing_tag_inside(design: Design, _: Settings) -> Iterator[Found]:
    """A tag that computes a value stands inside `@IF`.

    Why: `@IF` is decided when the page is opened, while `@CALCTEXT` and `@CALCDATE` work in imports
    and data quality rules too: the value depends on where it is worked out.

    Bad:
        fields:
          a: {type: yesno, label: A}
          b: {type: text, label: B, annotation: "@IF([a] = '1', @CALCTEXT('yes'), '')"}

    Good:
        fields:
          a: {type: yesno, label: A}
          b: {type: text, label: B, annotation: "@CALCTEXT(if([a] = '1', 'yes', ''))"}

    Instead: Put the condition inside: `@CALCTEXT(if(condition, …, ''))`.
    """
    for field in design.fields:
        for tag in tags_in(field.field_annotation):
            inner = {one.name for one in tag.inner} & _COMPUTING if tag.name == "IF" else set()
            for name in sorted(inner):
                advice = f"Put the condition inside: @{name}(if(condition, …, '')…)."
                yield at_field(field, COLUMN, f"has @{name} inside @IF", advice)


@rule("AT007", Severity.WARNING)
def tag_without_effect(design: Design, _: Settings) -> Iterator[Found]:
    """An action tag stands on a field of a type it does nothing for.

    Why: REDCap leaves it out without a word.

    Bad:
        fields:
          weight: {type: text, validation: number, label: Weight, annotation: "@HIDECHOICE='1'"}

    Good:
        fields:
          weight: {type: text, validation: number, label: Weight, annotation: "@CHARLIMIT=5"}

    Instead: Take it out, or put it on the field it is meant for.
    """
    for field, tag in working_tags(design):
        known = tag_sort(tag.name)
        validation = design.validation(field.field_name)
        if known is None or known.fits(field.field_type, validation):
            continue
        kind = f"type {field.field_type}"
        if not known.field_types or field.field_type in known.field_types:
            written: str = getattr(field, VALIDATION)
            kind = f"validation {written}" if written else "no validation"
        message = f"has @{tag.name}, which does nothing for a field of {kind}"
        yield at_field(field, COLUMN, message, "Take it out, or change the field.")


@rule("AT008", Severity.WARNING)
def tag_never_closed(design: Design, _: Settings) -> Iterator[Found]:
    """An action tag's parenthesis or quotation mark is never closed.

    Why: REDCap cannot tell where its argument ends: the tag does nothing, or swallows the next.

    Bad:
        fields:
          a: {type: yesno, label: A}
          b: {type: text, label: B, annotation: "@IF([a] = '1', @HIDDEN, ''"}

    Good:
        fields:
          a: {type: yesno, label: A}
          b: {type: text, label: B, annotation: "@IF([a] = '1', @HIDDEN, '')"}

    Instead: Count the parentheses and quotation marks.
    """
    for field, tag in working_tags(design):
        if not tag.closed:
            message = f"has @{tag.name} with a parenthesis or quotation mark that is never closed"
            yield at_field(field, COLUMN, message, "Count the parentheses and quotation marks.")


@rule("AT009", Severity.WARNING)
def tag_in_small_letters(design: Design, _: Settings) -> Iterator[Found]:
    """An action tag is not written in capital letters.

    Why: REDCap knows its tags in capital letters only: `@today` does nothing.

    Bad:
        fields:
          seen: {type: text, validation: date_ymd, label: Seen, annotation: "@Today"}

    Good:
        fields:
          seen: {type: text, validation: date_ymd, label: Seen, annotation: "@TODAY"}

    Instead: Write it in capital letters.
    """
    for field, tag in all_tags(design):
        if tag.written != tag.name and tag_sort(tag.name) is not None:
            message = f"has @{tag.written}, which REDCap knows only as @{tag.name}"
            yield at_field(field, COLUMN, message, f"Write @{tag.name}.")


@rule("AT010", Severity.WARNING)
def tag_twice(design: Design, _: Settings) -> Iterator[Found]:
    """A field has the same action tag twice with different arguments.

    Why: REDCap takes one of them, and which is not documented.

    Bad:
        fields:
          a: {type: text, label: A, annotation: "@DEFAULT='north' @DEFAULT='south'"}

    Good:
        fields:
          a: {type: text, label: A, annotation: "@DEFAULT='north'"}

    Instead: Keep one of them; let `@IF` choose where both are meant.
    """
    for field in design.fields:
        if field.field_annotation.count("@") < 2:
            continue
        tags = {
            (tag.name, tuple(part.text for part in tag.arguments))
            for tag in action_tags(field.field_annotation)
            if (known := tag_sort(tag.name)) is not None
            and known.takes not in (Takes.NOTHING, Takes.TAGS)
        }
        for name, count in Counter(name for name, _texts in tags).items():
            if count > 1:
                message = f"has @{name} {count} times with different arguments"
                yield at_field(field, COLUMN, message, "Keep one; let @IF choose between them.")
