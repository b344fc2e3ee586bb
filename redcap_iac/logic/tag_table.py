"""Every action tag REDCap has of its own: the argument it takes and where it may stand.

Source: the design facts 13.8 and the articles RC-AT-01 to RC-AT-11 of the knowledge base (K),
unless a comment says otherwise. External modules add tags of their own (RC-AT-EM-01, K), so an
unknown tag is a question and no error. On a field it does not fit a tag does nothing, and no error
is shown (RC-AT-01, K).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from redcap_iac.suggestions import did_you_mean


class Takes(StrEnum):
    """What the argument of a tag is.

    `TEXT` may hold piping; `CODES` are choices' codes joined by commas; `AMOUNTS` are `code=number`
    joined by commas; `CALCULATION` is one expression, `DATE_CALCULATION` a date, a number and a
    unit; `SIZE` a width and a height; `TAGS` a condition and the tags of both branches.
    """

    NOTHING = "nothing"
    TEXT = "text"
    NUMBER = "number"
    CODES = "codes"
    AMOUNTS = "amounts"
    CALCULATION = "calculation"
    DATE_CALCULATION = "date calculation"
    SIZE = "size"
    FIELD = "field"
    LANGUAGE = "language"
    TAGS = "tags"


class Place(StrEnum):
    """Where a tag acts."""

    FORM = "data entry form"
    SURVEY = "survey"
    APP = "mobile app"
    MYCAP = "MyCap"
    PDF = "PDF"


_WEB = frozenset((Place.FORM, Place.SURVEY))
_EVERYWHERE = _WEB | {Place.APP}
_ONLY = {place: frozenset((place,)) for place in Place}


@dataclass(frozen=True, slots=True)
class TagSort:
    """An action tag: its name in upper case without `@`, argument, field types and places.

    `field_types` is empty for any type. `validations` are the beginnings of those a text field
    needs, empty for any. `is_optional` tells that the argument may be left out. `in_matrix` is
    False where the tag does nothing in a matrix. `since` is the first REDCap version that has it,
    "" where that is not known.
    """

    name: str
    takes: Takes = Takes.NOTHING
    field_types: frozenset[str] = frozenset()
    places: frozenset[Place] = _WEB
    validations: tuple[str, ...] = ()
    is_optional: bool = False
    in_matrix: bool = True
    since: str = ""

    def fits(self, field_type: str, validation: str = "") -> bool:
        """Tell whether it does something on a field of this type and validation."""
        if self.field_types and field_type not in self.field_types:
            return False
        return not self.validations or validation.startswith(self.validations)


def tag_sort(name: str) -> TagSort | None:
    """Return what is known of a tag named without `@`, None for one REDCap does not have.

    Tags of MyCap, `MC-…`, are not all known by name (13.8): any of them is taken.
    """
    upper = name.upper()
    if upper in TAGS:
        return TAGS[upper]
    if upper.startswith("MC-"):
        return TagSort(upper, Takes.TEXT, places=_ONLY[Place.MYCAP], is_optional=True)
    return None


def nearest_tag(name: str) -> str:
    """Return `Did you mean …?` for a misspelt tag, "" when nothing is near.

    Only what is very near: a tag of an external module is none of REDCap's misspelt.
    """
    return did_you_mean(f"@{name}", (f"@{known}" for known in TAGS), 0.8)


_SINGLE = frozenset(("radio", "dropdown", "yesno", "truefalse"))
_CHOICES = _SINGLE | {"checkbox"}
# A dropdown filled by SQL is a dropdown on the page (I).
_LISTED = _CHOICES | {"sql"}
_TEXT = frozenset(("text",))
_FREE = frozenset(("text", "notes"))
_FILES = frozenset(("file",))
_CODED = frozenset(("radio", "dropdown"))
_DATES = ("date",)


def _family(
    name: str, suffixes: Mapping[str, frozenset[Place]], takes: Takes, types: frozenset[str]
) -> tuple[TagSort, ...]:
    return tuple(TagSort(name + suffix, takes, types, at) for suffix, at in suffixes.items())


_SIDES = {"": _WEB, "-FORM": _ONLY[Place.FORM], "-SURVEY": _ONLY[Place.SURVEY]}
_SIGHT = {**_SIDES, "": _EVERYWHERE, "-APP": _ONLY[Place.APP]}
_CLOCKS = {"": _WEB, "-SERVER": _WEB, "-UTC": _WEB}
_NOTHING, _ANY_TYPE = Takes.NOTHING, frozenset[str]()

_SHOWING = (
    *_family("HIDDEN", {**_SIGHT, "-PDF": _ONLY[Place.PDF]}, _NOTHING, _ANY_TYPE),
    *_family("READONLY", _SIGHT, _NOTHING, _ANY_TYPE),
    TagSort("HIDEBUTTON", field_types=_TEXT, validations=("date", "time")),
    TagSort("PASSWORDMASK", field_types=_TEXT),
    TagSort("RICHTEXT", field_types=frozenset(("notes",))),
    TagSort("PLACEHOLDER", Takes.TEXT, _FREE),
    TagSort("INLINE", Takes.SIZE, frozenset(("file", "descriptive")), is_optional=True),
    TagSort("INLINE-PREVIEW", field_types=frozenset(("file", "descriptive"))),
)
_CHOOSING = (
    TagSort("RANDOMORDER", field_types=_LISTED, in_matrix=False),
    TagSort("HIDECHOICE", Takes.CODES, _LISTED, in_matrix=False),
    TagSort("SHOWCHOICE", Takes.CODES, _LISTED, in_matrix=False),
    TagSort("MAXCHOICE", Takes.AMOUNTS, _LISTED),
    TagSort("MAXCHECKED", Takes.NUMBER, frozenset(("checkbox",))),
    TagSort("NONEOFTHEABOVE", Takes.CODES, frozenset(("checkbox",))),
)
_LIMITING = (
    TagSort("FORCE-MINMAX", field_types=_TEXT),
    TagSort("WORDLIMIT", Takes.NUMBER, _FREE),
    TagSort("CHARLIMIT", Takes.NUMBER, _FREE),
    TagSort("NOMISSING"),
)
# Any type but those that hold no entered value: @DEFAULT on a yes-no field works like on radio (I).
_ENTERED = _CHOICES | {"text", "notes", "slider", "sql"}
_FILLING = (
    *_family("NOW", _CLOCKS, _NOTHING, _FREE),
    *_family("TODAY", _CLOCKS, _NOTHING, _FREE),
    *(TagSort(name, field_types=_FREE) for name in ("LATITUDE", "LONGITUDE")),
    TagSort("USERNAME", field_types=_ENTERED),
    TagSort("CONSENT-VERSION", field_types=_FREE, places=_ONLY[Place.SURVEY]),
    TagSort("DEFAULT", Takes.TEXT, _ENTERED),
    TagSort("SETVALUE", Takes.TEXT, _ENTERED),
    TagSort("PREFILL", Takes.TEXT, _ENTERED),  # the old name of SETVALUE
    TagSort("DOWNLOAD-COUNT", Takes.FIELD),
    TagSort("SAVE-PROMPT-EXEMPT", since="15.2.0"),
    TagSort("SAVE-PROMPT-EXEMPT-WHEN-AUTOSET", since="15.2.0"),
)
_COMPUTING = (
    TagSort("IF", Takes.TAGS),
    TagSort("CALCTEXT", Takes.CALCULATION, _TEXT),
    TagSort("CALCDATE", Takes.DATE_CALCULATION, _TEXT, validations=_DATES),
)
_LANGUAGE = (
    *(
        TagSort(f"LANGUAGE-CURRENT{suffix}", field_types=_CODED | _TEXT, places=_SIDES[suffix])
        for suffix in ("-FORM", "-SURVEY")
    ),
    *_family("LANGUAGE-SET", _SIDES, _NOTHING, _CODED),
    *_family("LANGUAGE-FORCE", _SIDES, Takes.LANGUAGE, _ANY_TYPE),
    TagSort("LANGUAGE-MENU-STATIC", places=_ONLY[Place.SURVEY]),
)
_APP = (
    TagSort("APPUSERNAME-APP", field_types=_TEXT, places=_ONLY[Place.APP]),
    TagSort("BARCODE-APP", field_types=_TEXT, places=_ONLY[Place.APP]),
    TagSort("SYNC-APP", field_types=_FILES, places=_ONLY[Place.APP]),
)

#: The tags that are known by name.
TAGS: Mapping[str, TagSort] = {
    one.name: one
    for group in (_SHOWING, _CHOOSING, _LIMITING, _FILLING, _COMPUTING, _LANGUAGE, _APP)
    for one in group
}
