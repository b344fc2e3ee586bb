import pytest

from redcap_iac.logic import LogicError, Reference, SmartVariable, parse

NEITHER = "is not a field or smart variable"


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("[age]", Reference("age")),
        ("[ age ]", Reference("age")),
        ("[Age]", Reference("Age")),
        ("[race(2)]", Reference("race", code="2")),
        ("[race(-9)]", Reference("race", code="-9")),
        ("[race ( a.b_c-1 ) ]", Reference("race", code="a.b_c-1")),
        ("[sex:label]", Reference("sex", modifiers=("label",))),
        ("[race(2):checked]", Reference("race", code="2", modifiers=("checked",))),
        ("[seen:value:ampm]", Reference("seen", modifiers=("value", "ampm"))),
        ("[visit_1_arm_1][age]", Reference("age", event="visit_1_arm_1")),
        ("[event-name][age]", Reference("age", event="event-name")),
        ("[first-event-name][race(2)]", Reference("race", event="first-event-name", code="2")),
        ("[dose][3]", Reference("dose", instance="3")),
        ("[dose][last-instance]", Reference("dose", instance="last-instance")),
        ("[v1_arm_1][dose][3]", Reference("dose", event="v1_arm_1", instance="3")),
        ("[seen:field-label]", Reference("seen", modifiers=("field-label",))),
        ("[dose][new-instance]", Reference("dose", instance="new-instance")),
        ("[Dose][Last-Instance]", Reference("Dose", instance="Last-Instance")),
        (
            "[ v1_arm_1 ][ race ( 2 ) : checked : value ][ last-instance ]",
            Reference("race", "v1_arm_1", "2", ("checked", "value"), "last-instance"),
        ),
        (
            "[event-name][dose:value][previous-instance]",
            Reference("dose", "event-name", None, ("value",), "previous-instance"),
        ),
    ],
)
def test_a_field_is_read_with_event_choice_modifiers_and_instance(
    text: str, reference: Reference
) -> None:
    assert parse(text) == reference


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("[user-dag-name]", SmartVariable("user-dag-name")),
        ("[event-name]", SmartVariable("event-name")),
        ("[last-instance]", SmartVariable("last-instance")),
        ("[survey-link:consent]", SmartVariable("survey-link", ("consent",))),
        ("[survey-link:consent:Go here]", SmartVariable("survey-link", ("consent", "Go here"))),
        ("[aggregate-mean:age:R-1234]", SmartVariable("aggregate-mean", ("age", "R-1234"))),
        (
            "[next-event-name][survey-url:diary][new-instance]",
            SmartVariable("survey-url", ("diary",), "next-event-name", "new-instance"),
        ),
        (
            "[survey-time-started:diary:value]",
            SmartVariable("survey-time-started", ("diary", "value")),
        ),
        ("[aggregate-mean:age,bmi]", SmartVariable("aggregate-mean", ("age,bmi",))),
        ("[v1_arm_1][form-url:bloods]", SmartVariable("form-url", ("bloods",), "v1_arm_1")),
        ("[survey-url:diary][2]", SmartVariable("survey-url", ("diary",), None, "2")),
    ],
)
def test_a_name_with_a_hyphen_is_a_smart_variable(text: str, variable: SmartVariable) -> None:
    assert parse(text) == variable


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("1 + []", "[] names nothing", 4),
        ("[first name]", f"[first name] {NEITHER}: a name has no blanks", 0),
        ("[first name:label]", f"[first name:label] {NEITHER}: a name has no blanks", 0),
        ("[a/b]", f"[a/b] {NEITHER}", 0),
        ("[race(2]", "a parenthesis in [race(2] is never closed", 0),
        ("[race:]", "nothing stands after a colon in [race:]", 0),
        ("[gene${d}]", f"[gene${{d}}] {NEITHER}", 0),
        ("[v1_arm_1][]", "[] names nothing", 10),
        ("[3]", "[3] names no field", 0),
        ("[v1_arm_1][age][bmi]", "too many brackets before the field: [v1_arm_1]", 0),
        ("[sex:label][age]", "[sex] stands for an event and takes no details", 0),
        ("[user-name(2)]", "smart variable [user-name] has no choices", 0),
    ],
)
def test_brackets_that_name_no_field_are_refused(text: str, message: str, offset: int) -> None:
    with pytest.raises(LogicError) as caught:
        parse(text)

    assert (caught.value.message, caught.value.offset) == (message, offset)
