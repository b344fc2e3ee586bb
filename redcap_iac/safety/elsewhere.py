"""Where a project names its parts outside what the API writes: alerts, reports, invitations.

The project XML carries these parts as attributes of elements in groups (recorded, files of 7.0 to
15.5). Which groups the API's export includes is not known, and a group that is empty is left out:
what is not in the file is unknown, never "nothing". Attributes are read by what their names say,
as servers add new ones with almost every version.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from redcap_iac.calls import Call
from redcap_iac.client import Client
from redcap_iac.errors import RedcapIacError
from redcap_iac.logic import LogicError, Reference, SmartVariable, parse, ungrouped, walk
from redcap_iac.logic.tree import Chain, Number, Text

_REDCAP = "{https://projectredcap.org}"

#: Groups of the project XML with what their members are called, and the attributes that may name
#: one (recorded).
_GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "AlertsGroup": ("alert", ("alert_title", "alert_number")),
    "ReportsGroup": ("report", ("title",)),
    "SurveysSchedulerGroup": ("survey invitation", ("email_subject", "survey_id")),
    "SurveysQueueGroup": ("survey queue entry", ("survey_id",)),
    "DataQualityRulesGroup": ("data quality rule", ("rule_name",)),
    "FormDisplayLogicConditionsGroup": ("form display logic", ("control_condition",)),
    "SurveysGroup": ("survey", ("title", "form_name")),
    "RecordDashboardsGroup": ("record status dashboard", ("title",)),
    "ProjectDashboardsGroup": ("project dashboard", ("title",)),
    "EconsentGroup": ("e-Consent setting", ("survey_id",)),
    "PdfSnapshotsGroup": ("PDF snapshot", ("name", "trigger_surveycomplete_survey_id")),
    "RandomizationGroup": ("randomization", ("target_field",)),
}
#: What people look for first, and what each is called: told as unknown where it is not shown.
SOUGHT: dict[str, str] = {
    "AlertsGroup": "alerts",
    "ReportsGroup": "reports",
    "SurveysSchedulerGroup": "survey invitations",
    "SurveysQueueGroup": "the survey queue",
    "DataQualityRulesGroup": "data quality rules",
    "FormDisplayLogicConditionsGroup": "form display logic",
}
#: Settings of the project that hold the name of a field or event.
_SETTINGS = {
    "SurveyInvitationEmailField": "designated email field",
    "OrderRecordsByField": "order of records",
    **{f"SurveyAuthField{number}": "survey login" for number in (1, 2, 3)},
    **{f"SurveyAuthEvent{number}": "survey login" for number in (1, 2, 3)},
}
#: Attributes that hold words with `field` or `event` in their name and name none.
_NO_NAMES = re.compile(r"_after$|^alert_stop_type$|^sort_order$|include_|_display_|^user_")
_BRACKETS = re.compile(r"\[([^\[\]]+)\]")
_BETWEEN = re.compile(r"[^\w.-]+")
_COMMA = re.compile(r"[,;\s]+")


@dataclass(frozen=True, slots=True)
class Names:
    """Names that a text or attribute holds.

    `any` stand in brackets, where a field, an event and an instrument look the same; `codes` pair
    a field with one of its codes; `said` are texts compared with who somebody is: groups, roles.
    """

    any: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    instruments: frozenset[str] = frozenset()
    dags: frozenset[str] = frozenset()
    codes: frozenset[tuple[str, str]] = frozenset()
    said: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """An alert, report, rule and so on, and all that it names; `title` is "" without one."""

    noun: str
    title: str
    names: tuple[Names, ...]

    def __str__(self) -> str:
        return f'{self.noun} "{self.title}"' if self.title else self.noun

    def names_field(self, name: str) -> bool:
        """Tell whether a field is named."""
        return any(name in one.fields or name in one.any for one in self.names)

    def names_code(self, field: str, code: str) -> bool:
        """Tell whether a choice of a field is named."""
        return any((field, code) in one.codes for one in self.names)

    def names_event(self, name: str) -> bool:
        """Tell whether an event is named, by its unique name."""
        return any(name in one.events or name in one.any for one in self.names)

    def names_instrument(self, name: str) -> bool:
        """Tell whether an instrument, or its status, is named."""
        return any(
            name in one.instruments or name in one.any or self._status(name, one)
            for one in self.names
        )

    def names_dag(self, unique_name: str, label: str) -> bool:
        """Tell whether a DAG is named."""
        return any(unique_name in one.dags or {unique_name, label} & one.said for one in self.names)

    def names_role(self, unique_name: str, label: str) -> bool:
        """Tell whether a role is named."""
        return any({unique_name, label} & one.said for one in self.names)

    def _status(self, instrument: str, names: Names) -> bool:
        status = f"{instrument}_complete"
        return status in names.fields or status in names.any


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a project XML says: the places that name something, and what it does not show."""

    places: tuple[Place, ...]
    unseen: tuple[str, ...]


