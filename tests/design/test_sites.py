from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from redcap_iac.design.sites import Purpose, Site, sites
from redcap_iac.findings import Position
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.events.event import Event
from redcap_iac.kinds.project import Setting
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.state import Item, State
from tests.corpus.expressions import expressions, table_rows
from tests.corpus.originals import ABSENT, DICTIONARIES

#: What the corpus' own reading calls a purpose.
USES = {Purpose.BRANCHING: "branching"}


def of_field(**columns: str) -> list[Site]:
    row = {"field_name": "x", "form_name": "visit", "field_type": "text", **columns}
    return list(sites(State({"fields": (Field.of(row),)})))


def of(kind: str, item: Item) -> Iterator[Site]:
    return sites(State({kind: (item,)}))


def said(found: list[Site]) -> list[tuple[Purpose, str, str]]:
    return [(site.purpose, site.column, site.text) for site in found]


def test_branching_logic_is_a_site() -> None:
    (site,) = of_field(branching_logic="[age] > 17")

    assert (site.purpose, site.address, site.column) == (
        Purpose.BRANCHING, "field/x", "branching_logic",
    )  # fmt: skip
    assert [reference.field for reference in site.references] == ["age"]
    assert site.error is None


def test_a_calculation_is_a_site_and_no_piping() -> None:
    found = of_field(field_type="calc", select_choices_or_calculations="[a] + [b]")

    assert said(found) == [
        (Purpose.CALCULATION, "select_choices_or_calculations", "[a] + [b]"),
    ]


def test_what_cannot_be_read_is_a_site_with_its_error() -> None:
    (site,) = of_field(branching_logic="[age] >")

    assert site.tree is None
    assert site.references == ()
    assert site.error is not None
    assert site.error.message == "a value should stand after '>'"


@pytest.mark.parametrize(
    "column",
    [
        "section_header",
        "field_label",
        "field_note",
        "select_choices_or_calculations",
        "text_validation_min",
        "text_validation_max",
    ],
)
def test_a_value_is_piped_into_every_text(column: str) -> None:
    found = of_field(**{column: "1, up to [v1_arm_1][age]"})

    assert said(found) == [(Purpose.PIPING, column, "[v1_arm_1][age]")]
    assert found[0].offset == 9


@pytest.mark.parametrize(
    "column",
    ["section_header", "field_label", "field_note", "select_choices_or_calculations"],
)
def test_a_field_is_embedded_in_every_text_people_read(column: str) -> None:
    found = of_field(field_type="radio", **{column: "1, Other: {other_text}"})

    assert said(found) == [(Purpose.EMBEDDING, column, "{other_text}")]
    assert [reference.field for reference in found[0].references] == ["other_text"]


def test_a_query_is_piped_into_and_embeds_nothing() -> None:
    query = "select value from [data-table] where record = '[record-name]' -- {x}"
    found = of_field(field_type="sql", select_choices_or_calculations=query)

    assert [site.text for site in found] == ["[data-table]", "[record-name]"]
    assert [one.name for site in found for one in site.smart_variables] == [
        "data-table", "record-name",
    ]  # fmt: skip


def test_labels_of_a_slider_are_piped_into() -> None:
    found = of_field(field_type="slider", select_choices_or_calculations="none | [unit] | most")

    assert [site.text for site in found] == ["[unit]"]


@pytest.mark.parametrize("tag", ["DEFAULT", "SETVALUE", "PLACEHOLDER", "LANGUAGE-FORCE", "EM-TAG"])
def test_the_text_of_a_tag_is_piped_into(tag: str) -> None:
    (site,) = of_field(field_annotation=f"ask @{tag}='[v1_arm_1][name], you'")

    assert (site.purpose, site.text, site.offset) == (
        Purpose.PIPING, "[v1_arm_1][name]", len(f"ask @{tag}='"),
    )  # fmt: skip
    assert site.tag is not None
    assert site.tag.name == tag


