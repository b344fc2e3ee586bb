"""Project settings: title, purpose, flags and people of a project.

Export Project Information answers one object; Import Project Information takes any of 19
attributes (18 before 15.8.2, recorded), answers how many it took, unchanged ones included, and
checks hardly any (recorded). `is_longitudinal` is the effective flag: it may read 0 right after
it was set, until there is a second event (recorded).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from redcap_iac.calls import Call, Made
from redcap_iac.changes import Create, Normal, Rename, Update
from redcap_iac.document import Map, Text
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.findings import Findings, Position
from redcap_iac.kinds.kind import Draft, Kind, Reading, Settling, Source, WireRow, Work
from redcap_iac.plan import Phase, Step
from redcap_iac.state import State, Unit

_PURPOSES = {
    "0": "practice", "1": "other", "2": "research", "3": "quality_improvement",
    "4": "operational_support",
}  # fmt: skip
_FLAGS = {"0": "false", "1": "true"}


@dataclass(frozen=True, slots=True)
class Attribute:
    """One importable attribute: REDCap's name, the manifest's key, the words of its values.

    `description` and `example` are what editors show.
    """

    name: str
    key: str
    words: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    example: str = ""

    @property
    def is_flag(self) -> bool:
        """Tell whether its values are true and false."""
        return self.words == _FLAGS


_ATTRIBUTES = (
    Attribute(
        "project_title",
        "title",
        description="Title of the project.",
        example="Cardiac Rehab Follow-up",
    ),
    Attribute(
        "project_language",
        "language",
        description="Language of the project's pages.",
        example="English",
    ),
    Attribute("purpose", "purpose", _PURPOSES, "What the project is for."),
    Attribute(
        "purpose_other",
        "purpose_other",
        description="For `purpose: other` its text; for research the area codes, as in 1,3.",
        example="1,3",
    ),
    Attribute("project_notes", "notes", description="Notes on the project.", example="Phase II"),
    Attribute(
        "custom_record_label",
        "custom_record_label",
        description="Shown beside each record's id; fields are piped into it.",
        example="[initials], born [dob]",
    ),
    Attribute(
        "secondary_unique_field",
        "secondary_unique_field",
        description="Field whose values may occur only once.",
        example="mrn",
    ),
    Attribute("is_longitudinal", "longitudinal", _FLAGS, "Implied by `arms:`; false is classic."),
    Attribute("surveys_enabled", "surveys", _FLAGS, "Whether instruments can be surveys."),
    Attribute("scheduling_enabled", "scheduling", _FLAGS, "The scheduling module."),
    Attribute(
        "record_autonumbering_enabled", "autonumbering", _FLAGS, "Records number themselves."
    ),
    Attribute("randomization_enabled", "randomization", _FLAGS, "The randomization module."),
    Attribute(
        "project_irb_number",
        "irb_number",
        description="Number of the ethics approval.",
        example="2026-114",
    ),
    Attribute(
        "project_grant_number",
        "grant_number",
        description="Number of the grant.",
        example="HL-2026-07",
    ),
    Attribute(
        "project_pi_firstname", "pi.first_name", description="First name of the PI.", example="Ada"
    ),
    Attribute(
        "project_pi_lastname", "pi.last_name", description="Last name of the PI.", example="Boyd"
    ),
    Attribute(
        "project_pi_email",
        "pi.email",
        description="E-mail of the PI (from 15.8.2).",
        example="ada.boyd@example.org",
    ),
    Attribute("display_today_now_button", "today_now_button", _FLAGS, "The Today and Now buttons."),
    Attribute(
        "bypass_branching_erase_field_prompt",
        "bypass_branching_prompt",
        _FLAGS,
        "Erase values hidden by branching without asking.",
    ),
)
_BY_NAME = {attribute.name: attribute for attribute in _ATTRIBUTES}
_EARLY = frozenset({"scheduling_enabled", "surveys_enabled"})
_TOUCHED = ("project", "arms", "events", "designations", "repeating")


@dataclass(frozen=True, slots=True)
class Setting:
    """One attribute with its value as REDCap writes it: `1`, `2`, text; "" is none."""

    name: str
    value: str
    at: Position | None = field(default=None, compare=False)


class ProjectKind(Kind[Setting]):
    """Settings of the project; undeclared ones stay as found."""

    name: ClassVar[str] = "project"
    unit: ClassVar[Unit] = Unit.PROJECT
    content: ClassVar[str] = "project"
    properties: ClassVar[Mapping[str, object]] = {
        "project": {"$ref": "#/$defs/project", "description": "Settings of the project."}
    }

    def declare(self, source: Source, findings: Findings) -> tuple[Setting, ...] | None:
        """Read `project:`; `arms:` implies longitudinal."""
        section = source.root.map("project")
        arms = source.root.get("arms")
        if section is None and arms is None:
            return None
        settings = list(_declared(section)) if section is not None else []
        flag = next((item for item in settings if item.name == "is_longitudinal"), None)
        if arms is not None and flag is None:
            settings.append(Setting("is_longitudinal", "1", arms.at))
        elif arms is not None and flag is not None and flag.value != "1":
            findings.error(
                "M510", "`longitudinal: false` and `arms:` contradict each other.", flag.at,
                address="project/longitudinal", advice="Leave one of them out.",
            )  # fmt: skip
        return tuple(settings)

    def describe(self, state: State, draft: Draft) -> None:
        """Add the settings that say something, in the manifest's words."""
        section: dict[str, object] = {}
        for item in self.items(state):
            attribute = _BY_NAME[item.name]
            if item.name == "is_longitudinal" or item.value == "":
                continue
            value: object = attribute.words.get(item.value, item.value)
            if attribute.is_flag and value in ("true", "false"):
                value = value == "true"
            outer, dot, inner = attribute.key.partition(".")
            if dot:
                people = section.setdefault(outer, {})
                assert isinstance(people, dict)
                people[inner] = value
            else:
                section[outer] = value
        draft["project"] = section

    def check(self, desired: State, findings: Findings) -> None:
        """Find a purpose without its text and a secondary unique field that is no field."""
        settings = {item.name: item for item in self.items(desired)}
        purpose, other = settings.get("purpose"), settings.get("purpose_other")
        if purpose is not None and purpose.value == "1" and (other is None or not other.value):
            findings.error(
                "M511", "`purpose: other` needs its text.", purpose.at,
                address="project/purpose", advice="Add `purpose_other:`.",
            )  # fmt: skip
        title = settings.get("project_title")
        if title is not None and not title.value.strip():
            findings.error("M512", "A project needs a title.", title.at, address="project/title")
        unique = settings.get("secondary_unique_field")
        fields = desired.kinds.get("fields")
        names = {getattr(item, "field_name", "") for item in fields or ()}
        if unique is not None and unique.value and fields is not None and unique.value not in names:
            findings.error(
                "M513", f"secondary_unique_field: there is no field {unique.value}.", unique.at,
                address="project/secondary_unique_field",
            )  # fmt: skip

    def key(self, item: Setting) -> str:
        """A setting is known by REDCap's attribute name."""
        return item.name

    def address(self, item: Setting) -> str:
        """Settings are addressed by the manifest's key: `project/title`."""
        return f"project/{_BY_NAME[item.name].key}"

    def bind(
        self, desired: Sequence[Setting], live: Sequence[Setting], findings: Findings
    ) -> Mapping[Made, str]:
        """Say which settings this server does not have; nothing is to be bound."""
        known = {item.name for item in live}
        for item in desired:
            if item.name not in known and item.name != "is_longitudinal":
                findings.warning(
                    "M514",
                    f"This REDCap does not show {_BY_NAME[item.name].key}; it is left alone.",
                    item.at,
                    address=self.address(item),
                )
        return {}

    def settle(self, items: tuple[Setting, ...], settling: Settling) -> tuple[Setting, ...]:
        """Leave undeclared settings as found, and out what this server does not show."""
        live = self.items(settling.live.state)
        declared = {item.name: item for item in items}
        return tuple(declared.get(item.name, item) for item in live)

    def normal(self, item: Setting) -> Normal:
        """Compare texts with their line ends alike; shown in the manifest's words."""
        text = item.value.replace("\r\n", "\n")
        return (("value", _BY_NAME[item.name].words.get(text, text)),)

    def label(self, item: Setting) -> str:
        """A setting is known by the manifest's key."""
        return _BY_NAME[item.name].key

    def read(self, rows: Sequence[WireRow], reading: Reading) -> tuple[Setting, ...]:
        """Read the importable attributes this server shows; numbers become text."""
        if len(rows) != 1:
            raise SuspiciousReadError("Export Project Information did not answer one project.")
        row = rows[0]
        return tuple(
            Setting(attribute.name, "" if row[attribute.name] is None else str(row[attribute.name]))
            for attribute in _ATTRIBUTES
            if attribute.name in row
        )

    def steps(self, work: Work) -> Iterable[Step]:
        """Flags that others depend on come first, the rest after dictionary and schedule."""
        changed = {
            change.after.name: (change.address, change.after.value)
            for change in work.of(self.name)
            if isinstance(change, Create | Update | Rename) and isinstance(change.after, Setting)
        }
        early = [
            name
            for name, (_, value) in changed.items()
            if name in _EARLY or (name == "is_longitudinal" and value == "1")
        ]
        late = [name for name in changed if name not in early]
        if "purpose" in late and "purpose_other" not in late:
            values = {item.name: item.value for item in self.items(work.final)}
            extra = (
                {"purpose_other": values["purpose_other"]} if values.get("purpose_other") else {}
            )
        else:
            extra = {}
        for phase, names in ((Phase.FLAGS, early), (Phase.SETTINGS, late)):
            if names:
                row = {name: changed[name][1] for name in names}
                serves = tuple(changed[name][0] for name in names)
                yield Step(
                    phase,
                    self.name,
                    f"set {', '.join(_BY_NAME[name].key for name in names)}",
                    Call(
                        "project_settings", "import", ({**row, **(extra if names is late else {})},)
                    ),
                    serves,
                    _TOUCHED,
                )


