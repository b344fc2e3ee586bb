"""The page: one file that runs, loads and leads nowhere but in itself, and can be walked by ear."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise

import pytest

from redcap_iac.views.docs import MARK, About, docs_html
from tests.views.docs.reading import (
    ABOUT,
    PUBLIC,
    Page,
    design_of,
    design_with,
    example,
    page_of,
)

#: Names that could be mistaken for another: of a status, of a part of the page, of each other.
ALIKE = """\
instruments:
  - instrument: heading
    fields:
      record_id: {type: text, label: "ID"}
      heading: {type: text, label: "Named as its instrument"}
      search: {type: yesno, label: "Named as the box"}
      codebook: {type: text, label: "C", branching: "[heading_complete] = '2' and [search] = '1'"}
  - instrument: logic
    fields:
      logic: {type: text, label: "L", branching: "[codebook] <> ''"}
      field_logic: {type: text, label: "F", branching: "[logic] <> ''"}
      instrument_logic: {type: calc, label: "I", calculation: "[record_id] * 2"}
  - instrument: access
    fields:
      logic_heading: {type: text, label: "H", branching: "[logic_complete] = '2'"}
"""
NASTY = "<script>alert(1)</script><img src=x onerror=y>\"'&]]>{{ 7*7 }}\u202e\x1b<b>bold"


def alike() -> Page:
    return page_of(design_of(ALIKE))


@pytest.fixture(params=["trial", "registry", "classic", "alike"], scope="module")
def page(request: pytest.FixtureRequest) -> Page:
    return alike() if request.param == "alike" else example(request.param)


# one file by itself


def test_every_link_leads_to_a_place_on_the_page(page: Page) -> None:
    links = [str(one.attributes["href"]) for one in page.all("a")]
    assert {link.removeprefix("#") for link in links} <= set(page.ids)
    assert all(link.startswith("#") for link in links)


def test_every_id_is_there_once(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))


def test_every_id_that_is_referred_to_is_there(page: Page) -> None:
    named = {
        str(one.attributes[name])
        for one in page.elements
        for name in ("aria-labelledby", "for")
        if name in one.attributes
    }
    assert named <= set(page.ids)
    assert "heading-codebook" in named


def test_nothing_is_fetched(page: Page) -> None:
    tags = {one.tag for one in page.elements}
    assert not tags & {"link", "img", "iframe", "object", "form", "base", "audio", "video"}
    names = {name for one in page.elements for name in one.attributes}
    assert not names & {"src", "srcset", "action", "background", "ping", "style"}
    assert not re.search(r"https?://", page.source)
    assert "url(" not in page.source
    assert "@import" not in page.source


def test_nothing_runs_but_the_one_script_that_the_policy_knows(page: Page) -> None:
    assert not any(name.startswith("on") for one in page.elements for name in one.attributes)
    (script,) = re.findall(r"<script>(.*?)</script>", page.source, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = (
        str(one.attributes["content"])
        for one in page.all("meta")
        if one.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.split("; ") == [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        f"script-src 'sha256-{digest}'",
    ]


def test_it_bears_the_mark_by_which_it_may_be_replaced(page: Page) -> None:
    assert str(MARK) in page.source[:1000]


def test_the_same_design_gives_the_same_bytes() -> None:
    assert docs_html(design_of(ALIKE), ABOUT) == docs_html(design_of(ALIKE), ABOUT)


def test_it_tells_from_what_and_by_what_it_was_written() -> None:
    (footer,) = example("trial").all("footer")
    assert footer.text == (
        "Written by redcap-iac 1.0 from the project's files, digest a1b2c3d4e5f6."
        " This page holds no record, and fetches nothing."
    )


# what people typed


@pytest.fixture(scope="module")
def hostile() -> Page:
    texts = (
        "section_header", "field_label", "field_note", "field_annotation", "branching_logic",
        "text_validation_min", "matrix_group_name", "question_number", "custom_alignment",
        "text_validation_type_or_show_slider_number",
    )  # fmt: skip
    every = dict.fromkeys(texts, NASTY)
    return page_of(
        design_with(
            {"field_name": "one", **every},
            {"field_name": "two", "field_type": "radio", "field_label": NASTY,
             "select_choices_or_calculations": f"{NASTY}, {NASTY} | 2, {NASTY}"},
            {"field_name": "three", "field_type": "slider",
             "select_choices_or_calculations": NASTY},
            {"field_name": "four", "field_type": "calc",
             "select_choices_or_calculations": f"[one] + {NASTY}"},
            {"field_name": NASTY, "form_name": NASTY, "branching_logic": "[one] = '1'"},
            {"field_name": "six", "field_type": NASTY},
        )
    )  # fmt: skip


def test_what_people_typed_never_runs(hostile: Page) -> None:
    tags = [one.tag for one in hostile.elements]
    assert tags.count("script") == 1
    assert "img" not in tags
    assert not any(name.startswith("on") for one in hostile.elements for name in one.attributes)


def test_what_people_typed_is_no_template(hostile: Page) -> None:
    assert "{{ 7*7 }}" in hostile.text
    assert "49" not in hostile.text


def test_signs_that_turn_a_text_around_are_shown(hostile: Page) -> None:
    assert "<U+202E>" in hostile.text
    assert all(letter.isprintable() or letter == "\n" for letter in hostile.source)


def test_bold_that_is_never_closed_ends_with_its_label(hostile: Page) -> None:
    bold = [one for one in hostile.all("b") if one.text == "bold"]
    assert bold
    (after,) = (one for one in hostile.all("p") if one.has("branching") and "onerror" in one.text)
    assert not {one.tag for one in after.outer} & {"b"}


def test_a_token_is_never_shown() -> None:
    token = "0123456789ABCDEF0123456789ABCDEF"
    page = page_of(design_with({"field_name": "x", "field_label": token, "field_note": token}))
    assert token not in page.source


# to be read aloud


def test_headings_leave_out_no_level(page: Page) -> None:
    levels = [int(one.tag[1]) for one in page.elements if re.fullmatch(r"h[1-6]", one.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_heading_cell_says_what_it_heads(page: Page) -> None:
    assert page.all("th")
    assert all(
        one.attributes.get("scope") in ("row", "col", "colgroup", "rowgroup")
        for one in page.all("th")
    )


def test_every_table_has_a_name(page: Page) -> None:
    captioned = {id(one.outer[-1]) for one in page.all("caption")}
    for table in page.all("table"):
        outer = {one.attributes.get("role") for one in table.outer}
        assert id(table) in captioned or "region" in outer, table.text[:60]


def test_there_is_one_main_part_and_a_way_past_what_comes_before(page: Page) -> None:
    assert len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1
    first = page.all("a")[0]
    assert first.has("skip")
    assert page.by_id(str(first.attributes["href"])[1:]).outer[-1].tag == "main"


def test_the_number_of_hits_is_told_politely(page: Page) -> None:
    found = page.by_id("found")
    assert (found.attributes["role"], found.attributes["aria-live"]) == ("status", "polite")


def test_what_scrolls_sideways_can_be_reached_by_keyboard(page: Page) -> None:
    wide = [one for one in page.all("div") if one.has("wide")]
    assert all(one.attributes.get("tabindex") == "0" for one in wide)
    assert all(one.attributes.get("role") == "region" for one in wide)


def test_a_picture_is_left_out_where_the_table_is_read(page: Page) -> None:
    assert all(one.attributes["aria-hidden"] == "true" for one in page.all("svg"))
    hidden = [one for one in page.all("a") if any(up.tag == "svg" for up in one.outer)]
    assert all(one.attributes["tabindex"] == "-1" for one in hidden)


# for everybody


def test_a_public_page_names_nobody() -> None:
    private, public = example("trial"), example("trial", PUBLIC)
    for name in ("boston_data", "lyon_data", "statistician", "2027-12-31"):
        assert name in private.source
        assert name not in public.source
    assert "Data entry" in public.text
    assert "2 people" in private.text
    assert "people" not in public.by_id("access").text


def test_a_role_is_not_taken_for_its_member() -> None:
    access = example("trial", PUBLIC).by_id("access")
    assert "Monitor" in access.text
    assert "monitor" not in access.text.split()


def test_a_public_page_hides_people_in_what_is_written_for_others() -> None:
    text = """\