#: Nothing could be read.
NOTHING_SEEN = Elsewhere((), tuple(SOUGHT.values()))


def fetch(client: Client) -> str | None:
    """Return the project XML without data, None where it cannot be had (right: API Export)."""
    try:
        answer = client.send(Call("project_xml", params={"returnMetadataOnly": "true"}))
    except RedcapIacError:
        return None
    return answer.text or None


def read(text: str | None) -> Elsewhere:
    """Return the places of a project XML; a file that cannot be read safely shows nothing."""
    root = None if text is None else _root(text)
    if root is None:
        return NOTHING_SEEN
    places: list[Place] = []
    groups: set[str] = set()
    for element in root.iter():
        name = element.tag.removeprefix(_REDCAP) if isinstance(element.tag, str) else ""
        if name in _GROUPS:
            groups.add(name)
            places += (_place(member, *_GROUPS[name]) for member in element)
        elif name in _SETTINGS and (element.text or "").strip():
            places.append(_setting(name, (element.text or "").strip()))
    return Elsewhere(
        tuple(places), tuple(said for group, said in SOUGHT.items() if group not in groups)
    )


class _Refusing(ET.TreeBuilder):
    """A tree builder that stops at a document type, before any entity is declared."""

    def doctype(self, *_declared: str | None) -> None:
        """Refuse the declaration."""
        raise ValueError("a document type is declared")


def _root(text: str) -> ET.Element | None:
    # entities are refused by the builder, before the parser could expand one
    parser = ET.XMLParser(target=_Refusing())  # noqa: S314 - see above
    try:
        parser.feed(text.removeprefix("\ufeff").lstrip())
        root: ET.Element = parser.close()
    except (ET.ParseError, ValueError):
        return None
    return root


def _place(member: ET.Element, noun: str, titles: tuple[str, ...]) -> Place:
    given = {key.rpartition("}")[2]: value for key, value in member.attrib.items() if value.strip()}
    title = next((given[name] for name in titles if name in given), "")
    names = (_names(key, value, noun) for key, value in given.items())
    return Place(noun, " ".join(title.split()), tuple(one for one in names if one != Names()))


def _setting(name: str, value: str) -> Place:
    one = frozenset({value.lower()})
    names = Names(events=one) if "Event" in name else Names(fields=one)
    return Place("project setting", _SETTINGS[name], (names,))


def _names(key: str, value: str, noun: str) -> Names:
    """Return what an attribute names, by what its own name says."""
    if "[" in value:
        return _in_text(value)
    words = frozenset(word for word in _COMMA.split(value.lower()) if word)
    if "forms_events" in key:
        pairs = [word.partition(":") for word in words]
        return Names(
            events=frozenset(event for event, _, _ in pairs if event),
            instruments=frozenset(form for _, _, form in pairs if form),
        )
    if _NO_NAMES.search(key):
        return Names()
    if "dags" in key:
        return Names(dags=words)
    if "event" in key:
        return Names(events=words)
    if key == "form_name" or key.endswith("survey_id"):
        # a survey and its own settings go with their instrument, which is told there
        return Names() if noun == "survey" else Names(instruments=words)
    if "field" in key or re.search(r"^dynamic_filter|^email_attachment_variable", key):
        return Names(fields=words)
    return Names()


def _in_text(text: str) -> Names:
    """Return the names in brackets of a text, and what logic compares them with."""
    inside = [found[1].lower() for found in _BRACKETS.finditer(text)]
    words = frozenset(word for part in inside for word in _BETWEEN.split(part) if word)
    ticked = (re.fullmatch(r"(\w+)\(([^()]+)\).*", part) for part in inside)
    codes = {(found[1], found[2]) for found in ticked if found}
    said: set[str] = set()
    for subject, value in _compared(text):
        if isinstance(subject, Reference) and subject.code is None:
            codes.add((subject.field.lower(), value.lower()))
        elif isinstance(subject, SmartVariable):
            said.add(value)
    return Names(any=words, codes=frozenset(codes), said=frozenset(said))


def _compared(text: str) -> Iterator[tuple[Reference | SmartVariable, str]]:
    """Yield the pairs of a name and a literal that stand beside each other in an expression."""
    try:
        tree = ungrouped(parse(text))
    except LogicError:
        return  # prose with names in it
    for node in walk(tree):
        if not isinstance(node, Chain):
            continue
        operands = (node.first, *(step.operand for step in node.steps))
        for one, two in pairwise(operands):
            for subject, other in ((one, two), (two, one)):
                if isinstance(subject, Reference | SmartVariable):
                    if isinstance(other, Text):
                        yield subject, other.value
                    elif isinstance(other, Number):
                        yield subject, other.text
