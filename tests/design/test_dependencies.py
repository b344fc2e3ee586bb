from __future__ import annotations

import pytest

from redcap_iac.design import Design, Purpose
from redcap_iac.design.dependencies import (
    COMPUTING,
    SHOWING,
    chains,
    circling,
    cycles,
    declared_name,
    dependencies,
    graph,
)
from tests.design.building import design_of


def showing(**logic: str) -> Design:
    """Return a design of yes-no fields with branching logic."""
    lines = (
        f"  {name}: {{type: yesno, label: L, branching: {text!r}}}"
        if text
        else f"  {name}: {{type: yesno, label: L}}"
        for name, text in logic.items()
    )
    return design_of("fields:\n" + "\n".join(lines))


def circles(design: Design) -> tuple[tuple[str, ...], ...]:
    return cycles(dependencies(design), SHOWING)


@pytest.fixture(scope="module")
def reading() -> Design:
    return design_of("""
        fields:
          a: {type: text, validation: number, label: A}
          b: {type: calc, label: "B of [A]", calculation: "[A] + [a]"}
          c: {type: text, label: C, annotation: "@CALCTEXT([b]) @IF([form_complete] = 2, '', '')"}
          d: {type: text, label: D, branching: "[first-event-name][a] = 1"}
    """)


def test_an_edge_goes_from_what_is_read_to_what_reads_it(reading: Design) -> None:
    assert [(e.source, e.target, e.purpose) for e in dependencies(reading)] == [
        ("a", "b", Purpose.CALCULATION),
        ("a", "b", Purpose.CALCULATION),
        ("a", "b", Purpose.PIPING),
        ("b", "c", Purpose.CALCTEXT),
        ("form_complete", "c", Purpose.IF),
        ("a", "d", Purpose.BRANCHING),
    ]


def test_an_edge_knows_how_its_site_names_the_field(reading: Design) -> None:
    *_, last = dependencies(reading)
    assert last.reference.event == "first-event-name"
    assert last.site.column == "branching_logic"
    assert not last.is_here


def test_a_name_is_told_as_declared(reading: Design) -> None:
    assert declared_name(reading, "A") == "a"
    assert declared_name(reading, "FORM_COMPLETE") == "form_complete"
    assert declared_name(reading, "nobody") is None


def test_a_graph_has_what_is_read_within_event_and_instance(reading: Design) -> None:
    edges = dependencies(reading)
    assert graph(edges, COMPUTING) == {"b": ("a",), "c": ("b",)}
    assert graph(edges, SHOWING) == {}


def test_a_circle_begins_with_the_first_of_the_dictionary_and_follows_the_reading() -> None:
    design = showing(x="", a="[c] = 1", b="[a] = 1 and [x] = 1", c="[b] = 1")
    assert circles(design) == (("a", "c", "b"),)


def test_circles_that_share_no_field_are_told_apart() -> None:
    design = showing(a="[b] = 1", b="[a] = 1", c="[d] = 1", d="[c] = 1 or [a] = 1")
    assert circles(design) == (("a", "b"), ("c", "d"))


def test_of_a_knot_the_shortest_circle_is_told() -> None:
    design = showing(a="[b] = 1", b="[c] = 1 or [a] = 1", c="[a] = 1")
    assert circles(design) == (("a", "b"),)


def test_a_field_that_reads_itself_is_a_circle_of_one() -> None:
    assert circles(showing(a="[A] = 1")) == (("a",),)


def test_another_event_or_instance_closes_no_circle() -> None:
    design = showing(a="[previous-event-name][b] = 1", b="[a][last-instance] = 1")
    assert circles(design) == ()


def test_the_same_event_and_instance_by_name_close_one() -> None:
    design = showing(a="[event-name][b] = 1", b="[a][current-instance] = 1")
    assert circles(design) == (("a", "b"),)


def test_what_waits_for_itself_by_way_of_another_event_circles_too() -> None:
    design = showing(
        a="[b] = 1", b="[next-event-name][a] = 1", c="[previous-event-name][c] = 1", d="[a] = 1"
    )
    assert circling(dependencies(design), SHOWING) == {"a", "b", "c"}
    assert circles(design) == ()


def test_a_deep_chain_needs_no_recursion() -> None:
    many = {f"f{n}": f"[f{n + 1}] = 1" for n in range(3000)} | {"f3000": "[f0] = 1"}
    (circle,) = circles(showing(**many))
    assert len(circle) == 3001


def test_a_chain_is_the_longest_way_back_over_calculations() -> None:
    design = design_of("""
        fields:
          a: {type: text, validation: number, label: A}
          b: {type: calc, label: B, calculation: "[a]"}
          c: {type: calc, label: C, calculation: "[b] + [a]"}
          d: {type: calc, label: D, calculation: "[a] + [c] + [b]"}
    """)
    found = chains(dependencies(design), COMPUTING)
    assert found == {"b": ("b",), "c": ("c", "b"), "d": ("d", "c", "b")}


def test_a_circle_adds_nothing_to_a_chain() -> None:
    design = design_of("""
        fields:
          a: {type: calc, label: A, calculation: "[b]"}
          b: {type: calc, label: B, calculation: "[a]"}
          c: {type: calc, label: C, calculation: "[b]"}
    """)
    assert chains(dependencies(design), COMPUTING)["c"] == ("c", "b")


def test_labels_of_events_give_no_edge() -> None:
    design = design_of("""
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: Record ID}
              a: {type: text, label: A}
        arms:
          - number: 1
            name: Arm
            events: [{name: Visit, custom_label: "[a]", instruments: [form]}]
    """)
    assert [site.text for site in design.sites] == ["[a]"]
    assert dependencies(design) == ()
