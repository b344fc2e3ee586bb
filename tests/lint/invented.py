"""A few rules for tests of the engine, which shall not change when the real ones do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from redcap_iac.cli import explain as cli_explain
from redcap_iac.cli import lint as cli_lint
from redcap_iac.design import Design
from redcap_iac.edits import SetCell
from redcap_iac.findings import Severity
from redcap_iac.lint import judging
from redcap_iac.lint.rule import Found, Rule
from redcap_iac.lint.settings import Profile, Settings
from redcap_iac.manifest import lint_settings


def labelled_bad(design: Design, settings: Settings) -> Iterator[Found]:
    """A field is labelled as bad.

    Why: Nobody likes to fill in what is bad.

    Bad:
        fields:
          x: {type: text, label: "bad"}
    Good:
        fields:
          x: {type: text, label: "good"}
    Instead: Call it good.
    """
    del settings
    for field in design.fields:
        if field.field_label == "bad":
            at = field.place("field_label")
            yield Found(f"field/{field.field_name}", "This label is bad.", at, "Call it good.")


def blank_around(design: Design, settings: Settings) -> Iterator[Found]:
    """A label has blanks around it.

    Why: They are exported.

    Bad:
        fields:
          x: {type: text, label: "x "}
    Good:
        fields:
          x: {type: text, label: "x"}
    Instead: Take them away.
    """
    del settings
    for field in design.fields:
        label = field.field_label
        if label != label.strip():
            fix = (SetCell(field.field_name, "field_label", label.strip()),)
            message = f"{field.field_name} has blanks around its label."
            at = field.place("field_label")
            yield Found(f"field/{field.field_name}", message, at, "Take them away.", fix)


def field_there(design: Design, settings: Settings) -> Iterator[Found]:
    """There is a field.

    Why: Every field costs time.

    Bad:
        fields:
          x: {type: text, label: "x"}
    Good:
        project: {title: "Sleep"}
    Instead: Ask less.
    """
    if len(design.fields) > settings.number("fields_most", 0):
        for field in design.fields:
            yield Found(f"field/{field.field_name}", f"There is {field.field_label}.")


RULES = (
    Rule("ZZ001", Severity.ERROR, labelled_bad),
    Rule("ZZ002", Severity.WARNING, blank_around, fixable=True),
    Rule("ZZ003", Severity.NOTE, field_there, frozenset({Profile.GO_LIVE, Profile.PART11})),
)


def install(monkeypatch: pytest.MonkeyPatch, rules: tuple[Rule, ...] = RULES) -> None:
    """Put these in the place of the real rules, wherever they are asked for."""
    for module in (judging, cli_lint, cli_explain):
        monkeypatch.setattr(module, "all_rules", lambda: rules)
    codes = (*(rule.code for rule in rules), "LI001")
    monkeypatch.setattr(lint_settings, "_codes", lambda: codes)
    monkeypatch.setattr(lint_settings, "_settings", lambda: {"fields_most": "number"})