def test_the_condition_of_if_is_logic_and_its_branches_are_read() -> None:
    annotation = "@IF([a]='1', @DEFAULT='[b]', @IF([c]=2, @HIDDEN, ''))"

    assert said(of_field(field_annotation=annotation)) == [
        (Purpose.IF, "field_annotation", "[a]='1'"),
        (Purpose.PIPING, "field_annotation", "[b]"),
        (Purpose.IF, "field_annotation", "[c]=2"),
    ]


def test_every_tag_site_stands_at_its_offset() -> None:
    annotation = "@IF([a]='1', @DEFAULT='[b]', @CALCDATE( [c], 7, 'd'))"

    found = of_field(field_annotation=annotation)

    assert len(found) == 5
    assert all(annotation[site.offset :].startswith(site.text) for site in found)


def test_a_calculated_text_is_one_expression_even_with_a_comma_too_many() -> None:
    (site,) = of_field(field_annotation="@CALCTEXT(if([a]='x'), 'yes', 'no')")

    assert (site.purpose, site.text) == (Purpose.CALCTEXT, "if([a]='x'), 'yes', 'no'")
    assert site.error is not None
    assert "comma" in site.error.message


def test_each_part_of_a_calculated_date_is_an_expression() -> None:
    found = of_field(field_annotation="@CALCDATE(if([u]=1, [a], [b]), [weeks] * 7, 'd')")

    assert [(site.purpose, site.text) for site in found] == [
        (Purpose.CALCDATE, "if([u]=1, [a], [b])"),
        (Purpose.CALCDATE, "[weeks] * 7"),
        (Purpose.CALCDATE, "'d'"),
    ]
    assert all(site.error is None for site in found)


@pytest.mark.parametrize("annotation", ["@IF", "@CALCTEXT", "@CALCDATE"])
def test_a_computing_tag_without_parentheses_is_no_site(annotation: str) -> None:
    assert of_field(field_annotation=annotation) == []


def test_a_column_without_brackets_is_no_site() -> None:
    assert of_field(field_label="Age [in years]", field_note="a@b.org", branching_logic=" ") == []


def test_the_label_of_an_event_is_piped_into() -> None:
    at = Position("redcap.yaml", 3, 5)
    event = Event("v1_arm_1", 1, "Visit 1", custom_label="[visit_date], {x}", at=at)

    (site,) = of("events", event)

    assert (site.purpose, site.column, site.text) == (
        Purpose.PIPING, "custom_label", "[visit_date]",
    )  # fmt: skip
    assert (site.field, site.at) == (None, at)


def test_the_label_of_a_repeat_is_piped_into() -> None:
    (site,) = of("repeating", Repeat("", "ae", "[ae_term]"))

    assert (site.column, site.text) == ("label", "[ae_term]")


def test_the_record_label_of_the_project_is_piped_into() -> None:
    found = list(of("project", Setting("custom_record_label", "[initials], born [v1_arm_1][dob]")))

    assert [(site.address, site.text) for site in found] == [
        ("project/custom_record_label", "[initials]"),
        ("project/custom_record_label", "[v1_arm_1][dob]"),
    ]


def test_other_settings_of_the_project_are_no_sites() -> None:
    assert list(of("project", Setting("project_notes", "see [1] and [age]"))) == []


def test_sites_stand_in_the_order_of_fields_then_labels() -> None:
    fields = tuple(
        Field.of({"field_name": name, "form_name": "visit", "field_label": "[a]"})
        for name in ("b", "c")
    )
    state = State({"repeating": (Repeat("", "visit", "[a]"),), "fields": fields})

    assert [site.address for site in sites(state)][:2] == ["field/b", "field/c"]
    assert [site.column for site in sites(state)] == ["field_label", "field_label", "label"]


@pytest.mark.corpus
@pytest.mark.skipif(not DICTIONARIES, reason=ABSENT)
@pytest.mark.parametrize("path", DICTIONARIES, ids=lambda path: path.name)
def test_every_expression_of_a_real_dictionary_is_a_site(path: Path) -> None:
    state = State({"fields": tuple(Field.of(row) for row in table_rows(path))})
    found = Counter(
        (site.field.field_name, USES.get(site.purpose, site.purpose.value), site.text.strip("{}"))
        for site in sites(state)
        if site.field is not None
    )

    assert found == Counter((one.field, one.use, one.text) for one in expressions(path))
