"""Names and labels as words, and the sentences' other ends: what rules of text share."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import lru_cache

from redcap_iac.edits import SetCell
from redcap_iac.kinds.dictionary.field import VALIDATION, Field
from redcap_iac.kinds.kind import encoded
from redcap_iac.lint.rule import Found
from redcap_iac.lint.settings import Profile

#: What need not be right while people try things out, but before records are real.
BEFORE_PRODUCTION = frozenset({Profile.GO_LIVE})
#: What the app for phones and tablets alone cannot do.
IN_THE_APP = frozenset({Profile.MOBILE})

_TAG = re.compile(r"<[/!a-zA-Z][^<>]*>")
#: Action tags that fill a field without anybody typing.
_FILLED = re.compile(
    r"@(CALC(TEXT|DATE)|NOW|TODAY|USERNAME|APPUSERNAME|LATITUDE|LONGITUDE|CONSENT-VERSION|HIDDEN\b)"
)


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """Return a text for people without its markup, blanks collapsed."""
    bare = _TAG.sub(" ", text) if "<" in text else text
    return " ".join((html.unescape(bare) if "&" in bare else bare).split())


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """Return a text as it is compared: words alone, without markup, case and punctuation."""
    return " ".join(re.findall(r"[^\W_]+", plain(text).casefold()))


@lru_cache(maxsize=65_536)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name: `dob_2_mother` gives dob and mother."""
    return tuple(re.findall(r"[a-z]+", name.lower()))


@lru_cache(maxsize=256)
def _phrases(phrases: tuple[str, ...]) -> re.Pattern[str]:
    # what `folded` makes of a phrase, so that "e-mail" is found as "e mail"
    words = "|".join(re.escape(folded(phrase)) for phrase in phrases)
    return re.compile(rf"(?<!\S)(?:{words})(?!\S)")


def said(text: str, phrases: tuple[str, ...]) -> str:
    """Return the first of some phrases that stands in a text as whole words, "" for none."""
    match = _phrases(phrases).search(folded(text)) if phrases else None
    return match[0] if match else ""


def named(name: str, phrases: tuple[str, ...]) -> str:
    """Return the first of some phrases that stands in a name: `first name` in `pt_first_name`."""
    return said(" ".join(name_words(name)), phrases)


def ends_with(text: str, phrases: tuple[str, ...]) -> str:
    """Return the first of some phrases that a text ends with, "" for none."""
    words = f" {folded(text)}"
    return next((phrase for phrase in phrases if words.endswith(f" {folded(phrase)}")), "")


def is_free_text(field: Field) -> bool:
    """Tell whether people type anything into a field: text without validation or ontology."""
    return (
        field.field_type == "text"
        and not getattr(field, VALIDATION).strip()
        and not field.select_choices_or_calculations.strip()
        and not is_filled(field)
    )


def is_filled(field: Field) -> bool:
    """Tell whether a tag fills a field, or hides it, so that nobody types into it."""
    return _FILLED.search(field.field_annotation.upper()) is not None


def short(text: str, most: int = 40) -> str:
    """Return a text for a message, cut after `most` characters."""
    text = plain(text)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def at_field(
    field: Field, column: str, message: str, advice: str = "", fix: Iterable[SetCell] = ()
) -> Found:
    """Return what is found in a column of a field; the message goes on after `Field NAME`."""
    return Found(
        f"field/{encoded(field.field_name)}",
        f"Field {field.field_name} {message}.",
        field.place(column),
        advice,
        tuple(fix),
    )


def count_of(number: int, noun: str) -> str:
    """Return `1 field`, `2 fields`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
