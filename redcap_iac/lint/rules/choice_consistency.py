"""CH: the same answers coded in several ways within one project."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.choices import Pairs
from redcap_iac.kinds.dictionary.field import CHOICES, Field
from redcap_iac.kinds.kind import encoded
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.coded import YES_NO, coded_fields, pairs
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION, at_field, count_of, folded, short
from redcap_iac.lint.settings import Settings

_YES, _NO = ("yes", "ja", "oui", "sí", "sim"), ("no", "nein", "non", "nee", "não")
_POSITIVE, _NEGATIVE = ("positive", "positiv", "positif"), ("negative", "negativ", "négatif")
#: Answers that are no answer.
_UNKNOWN = (
    "unknown", "not known", "don't know", "do not know", "unsure", "not applicable", "n/a",
    "refused", "prefer not to answer", "prefer not to say", "declined",
)  # fmt: skip
_LEAST_STEPS = 3

#: Codes that mean something only by their list; words such as `yes` say what they stand for.
_NUMBER = re.compile(r"-?[0-9]{1,18}")

Coding = tuple[str, str]


@rule("CH007", Severity.WARNING)
def yes_coded_unlike_elsewhere(design: Design, settings: Settings) -> Iterator[Found]:
    """Yes and No have other codes on an instrument than in the rest of the project.

    Compared are numbers; a yesno field counts as 1 and 0. A scale with steps from No to Yes is let
    off. The words are the settings `yes_words` and `no_words`. An instrument with codes of its own
    is told of once.

    Why: Whoever counts the ones counts Yes in one field and No in the other, and nothing looks
    wrong.

    Bad:
        fields:
          smokes: {type: yesno, label: "Do you smoke?"}
          drinks: {type: radio, label: "Do you drink?", choices: {1: "No", 2: "Yes"}}
    Good:
        fields:
          smokes: {type: yesno, label: "Do you smoke?"}
          drinks: {type: radio, label: "Do you drink?", choices: {0: "No", 1: "Yes"}}
    Instead: Use the same codes everywhere, best of all 1 for Yes and 0 for No.
    """
    yield from _unlike(
        design, settings.list("yes_words", _YES), settings.list("no_words", _NO), ("1", "0")
    )


@rule("CH008", Severity.WARNING)
def positive_coded_unlike_elsewhere(design: Design, settings: Settings) -> Iterator[Found]:
    """Positive and Negative have other codes on an instrument than in the rest of the project.

    Compared are numbers. The words are the settings `positive_words` and `negative_words`.

    Why: Whoever counts the ones counts positive results in one field and negative ones in the
    other, and nothing looks wrong.

    Bad:
        fields:
          pcr: {type: radio, label: "PCR", choices: {1: "Positive", 0: "Negative"}}
          rapid: {type: radio, label: "Rapid test", choices: {1: "Negative", 2: "Positive"}}
    Good:
        fields:
          pcr: {type: radio, label: "PCR", choices: {1: "Positive", 0: "Negative"}}
          rapid: {type: radio, label: "Rapid test", choices: {1: "Positive", 0: "Negative"}}
    Instead: Use the same codes everywhere.
    """
    positive = settings.list("positive_words", _POSITIVE)
    yield from _unlike(design, positive, settings.list("negative_words", _NEGATIVE), ("1", "0"))


def _unlike(
    design: Design, first: tuple[str, ...], second: tuple[str, ...], preferred: Coding
) -> Iterator[Found]:
    """Yield the fields that code two opposite answers unlike most others."""
    codings: list[tuple[Field, Coding]] = []
    built_in = YES_NO if "yes" in first else ()
    for field, choices in _answers(design, built_in):
        by_label = {folded(label): code for code, label in reversed(choices)}
        one = next((by_label[word] for word in first if word in by_label), "")
        other = next((by_label[word] for word in second if word in by_label), "")
        if (
            _NUMBER.fullmatch(one)
            and _NUMBER.fullmatch(other)
            and not _between(one, other, choices)
        ):
            codings.append((field, (one, other)))
    counts = Counter(coding for _, coding in codings)
    # what REDCap itself uses is not to be measured by a questionnaire of many items
    usual = (
        preferred if counts[preferred] else max(counts, key=counts.__getitem__, default=("", ""))
    )
    unlike: dict[tuple[str, Coding], list[Field]] = {}
    for field, coding in codings:
        if coding != usual:
            unlike.setdefault((field.form_name, coding), []).append(field)
    for (instrument, coding), fields in unlike.items():
        named = fields[0].field_name
        others = len(fields) - 1
        who = f"{named} and {count_of(others, 'more field')} have" if others else f"{named} has"
        yield Found(
            f"instrument/{encoded(instrument)}",
            f"On instrument {instrument} {who} {short(coding[0])} for "
            f"{first[0].title()} and {short(coding[1])} for {second[0].title()}, unlike "
            f"{count_of(counts[usual], 'field')} with {short(usual[0])} and {short(usual[1])}.",
            fields[0].place(CHOICES),
            "Use the same codes everywhere, while no record holds a value.",
        )


def _between(one: str, other: str, choices: Pairs) -> bool:
    """Tell whether answers lie between two codes: a scale from one to the other, no pair."""
    low, high = sorted((float(one), float(other)))
    return any(
        _NUMBER.fullmatch(code) is not None and low < float(code) < high for code, _ in choices
    )


def _answers(design: Design, built_in: Pairs) -> Iterator[tuple[Field, Pairs]]:
    yield from coded_fields(design)
    if built_in:
        yield from ((field, built_in) for field in design.fields if field.field_type == "yesno")


@rule("CH009", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def unknown_coded_unlike_elsewhere(design: Design, settings: Settings) -> Iterator[Found]:
    """An answer such as Unknown has a code of the scale here, and one that stands out elsewhere.

    The words are the setting `unknown_words`. A code that stands out is one far from the others
    of its list, such as 99 or -1, in three fields or more.

    Why: What leaves out 99 everywhere takes this Unknown for the highest step of the scale.

    Bad:
        fields:
          stage_t: {type: radio, label: "T", choices: {1: "I", 2: "II", 99: "Unknown"}}
          stage_n: {type: radio, label: "N", choices: {1: "I", 2: "II", 99: "Unknown"}}
          stage_m: {type: radio, label: "M", choices: {1: "I", 2: "II", 99: "Unknown"}}
          grade: {type: radio, label: "Grade", choices: {1: "I", 2: "II", 3: "Unknown"}}
    Good:
        fields:
          stage_t: {type: radio, label: "T", choices: {1: "I", 2: "II", 99: "Unknown"}}
          stage_n: {type: radio, label: "N", choices: {1: "I", 2: "II", 99: "Unknown"}}
          stage_m: {type: radio, label: "M", choices: {1: "I", 2: "II", 99: "Unknown"}}
          grade: {type: radio, label: "Grade", choices: {1: "I", 2: "II", 99: "Unknown"}}
    Instead: Use the same code everywhere, one that stands out: 99, 88, -1.
    """
    words = frozenset(folded(word) for word in settings.list("unknown_words", _UNKNOWN))
    places: dict[str, list[tuple[Field, str, bool]]] = {}
    for field, choices in coded_fields(design, "radio", "dropdown"):
        for code, label in choices:
            word = folded(label)
            if word in words and _NUMBER.fullmatch(code):
                stands_out = not 0 <= int(code) <= len(choices) + 1
                places.setdefault(word, []).append((field, code, stands_out))
    for word, found in places.items():
        standing = Counter(code for _, code, stands_out in found if stands_out)
        if not standing:
            continue
        usual, times = standing.most_common(1)[0]
        if times < _LEAST_STEPS:
            continue
        for field, code, stands_out in found:
            if not stands_out:
                yield at_field(
                    field,
                    CHOICES,
                    f'has {code} for "{word}", which is {usual} in {count_of(times, "field")}',
                    "Use the same code everywhere, one that stands out.",
                )


@rule("CH010", Severity.WARNING)
def same_answers_other_codes(design: Design, _settings: Settings) -> Iterator[Found]:
    """The same answers have other codes here than in most fields that offer them.

    Compared are lists of numbers. A scale in reverse is let off: questionnaires turn some items
    round on purpose. Yes and No, Positive and Negative have rules of their own.

    Why: Analyses take lists of equal labels for one list. The mistake shows in no table.

    Bad:
        fields:
          pain: {type: radio, label: "Pain", choices: {0: "None", 1: "Some", 2: "Much"}}
          fever: {type: radio, label: "Fever", choices: {1: "None", 2: "Some", 3: "Much"}}
    Good:
        choice_lists: {amount: {0: "None", 1: "Some", 2: "Much"}}
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              pain: {type: radio, label: "Pain", choices_from: amount}
              fever: {type: radio, label: "Fever", choices_from: amount}
    Instead: Declare the list once under `choice_lists` and name it in both fields.
    """
    apart = frozenset((*_YES, *_NO, *_POSITIVE, *_NEGATIVE, *map(folded, _UNKNOWN)))
    by_labels: dict[frozenset[str], list[tuple[Field, Mapping[str, str]]]] = {}
    for field, choices in coded_fields(design):
        codes = {folded(label): code for code, label in choices}
        numbers = all(_NUMBER.fullmatch(code) for code, _ in choices)
        if numbers and len(codes) == len(choices) > 1 and "" not in codes:
            rest = {label: code for label, code in codes.items() if label not in apart}
            by_labels.setdefault(frozenset(codes), []).append((field, rest))
    for same in by_labels.values():
        yield from _differing(same)


def _differing(same: list[tuple[Field, Mapping[str, str]]]) -> Iterator[Found]:
    """Yield those of some fields with equal labels that code them unlike most."""
    codings = Counter(tuple(sorted(codes.items())) for _, codes in same)
    if len(codings) < 2:
        return
    usual = max(codings, key=codings.__getitem__)
    typical = next(field for field, codes in same if tuple(sorted(codes.items())) == usual)
    for field, codes in same:
        wrong = next((label for label, code in usual if codes[label] != code), None)
        if wrong is None or _is_reversed(dict(usual), codes):
            continue
        label = next(label for _, label in pairs(field) if folded(label) == wrong)
        yield at_field(
            field,
            CHOICES,
            f'has the answers of {typical.field_name} with other codes: "{short(label)}" is '
            f"{short(codes[wrong])}, and {short(dict(usual)[wrong])} there",
            "Declare the list once under `choice_lists` and name it in both fields.",
        )


def _is_reversed(usual: Mapping[str, str], codes: Mapping[str, str]) -> bool:
    """Tell whether a scale of three steps or more runs the other way round."""
    if len(usual) < _LEAST_STEPS:
        return False
    up = sorted(usual, key=lambda label: int(usual[label]))
    return sorted(usual.values()) == sorted(codes.values()) and [
        codes[label] for label in up
    ] == list(reversed([usual[label] for label in up]))