project: {title: "Trial of jdoe", purpose: research, notes: "Ask jane.roe@example.org"}
instruments:
  - instrument: form
    fields:
      record_id: {type: text, label: "ID"}
      jdoe: {type: text, label: "Seen by JDoe"}
      x: {type: text, label: "Call jane.roe@example.org",
          branching: "[user-name] = 'jdoe' and [jdoe] <> ''"}
roles: {JD: {rights: {}}}
users: {jdoe: {role: JD}}
"""
    page = page_of(design_of(text), PUBLIC)
    assert "jane.roe" not in page.source
    assert page.all("h1")[0].text == "Trial of not published"
    row = page.by_id("field-x").text
    assert "[user-name] = 'not published' and [jdoe] <> ''" in row
    assert "Seen by not published" in page.by_id("field-jdoe").text


# size and shape of the design


def test_a_design_without_instruments_has_a_page() -> None:
    page = page_of(design_of("project: {title: Empty, purpose: research}\n"))
    assert "0 fields on 0 instruments, a classic project without events." in page.text


def test_a_title_of_ones_own_comes_first() -> None:
    page = page_of(design_of(ALIKE), About("files", "", "tool", title="Ours <1>"))
    assert page.all("h1")[0].text == "Ours <1>"
    assert page.all("title")[0].text == "Ours <1>: codebook"


def test_what_the_token_may_not_read_is_told() -> None:
    about = About("the live project", "", "tool", unread=("roles", "users"))
    page = page_of(design_with(), about)
    assert "The token may not read roles and users." in page.by_id("access").text
