"""The drawing of logic: layers from left to right, links, nothing where it would be no picture."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence

from redcap_iac.design.dependencies import dependencies
from redcap_iac.views.docs.drawing import MOST, drawings, drawn
from tests.views.docs.reading import Page, design_with, page_of

CHAIN = (("a", "b", "shows"), ("b", "c", "computes"), ("a", "c", "shows"))


def drawing(
    edges: Sequence[tuple[str, str, str]], own: Sequence[str], anchors: Mapping[str, str]
) -> str:
    """Return the one picture of edges that hang together."""
    (picture,), too_large = drawings(edges, own, anchors)
    assert too_large == 0
    return str(picture)


def places(picture: str) -> dict[str, int]:
    """Return how far to the right each box stands."""
    found = re.findall(r'<title>(.*?)</title><rect x="(\d+)"', picture)
    return {name: int(x) for name, x in found}


def test_what_reads_stands_to_the_right_of_all_it_reads() -> None:
    x = places(drawing(CHAIN, ["a", "b", "c"], {}))
    assert x["a"] < x["b"] < x["c"]


def test_a_circle_is_drawn_too() -> None:
    circle = (("a", "b", "shows"), ("b", "a", "shows"), ("b", "c", "shows"))
    x = places(drawing(circle, ["a", "b", "c"], {}))
    assert x.keys() == {"a", "b", "c"}
    assert x["b"] < x["c"]


def test_a_long_chain_is_drawn_without_recursion() -> None:
    names = [f"f{number}" for number in range(MOST)]
    chain = [(one, two, "computes") for one, two in itertools.pairwise(names)]
    x = places(drawing(chain, names, {}))
    assert [x[name] for name in names] == sorted(x.values())


def test_no_two_boxes_stand_on_each_other() -> None:
    star = [(f"q{number}", "total", "computes") for number in range(20)]
    picture = drawing(star, ["total"], {})
    corners = re.findall(r'<rect x="(\d+)" y="(\d+)"', picture)
    assert len(set(corners)) == len(corners) == 21


def test_all_boxes_are_inside_the_picture() -> None:
    star = [(f"q{number}", "total", "computes") for number in range(20)]
    picture = drawing(star, ["total"], {})
    (width, height) = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', picture)[0])
    boxes = re.findall(r'<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"', picture)
    assert boxes
    for x, y, box_width, box_height in (map(int, box) for box in boxes):
        assert x + box_width <= width
        assert y + box_height <= height


def test_a_field_of_another_instrument_is_dashed() -> None:
    picture = drawing(CHAIN, ["b", "c"], {})
    assert re.findall(r'<g class="(.*?)"><title>(.)', picture) == [
        ("box other", "a"), ("box", "b"), ("box", "c"),
    ]  # fmt: skip


def test_more_boxes_than_can_be_read_are_no_picture() -> None:
    many = [(f"q{number}", "total", "computes") for number in range(MOST)]
    assert drawings(many, [], {}) == ((), 1)
    assert drawing(many[1:], [], {}).count("<rect ") == MOST


def test_nothing_that_depends_is_no_picture() -> None:
    assert drawings((), ["a"], {}) == ((), 0)


def test_what_does_not_hang_together_is_drawn_apart() -> None:
    pairs = [(f"a{number}", f"b{number}", "shows") for number in range(MOST)]
    pictures, too_large = drawings([*pairs, ("a0", "c", "shows")], [], {})
    assert (len(pictures), too_large) == (MOST, 0)
    assert [picture.count("<rect ") for picture in pictures[:2]] == [3, 2]


def test_what_is_read_by_many_stands_in_their_middle() -> None:
    star = [("start", f"q{number}", "shows") for number in range(5)]
    picture = drawing(star, ["start"], {})
    down = dict(re.findall(r'<title>(.*?)</title><rect x="\d+" y="(\d+)"', picture))
    assert down["start"] == down["q2"]
    assert len(set(down.values())) == 5


def test_a_box_leads_to_the_row_of_its_field() -> None:
    picture = drawing(CHAIN, [], {"a": "field-a"})
    assert re.findall(r'<a href="#(.*?)" tabindex="-1"><g[^>]*><title>(.)', picture) == [
        ("field-a", "a")
    ]


def test_what_is_only_shown_in_a_text_is_not_drawn() -> None:
    edges = dependencies(
        design_with(
            {"field_name": "a", "field_label": "Of [record_id]"},
            {"field_name": "b", "branching_logic": "[a] = '1' and [a] <> '2'"},
        )
    )
    assert drawn(edges) == (("a", "b", "shows"),)


def test_too_many_are_told_and_stand_in_the_table() -> None:
    many = [{"field_name": f"q{number}"} for number in range(MOST)]
    cell = " + ".join(f"[q{number}]" for number in range(MOST))
    total = {
        "field_name": "total", "field_type": "calc", "select_choices_or_calculations": cell,
    }  # fmt: skip
    page: Page = page_of(design_with(*many, total))
    logic = page.by_id("logic-form")
    said = "1 group of more than 80 fields that depend on each other is too large for a picture."
    assert said in logic.text
    assert "80 dependencies" in logic.text
    assert page.all("svg") == []
    (row,) = (one for one in page.all("tr", "logic-form") if one.text.startswith("total"))
    assert all(f"q{number}" in row.text for number in range(MOST))
