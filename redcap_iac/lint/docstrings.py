"""The docstring of a rule in its parts: what `explain` prints and a test judges."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from textwrap import dedent

from redcap_iac.explanations import Explanation
from redcap_iac.lint.rule import Rule
from redcap_iac.lint.settings import Profile
from redcap_iac.suggestions import in_words

_HEADING = re.compile(r"(Why|Bad|Good|Instead):[ \t]*")
#: What a family of codes is called in a list.
FAMILIES = {
    "DD": "Lint: the dictionary",
    "CH": "Lint: choices",
    "VA": "Lint: validation",
    "ID": "Lint: identifiers",
    "LG": "Lint: logic",
    "CA": "Lint: calculations",
    "AT": "Lint: action tags",
    "LO": "Lint: the schedule",
    "RP": "Lint: repeating",
    "PR": "Lint: the project",
    "UR": "Lint: people and roles",
    "DG": "Lint: Data Access Groups",
}


@dataclass(frozen=True, slots=True)
class Parts:
    """A docstring read: the first sentence, what follows it, and the parts under headings."""

    title: str
    meaning: str
    why: str
    bad: tuple[str, ...]
    good: tuple[str, ...]
    instead: tuple[str, ...]


def parts(docstring: str) -> Parts:
    """Return a docstring in its parts; a part it lacks is empty."""
    head: list[str] = []
    sections: dict[str, list[list[str]]] = {}
    into = head
    for line in inspect.cleandoc(docstring).splitlines():
        heading = _HEADING.match(line)
        if heading:
            into = [line[heading.end() :]]
            sections.setdefault(heading[1], []).append(into)
        else:
            into.append(line)
    title, *meaning = _paragraphs(head)
    return Parts(
        title.removesuffix("."),
        " ".join(meaning),
        " ".join(one for lines in sections.get("Why", ()) for one in _paragraphs(lines)),
        tuple(_example(lines) for lines in sections.get("Bad", ())),
        tuple(_example(lines) for lines in sections.get("Good", ())),
        tuple(one for lines in sections.get("Instead", ()) for one in _paragraphs(lines)),
    )


def explanation(rule: Rule) -> Explanation:
    """Return what `explain` says about a rule; its meaning is its title where it says no more."""
    read = parts(rule.docstring)
    return Explanation(
        rule.code,
        read.title,
        read.meaning or f"{read.title}.",
        read.why,
        read.instead,
        answer=f'Let it pass where it is meant: `ignore: {{{rule.code}: "the reason"}}`.',
        family=FAMILIES.get(rule.code[:2], "Lint"),
        bad="\n\n".join(read.bad),
        good="\n\n".join(read.good),
        about=about(rule),
    )


def about(rule: Rule) -> str:
    """Return how much a rule matters, in which profiles it is asked, whether it has fixes."""
    profiles = [str(profile) for profile in Profile if profile in rule.profiles]
    if len(profiles) == len(Profile):
        asked = "asked in every profile"
    elif profiles:
        asked = f"asked in the profile{'s' * (len(profiles) > 1)} {in_words(profiles, 'and')}"
    else:
        asked = "asked when it is selected"
    fixes = "; `lint --fix` can fix it" if rule.fixable else ""
    return f"{str(rule.severity).capitalize()}, {asked}{fixes}."


def _paragraphs(lines: list[str]) -> tuple[str, ...]:
    """Return lines as paragraphs, each on one line."""
    text = "\n".join(line.strip() for line in lines).strip()
    return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", text))


def _example(lines: list[str]) -> str:
    return dedent("\n".join(lines)).strip("\n").rstrip()
