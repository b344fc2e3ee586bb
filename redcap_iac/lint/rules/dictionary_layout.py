"""DD: cells that have no effect, or another one on the form than in the dictionary."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.design import Design, Purpose
from redcap_iac.edits import SetCell
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.field import TYPES
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.coded import pairs
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION, at_field, folded, plain, short
from redcap_iac.lint.settings import Settings

#: Text columns with the word for each; blanks around them are seen by nobody.
_TEXTS = {
    "field_label": "label",
    "field_note": "note",
    "section_header": "section",
    "question_number": "question number",
    "text_validation_min": "min",
    "text_validation_max": "max",
    "field_annotation": "annotation",
}


@rule("DD019", Severity.WARNING)
def no_label(design: Design, _settings: Settings) -> Iterator[Found]:
    """A field has no label.

    Let off are the record id, descriptive texts, fields embedded in another's text, and a single
    box to tick that says itself what it is.

    Why: On the form, in reports and in the codebook there is a box and nothing says what belongs
    in it.

    Bad:
        fields:
          weight: {type: text, label: ""}
    Good:
        fields:
          weight: {type: text, label: "Weight, kg"}
          vitals: {type: descriptive, label: "Pulse {pulse} a minute"}
          pulse: {type: text, label: ""}
    Instead: Write the question, or what the value is.
    """
    blank = [
        field
        for field in design.fields
        if not plain(field.field_label)
        and "<img" not in field.field_label.lower()
        and field.field_type in TYPES - {"descriptive"}
        and field is not design.record_id
        and not (field.field_type == "checkbox" and len(pairs(field)) == 1)
    ]
    if not blank:
        return
    embedded = {
        reference.field.lower()
        for site in design.sites
        if site.purpose is Purpose.EMBEDDING
        for reference in site.references
    }
    for field in blank:
        if field.field_name.lower() not in embedded:
            yield at_field(
                field, "field_label", "has no label", "Write the question, or what the value is."
            )


@rule("DD021", Severity.NOTE, profiles=BEFORE_PRODUCTION, fixable=True)
def outer_blanks(design: Design, _settings: Settings) -> Iterator[Found]:
    """A text begins or ends with blanks.

    A section header of nothing but blanks is let off: it draws a line.

    Why: Nobody sees them, and every comparison of two dictionaries shows them: they are stored
    and exported as they stand (recorded).

    Bad:
        fields:
          weight: {type: text, label: "Weight "}
    Good:
        fields:
          weight: {type: text, label: "Weight"}
    Instead: Take the blanks away; the fix does.
    """
    for field in design.fields:
        texts = {column: getattr(field, column) for column in _TEXTS}
        loose = {
            column: text for column, text in texts.items() if text.strip() and text != text.strip()
        }
        if loose:
            words = " and ".join(_TEXTS[column] for column in loose)
            yield at_field(
                field,
                next(iter(loose)),
                f"has blanks around its {words}",
                "Take them away.",
                [SetCell(field.field_name, column, text.strip()) for column, text in loose.items()],
            )


@rule("DD028", Severity.WARNING, fixable=True)
def spelling_of_alignment(design: Design, _settings: Settings) -> Iterator[Found]:
    """An alignment is not written the way REDCap writes it.

    Why: The codes are RV, RH, LV and LH in capitals, and an upload takes no other spelling
    (knowledge base).

    Bad:
        fields:
          weight: {type: text, label: "Weight", alignment: lh}
    Good:
        fields:
          weight: {type: text, label: "Weight", alignment: LH}
    Instead: Write it in capitals; the fix does.
    """
    for field in design.fields:
        text = field.custom_alignment
        right = text.strip().upper()
        if text != right and right in ("RV", "RH", "LV", "LH"):
            yield at_field(
                field,
                "custom_alignment",
                f'has the alignment "{text}"',
                f"Write {right}.",
                [SetCell(field.field_name, "custom_alignment", right)],
            )


@rule("DD036", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def label_of_a_neighbour(design: Design, _settings: Settings) -> Iterator[Found]:
    """Two fields of one section are labelled alike, and both are always shown.

    A descriptive text between them is enough to tell them apart.

    Why: Whoever fills in the form, or reads a report, cannot tell which of the two is which.

    Bad:
        fields:
          weight: {type: text, label: "Weight"}
          weight_2: {type: text, label: "Weight"}
    Good:
        fields:
          weight: {type: text, label: "Weight"}
          weight_2: {type: text, label: "Weight, second measurement"}
    Instead: Say in the label how they differ.
    """
    first: dict[str, str] = {}
    place = ""
    for field in design.fields:
        if (
            field.form_name != place
            or field.section_header.strip()
            or field.field_type == "descriptive"
        ):
            first, place = {}, field.form_name
        label = folded(field.field_label)
        if field.field_type == "descriptive" or field.branching_logic.strip() or not label:
            continue
        other = first.setdefault(label, field.field_name)
        if other != field.field_name:
            yield at_field(
                field,
                "field_label",
                f'is labelled like {other}, "{short(field.field_label)}"',
                "Say in the label how they differ.",
            )


@rule("DD038", Severity.NOTE, fixable=True)
def flags_of_a_text(design: Design, _settings: Settings) -> Iterator[Found]:
    """A descriptive text is marked as required, or as an identifier.

    Why: A descriptive text holds no value (documented): the mark has no effect, and whoever
    counts required fields or identifiers counts it.

    Bad:
        fields:
          intro: {type: descriptive, label: "Please answer all questions.", required: true}
    Good:
        fields:
          intro: {type: descriptive, label: "Please answer all questions."}
    Instead: Take the mark away; the fix does.
    """
    for field in design.fields:
        if field.field_type != "descriptive":
            continue
        marks = {"required_field": "required", "identifier": "an identifier"}
        set_ = [column for column in marks if getattr(field, column).strip()]
        if set_:
            words = " and ".join(marks[column] for column in set_)
            yield at_field(
                field,
                set_[0],
                f"is a text without a value and marked as {words}",
                "Take the mark away.",
                [SetCell(field.field_name, column, "") for column in set_],
            )


@rule("DD039", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def question_number_again(design: Design, _settings: Settings) -> Iterator[Found]:
    """Two questions of an instrument have the same number.

    Why: "See question 4" is two questions, on paper as in the analysis.

    Bad:
        fields:
          smokes: {type: yesno, label: "Do you smoke?", question_number: "4"}
          drinks: {type: yesno, label: "Do you drink?", question_number: "4"}
    Good:
        fields:
          smokes: {type: yesno, label: "Do you smoke?", question_number: "4"}
          drinks: {type: yesno, label: "Do you drink?", question_number: "5"}
    Instead: Number them anew: `4a` and `4b` where they belong together.
    """
    first: dict[tuple[str, str], str] = {}
    for field in design.fields:
        number = folded(field.question_number)
        if not number:
            continue
        other = first.setdefault((field.form_name, number), field.field_name)
        if other != field.field_name:
            yield at_field(
                field,
                "question_number",
                f"has the number of {other}, {short(field.question_number)}",
                "Give it a number of its own.",
            )
