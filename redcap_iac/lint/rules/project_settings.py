"""PR: what the project says about itself before records are real."""

from __future__ import annotations

import re
from collections.abc import Iterator

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION, folded
from redcap_iac.lint.settings import Profile, Settings
from redcap_iac.suggestions import in_words

PRACTICE, OTHER, RESEARCH = "0", "1", "2"
#: Titles of projects that are none yet: a part of the title that is one of these words, or one
#: that begins with such words (judged).
_DRAFTS = ("test", "testing", "test project", "copy", "draft", "demo", "sandbox", "template",
           "practice", "old")  # fmt: skip
_BEGINNINGS = ("test project", "copy of", "my study", "my project", "untitled", "do not use")
_PARTS = re.compile(r"[()\[\]:|–—]|\s-+\s")
_AREAS = re.compile(r"\d+(\s*,\s*\d+)*")
#: What somebody reads to know whose study it is, by the key of the manifest.
_PEOPLE = {
    "project_irb_number": "number of the ethics approval",
    "project_pi_lastname": "principal investigator",
}


def at_setting(design: Design, name: str, key: str, message: str, advice: str = "") -> Found:
    """Return what is found about a setting: REDCap's name, the manifest's key, a sentence."""
    return Found(f"project/{key}", message, design.setting_place(name), advice)


@rule("PR001", Severity.WARNING, profiles=BEFORE_PRODUCTION)
def only_practice(design: Design, _settings: Settings) -> Iterator[Found]:
    """The purpose of the project is practice.

    Why: It says that nothing in the project is real: administrators count it among what may be
    deleted, and ask before it goes to production.

    Bad:
        project: {title: Sleep diary, purpose: practice}
    Good:
        project: {title: Sleep diary, purpose: quality_improvement}
    Instead: Say what it is for: `purpose: research`.
    """
    if design.setting("purpose") == PRACTICE:
        yield at_setting(
            design,
            "purpose",
            "purpose",
            "The purpose of the project is practice.",
            "Say what it is for.",
        )


@rule("PR002", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def whose_study(design: Design, _settings: Settings) -> Iterator[Found]:
    """The project is research, and the files name no ethics approval or no investigator.

    Why: Administrators ask for both before a study goes live, and an inspector afterwards.

    Bad:
        project: {title: Sleep, purpose: research, purpose_other: "1"}
    Good:
        project:
          title: Sleep
          purpose: research
          purpose_other: "1"
          irb_number: 2026-114
          pi: {first_name: Ada, last_name: Boyd}
    Instead: `irb_number:` and `pi: {last_name: …}` under `project:`.
    """
    missing = [word for name, word in _PEOPLE.items() if not (design.setting(name) or "").strip()]
    if design.setting("purpose") == RESEARCH and missing:
        yield at_setting(
            design,
            "purpose",
            "purpose",
            f"The project is research, and its {in_words(missing, 'and')}"
            f" {'is' if len(missing) == 1 else 'are'} not named.",
            "Add `irb_number:` and `pi:` under `project:`.",
        )


@rule("PR008", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def title_of_a_draft(design: Design, settings: Settings) -> Iterator[Found]:
    """The title says that this is a test, a copy or a draft.

    Found as a part of its own: `Sleep (copy)`, not `Six-minute walk test`. `draft_titles` in the
    settings takes the place of the words.

    Why: The title stands above every page, in every e-mail to participants and in every export.

    Bad:
        project: {title: "Sleep diary (copy)"}
    Good:
        project: {title: "Sleep diary: a test of two forms"}
    Instead: Give it the name of the study.
    """
    title = design.setting("project_title") or ""
    words = frozenset(settings.list("draft_titles", _DRAFTS))
    parts = [re.sub(r"( \d+)+$", "", folded(part)) for part in _PARTS.split(title)]
    draft = next((part for part in parts if part in words), "")
    begins = next((part for part in _BEGINNINGS if f"{folded(title)} ".startswith(f"{part} ")), "")
    if found := draft or begins:
        yield at_setting(
            design,
            "project_title",
            "title",
            f'The title says "{found}".',
            "Give it the name of the study.",
        )


@rule("PR009", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def no_notes(design: Design, _settings: Settings) -> Iterator[Found]:
    """The project has no notes.

    Why: Among hundreds of projects the notes alone tell an administrator what this one is, and
    whom it is for.

    Bad:
        project: {title: Sleep diary}
    Good:
        project: {title: Sleep diary, notes: "One questionnaire at the start, one page a night."}
    Instead: `notes:` under `project:`, a sentence or two.
    """
    if design.setting("project_title") and not (design.setting("project_notes") or "").strip():
        yield at_setting(
            design,
            "project_title",
            "notes",
            "The project has no notes.",
            "Say in a sentence what it is.",
        )


@rule("PR010", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def research_of_no_area(design: Design, _settings: Settings) -> Iterator[Found]:
    """The project is research and does not say of which area.

    For research `purpose_other` holds the numbers of REDCap's areas, `1,3` (inferred).

    Why: REDCap's page shows no area ticked, and the institution's list of its research has the
    study under none.

    Bad:
        project: {title: Sleep, purpose: research, purpose_other: "Basic"}
    Good:
        project: {title: Sleep, purpose: research, purpose_other: "1,3"}
    Instead: `purpose_other: "1,3"`.
    """
    area = (design.setting("purpose_other") or "").strip()
    if design.setting("purpose") == RESEARCH and not _AREAS.fullmatch(area):
        said = f'has "{area}" for its area' if area else "does not say of which area"
        yield at_setting(
            design,
            "purpose_other" if area else "purpose",
            "purpose_other",
            f"The project is research and {said}.",
            "Write the numbers of the areas: `1,3`.",
        )


@rule("PR011", Severity.NOTE)
def text_for_no_purpose(design: Design, _settings: Settings) -> Iterator[Found]:
    """The text of another purpose is given, and the purpose is one that has none.

    Why: REDCap shows it nowhere; mostly the purpose is the wrong one.

    Bad:
        project: {title: Sleep, purpose: quality_improvement, purpose_other: "Thesis"}
    Good:
        project: {title: Sleep, purpose: other, purpose_other: "Thesis"}
    Instead: `purpose: other`, or leave `purpose_other:` out.
    """
    purpose = design.setting("purpose")
    text = (design.setting("purpose_other") or "").strip()
    if text and purpose and purpose not in (OTHER, RESEARCH):
        yield at_setting(
            design,
            "purpose_other",
            "purpose_other",
            f'"{text}" is given as the text of another purpose, and the purpose is none.',
            "Write `purpose: other`, or leave it out.",
        )


@rule("PR016", Severity.WARNING, profiles=frozenset({Profile.GO_LIVE, Profile.PART11}))
def erased_without_asking(design: Design, _settings: Settings) -> Iterator[Found]:
    """Values are erased without asking when branching logic hides their field.

    Why: One wrong answer, corrected a moment later, takes the answers that hung on it; nobody is
    asked, and only the log still has them.

    Bad:
        project: {title: Sleep, bypass_branching_prompt: true}
    Good:
        project: {title: Sleep, bypass_branching_prompt: false}
    Instead: `bypass_branching_prompt: false`.
    """
    name = "bypass_branching_erase_field_prompt"
    if design.setting(name) == "1":
        yield at_setting(
            design,
            name,
            "bypass_branching_prompt",
            "Values hidden by branching logic are erased without asking.",
            "Write `bypass_branching_prompt: false`.",
        )
