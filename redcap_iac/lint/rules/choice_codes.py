"""CH: codes of choices that are stored, exported or compared in another way than they are read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.choices import Pairs
from redcap_iac.kinds.dictionary.field import CHOICES
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.coded import coded_fields, columns
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION, at_field, short
from redcap_iac.lint.settings import Settings

_SIMPLE = re.compile(r"[A-Za-z0-9_.-]+")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
#: Two letters and more: `a` and `x` are codes.
_WORD = re.compile(r"[^\W\d_]{2}.*")
_RECODE = "Recode it while no record holds a value; later with `recode`."


@rule("CH002", Severity.WARNING)
def choice_without_code(design: Design, _settings: Settings) -> Iterator[Found]:
    """A choice has a label and no code of its own.

    A part without a comma is its own code (recorded). Numbers that stand for themselves are let
    off.

    Why: The label is what is stored and compared: whoever corrects its spelling makes another
    answer of it. Beside choices with codes it is most often the rest of a label with a bar in it.

    Bad:
        fields:
          title: {type: radio, label: "Title", choices: "Mr. | Mrs."}
    Good:
        fields:
          title: {type: radio, label: "Title", choices: "1, Mr. | 2, Mrs."}
    Instead: Write a code before each label: `1, Mr. | 2, Mrs.`.
    """
    for field, _ in coded_fields(design):
        parts = [part.strip() for part in getattr(field, CHOICES).split("|") if part.strip()]
        bare = [part for part in parts if "," not in part and not _NUMBER.fullmatch(part)]
        if bare:
            yield at_field(
                field,
                CHOICES,
                f'has a choice without a code, "{short(bare[0])}"',
                "Write a code and a comma before it.",
            )


@rule("CH005", Severity.WARNING)
def awkward_code(design: Design, _settings: Settings) -> Iterator[Found]:
    """A code has letters that logic or exports cannot carry.

    Codes of checkboxes are letters, digits, `.`, `-` and `_` (documented); other codes are only
    found when they hold quotation marks, brackets or parentheses.

    Why: Such a choice cannot be named in logic: `[symptoms(a/b)]` is read as something else.

    Bad:
        fields:
          symptoms: {type: checkbox, label: "Symptoms", choices: {"a/b": "Headache", c: "Fever"}}
    Good:
        fields:
          symptoms: {type: checkbox, label: "Symptoms", choices: {1: "Headache", 2: "Fever"}}
    Instead: Use whole numbers as codes.
    """
    for field, choices in coded_fields(design):
        is_checkbox = field.field_type == "checkbox"
        for code, label in choices:
            if not code or code == label:  # without a code of its own: said by CH002
                continue
            if (is_checkbox and not _SIMPLE.fullmatch(code)) or re.search(r"""['"\[\]()]""", code):
                yield at_field(
                    field,
                    CHOICES,
                    f'has the code "{short(code)}", which logic cannot name',
                    "Use letters and digits, best of all whole numbers.",
                )


@rule("CH006", Severity.WARNING)
def one_column_for_two_codes(design: Design, _settings: Settings) -> Iterator[Found]:
    """Two choices of a checkbox are exported under one name.

    The column is `name___code` in lower case, with `_` for whatever is no letter or digit
    (recorded): codes `-1` and `_1`, or `a` and `A`, give one column (inferred).

    Why: In exports and imports the two answers cannot be told apart.

    Bad:
        fields:
          drugs: {type: checkbox, label: "Drugs", choices: {a: "Aspirin", A: "Antibiotic"}}
    Good:
        fields:
          drugs: {type: checkbox, label: "Drugs", choices: {1: "Aspirin", 2: "Antibiotic"}}
    Instead: Use codes that differ in letters or digits.
    """
    for field in design.fields:
        for column, codes in columns(field).items():
            # the very same code twice is refused anyway
            if len(set(codes)) > 1:
                yield at_field(
                    field,
                    CHOICES,
                    f"exports the codes {' and '.join(dict.fromkeys(codes))} as one column, "
                    f"{column}",
                    "Use codes that differ in letters or digits.",
                )


@rule("CH014", Severity.WARNING)
def one_number_for_two_codes(design: Design, _settings: Settings) -> Iterator[Found]:
    """Two codes of a field are the same number.

    Why: `1` and `01` are two answers in REDCap, and one as soon as a spreadsheet or a statistics
    package reads them. Logic that compares numbers takes one for the other as well.

    Bad:
        fields:
          site: {type: dropdown, label: "Site", choices: {1: "Lyon", 01: "Paris"}}
    Good:
        fields:
          site: {type: dropdown, label: "Site", choices: {1: "Lyon", 2: "Paris"}}
    Instead: Give every choice a number of its own.
    """
    for field, choices in coded_fields(design):
        first: dict[float, str] = {}
        for code in _numbers(choices):
            other = first.setdefault(float(code), code)
            if other != code:
                yield at_field(
                    field, CHOICES, f"has the codes {other} and {code}, one number", _RECODE
                )


@rule("CH015", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def leading_zero(design: Design, _settings: Settings) -> Iterator[Found]:
    """A code begins with a zero.

    Why: Spreadsheets take the zero away: the file somebody opened and saved is refused by the
    import, or brings another code.

    Bad:
        fields:
          site: {type: dropdown, label: "Site", choices: {01: "Lyon", 02: "Paris"}}
    Good:
        fields:
          site: {type: dropdown, label: "Site", choices: {1: "Lyon", 2: "Paris"}}
    Instead: Number without zeros in front, or begin with a letter: `s01`.
    """
    for field, choices in coded_fields(design):
        zeros = [code for code in _numbers(choices) if re.match(r"-?0[0-9]", code)]
        if zeros:
            yield at_field(
                field, CHOICES, f"has codes with a zero in front, such as {zeros[0]}", _RECODE
            )


@rule("CH016", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def numbers_and_words(design: Design, _settings: Settings) -> Iterator[Found]:
    """Some codes of a field are numbers and others are words.

    Checkboxes are let off: their codes are parts of names.

    Why: The column is text for whatever reads it, and comparisons such as `[stage] > 2` mean
    nothing for the words.

    Bad:
        fields:
          stage: {type: radio, label: "Stage", choices: {1: "I", 2: "II", unk: "Unknown"}}
    Good:
        fields:
          stage: {type: radio, label: "Stage", choices: {1: "I", 2: "II", 99: "Unknown"}}
    Instead: Use numbers for all of them.
    """
    for field, choices in coded_fields(design, "radio", "dropdown"):
        numbers = _numbers(choices)
        words = [code for code, label in choices if code not in numbers and code != label]
        if numbers and words:
            yield at_field(
                field, CHOICES, f"has numbers and words as codes, such as {numbers[0]} and "
                f"{short(words[0])}", _RECODE,
            )  # fmt: skip


@rule("CH019", Severity.WARNING)
def thousands_as_code(design: Design, _settings: Settings) -> Iterator[Found]:
    """A choice is cut in two at the comma of a number.

    REDCap takes what stands before the first comma for the code (recorded).

    Why: Of `less than 1,000` the code is `less than 1` and people read `000`.

    Bad:
        fields:
          steps: {type: radio, label: "Steps", choices: "less than 1,000 | 2, more"}
    Good:
        fields:
          steps: {type: radio, label: "Steps", choices: "1, less than 1,000 | 2, more"}
    Instead: Write a code before it: `1, less than 1,000`.
    """
    for field, _ in coded_fields(design):
        for part in getattr(field, CHOICES).split("|"):
            code, _, label = part.strip().partition(",")
            cut = re.match(r"[0-9]{3}(?![0-9])", label)
            if cut and (cut[0] == "000" or re.search(r"[^0-9][0-9]{1,3}$", code)):
                yield at_field(
                    field,
                    CHOICES,
                    f'has a choice cut at the comma of a number, "{short(part)}"',
                    "Write a code and a comma before it.",
                )


@rule("CH025", Severity.WARNING)
def code_and_label_exchanged(design: Design, _settings: Settings) -> Iterator[Found]:
    """A choice has its code behind the comma and its label before it.

    Found where a word is the code and a number the label, and the other choices have it the
    other way round, or all of them do.

    Why: The label is what is stored, and people are shown a number to choose.

    Bad:
        fields:
          valve: {type: radio, label: "Valve disease", choices: "Yes, 1 | 2, No"}
    Good:
        fields:
          valve: {type: radio, label: "Valve disease", choices: "1, Yes | 2, No"}
    Instead: Write the code first: `1, Yes`.
    """
    for field, choices in coded_fields(design):
        exchanged = [
            (code, label)
            for code, label in choices
            if _WORD.fullmatch(code) and _NUMBER.fullmatch(label)
        ]
        rest = [one for one in choices if one not in exchanged]
        right = all(
            _NUMBER.fullmatch(code) and not _NUMBER.fullmatch(label) for code, label in rest
        )
        if exchanged and right and len(choices) > 1:
            code, label = exchanged[0]
            yield at_field(
                field,
                CHOICES,
                f'has the code "{short(code)}" with the label {short(label)}',
                f"Write the code first: `{short(label)}, {short(code)}`.",
            )


def _numbers(choices: Pairs) -> list[str]:
    return [code for code, _ in choices if _NUMBER.fullmatch(code)]