def _declared(section: Map) -> Iterator[Setting]:
    for attribute in _ATTRIBUTES:
        outer, dot, inner = attribute.key.partition(".")
        node = section.get(outer)
        if dot and isinstance(node, Map):
            node = node.get(inner)
        if not isinstance(node, Text):
            continue
        yield Setting(attribute.name, _wire(attribute, node), node.at)


def _wire(attribute: Attribute, node: Text) -> str:
    if node.is_null:
        return ""
    if attribute.is_flag and node.flag is not None:
        return "1" if node.flag else "0"
    by_word = {word: value for value, word in attribute.words.items()}
    return by_word.get(node.text, node.text)


def _schema() -> dict[str, object]:
    top: dict[str, object] = {}
    people: dict[str, object] = {}
    for attribute in _ATTRIBUTES:
        outer, dot, inner = attribute.key.partition(".")
        told: dict[str, object] = {"description": attribute.description}
        if attribute.is_flag:
            told["$ref"] = "#/$defs/flag"
        elif attribute.words:
            told["enum"] = list(attribute.words.values())
        else:
            told |= {"$ref": "#/$defs/text_or_null", "examples": [attribute.example]}
        (people if dot else top)[inner if dot else outer] = told
    top["pi"] = {
        "type": "object",
        "additionalProperties": False,
        "properties": people,
        "description": "The principal investigator.",
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": top,
        "description": "Settings of the project; absent keys are left as found, null clears.",
    }


ProjectKind.definitions = {"project": _schema()}

KIND = ProjectKind()
