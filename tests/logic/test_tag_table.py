import pytest

from redcap_iac.logic.tag_table import TAGS, Place, Takes, nearest_tag, tag_sort

#: The list of the design facts 13.8, its shorthands written out.
LISTED = """
    HIDDEN HIDDEN-SURVEY HIDDEN-FORM HIDDEN-APP HIDDEN-PDF READONLY READONLY-SURVEY READONLY-FORM
    READONLY-APP RANDOMORDER HIDECHOICE SHOWCHOICE MAXCHOICE MAXCHECKED NONEOFTHEABOVE
    PASSWORDMASK FORCE-MINMAX WORDLIMIT CHARLIMIT RICHTEXT PLACEHOLDER NOW TODAY NOW-SERVER
    TODAY-SERVER NOW-UTC TODAY-UTC LATITUDE LONGITUDE USERNAME CONSENT-VERSION DEFAULT SETVALUE
    PREFILL HIDEBUTTON INLINE INLINE-PREVIEW DOWNLOAD-COUNT IF CALCTEXT CALCDATE
    LANGUAGE-CURRENT-FORM LANGUAGE-CURRENT-SURVEY LANGUAGE-SET LANGUAGE-SET-FORM
    LANGUAGE-SET-SURVEY LANGUAGE-FORCE LANGUAGE-FORCE-FORM LANGUAGE-FORCE-SURVEY
    LANGUAGE-MENU-STATIC NOMISSING APPUSERNAME-APP BARCODE-APP SYNC-APP
"""


def test_every_listed_tag_is_known_and_two_newer_ones() -> None:
    newer = {"SAVE-PROMPT-EXEMPT", "SAVE-PROMPT-EXEMPT-WHEN-AUTOSET"}

    assert set(TAGS) == {*LISTED.split(), *newer}
    assert {TAGS[name].since for name in newer} == {"15.2.0"}


def test_tags_of_external_modules_are_unknown() -> None:
    assert tag_sort("INSTANCETABLE") is None


def test_any_tag_of_mycap_is_known() -> None:
    known = tag_sort("MC-PARTICIPANT-CODE")

    assert known is not None
    assert known.places == {Place.MYCAP}


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("NONEOFTHEABOV", "Did you mean `@NONEOFTHEABOVE`?"),
        ("NOW_UTC", "Did you mean `@NOW-UTC`?"),
        ("READ-ONLY", "Did you mean `@READONLY`?"),
        ("INSTANCETABLE", ""),
    ],
)
def test_a_misspelt_tag_gets_the_nearest(name: str, advice: str) -> None:
    assert nearest_tag(name) == advice


@pytest.mark.parametrize(
    ("name", "takes"),
    [
        ("HIDDEN", Takes.NOTHING),
        ("DEFAULT", Takes.TEXT),
        ("WORDLIMIT", Takes.NUMBER),
        ("MAXCHECKED", Takes.NUMBER),
        ("HIDECHOICE", Takes.CODES),
        ("MAXCHOICE", Takes.AMOUNTS),
        ("IF", Takes.TAGS),
        ("CALCTEXT", Takes.CALCULATION),
        ("CALCDATE", Takes.DATE_CALCULATION),
        ("LANGUAGE-FORCE-SURVEY", Takes.LANGUAGE),
    ],
)
def test_a_tag_takes_a_kind_of_argument(name: str, takes: Takes) -> None:
    assert TAGS[name].takes is takes


@pytest.mark.parametrize(
    ("name", "field_type", "validation", "fits"),
    [
        ("HIDDEN", "descriptive", "", True),
        ("MAXCHECKED", "checkbox", "", True),
        ("MAXCHECKED", "radio", "", False),
        ("RICHTEXT", "notes", "", True),
        ("RICHTEXT", "text", "", False),
        ("CALCDATE", "text", "date_dmy", True),
        ("CALCDATE", "text", "datetime_seconds_ymd", True),
        ("CALCDATE", "text", "", False),
        ("CALCTEXT", "text", "integer", True),
        ("CALCTEXT", "calc", "", False),
        ("HIDEBUTTON", "text", "time", True),
        ("HIDEBUTTON", "text", "integer", False),
        ("LANGUAGE-SET", "text", "", False),
        ("DEFAULT", "file", "", False),
    ],
)
def test_a_tag_fits_some_fields(name: str, field_type: str, validation: str, fits: bool) -> None:
    assert TAGS[name].fits(field_type, validation) is fits


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("HIDDEN", {Place.FORM, Place.SURVEY, Place.APP}),
        ("HIDDEN-PDF", {Place.PDF}),
        ("READONLY-SURVEY", {Place.SURVEY}),
        ("BARCODE-APP", {Place.APP}),
        ("NOW", {Place.FORM, Place.SURVEY}),
        ("LANGUAGE-CURRENT-FORM", {Place.FORM}),
    ],
)
def test_a_tag_acts_in_some_places(name: str, places: set[Place]) -> None:
    assert TAGS[name].places == places


def test_choices_of_a_matrix_can_be_counted_but_not_hidden() -> None:
    assert TAGS["MAXCHOICE"].in_matrix
    assert not any(TAGS[name].in_matrix for name in ("RANDOMORDER", "HIDECHOICE", "SHOWCHOICE"))
