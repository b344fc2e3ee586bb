"""Data Access Groups: people of a group see that group's records only.

API: Export DAGs; Import DAGs, which creates a group (blank unique name) or renames one, whereupon
its unique name is made anew from the label while the id stays (recorded); Delete DAGs. The unique
name is lower case, blanks to underscores, anything else outside a-z 0-9 _ removed, cut at 18
(recorded); how it is told from an equal one is not recorded, so that it is always read back.
Groups are known by their name in the manifest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from redcap_iac.calls import Call, Key, Made, Row
from redcap_iac.changes import Create, Delete, Normal, Rename
from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.findings import Findings, Position
from redcap_iac.kinds.kind import Draft, Kind, Reading, Source, WireRow, Work
from redcap_iac.kinds.people import HEADING, TOUCHED, dag_address
from redcap_iac.plan import Phase, Step
from redcap_iac.state import State, Unit

#: How long a name may be (knowledge base: the column of REDCap's own table).
_LONGEST = 100
_UNIQUE_LENGTH = 18


@dataclass(frozen=True, slots=True)
class Dag:
    """A group; `group_id` is "" before it exists and on servers older than about 13.1."""

    name: str
    unique_name: Key
    group_id: str = field(default="", compare=False)
    renamed_from: str = field(default="", compare=False)
    at: Position | None = field(default=None, compare=False)


class Dags(Kind[Dag]):
    """Data Access Groups of a project; the item is `Dag`."""

    name = "dags"
    unit = Unit.DAGS
    content = "dag"
    needs = ("Data Access Groups",)
    name_follows_label = True
    properties: ClassVar[Mapping[str, object]] = {
        "dags": {
            "type": "array",
            "description": "Data Access Groups by name; an empty list means none.",
            "examples": [["Boston", {"name": "Lyon", "renamed_from": "Lyons"}]],
            "items": {
                "description": "A group by its name, or with the name it had.",
                "anyOf": [
                    {"$ref": "#/$defs/text"},
                    {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["name"],
                        "description": "A group, with what it was called before.",
                        "properties": {
                            "name": {
                                "$ref": "#/$defs/text",
                                "description": "Name of the group.",
                                "examples": ["Lyon"],
                            },
                            "renamed_from": {
                                "$ref": "#/$defs/text",
                                "description": "The name it had.",
                                "examples": ["Lyons"],
                            },
                        },
                    },
                ],
            },
        }
    }

    def declare(self, source: Source, findings: Findings) -> tuple[Dag, ...] | None:
        """Return the groups in order; a name that is there twice is refused."""
        section = source.root.get("dags")
        if not isinstance(section, Listing):
            return None
        found: dict[str, Dag] = {}
        for dag in filter(None, map(_declared, section.items)):
            if dag.name in found:
                findings.error(
                    "M412", f'group "{dag.name}" is declared twice', dag.at,
                    address=self.address(dag),
                )  # fmt: skip
            found.setdefault(dag.name, dag)
        return tuple(found.values())

    def describe(self, state: State, draft: Draft) -> None:
        """Add `dags`: a list of names."""
        draft["dags"] = [dag.name.strip() for dag in self.items(state)]

    def check(self, desired: State, findings: Findings) -> None:
        """Find names REDCap cannot tell apart or make anything of, and hints that contradict."""
        dags = self.items(desired)
        by_unique: dict[str, Dag] = {}
        for dag in dags:
            self._check_name(dag, findings)
            made = likely_unique_name(dag.name)
            other = by_unique.setdefault(made, dag)
            if made and other is not dag:
                findings.error(
                    "M412",
                    f'REDCap would give the groups "{other.name}" and "{dag.name}" one unique'
                    f" name, {made}",
                    dag.at, address=self.address(dag),
                    advice="It looks at the first 18 letters a-z, digits and blanks of a name.",
                )  # fmt: skip
        names = {dag.name for dag in dags}
        for dag in dags:
            if dag.renamed_from and dag.renamed_from in names:
                _refuse_hint(dag, f'"{dag.renamed_from}" is declared too', findings)

    def _check_name(self, dag: Dag, findings: Findings) -> None:
        said = ""
        if not dag.name:
            said = "the name of a group is empty"
        elif len(dag.name) > _LONGEST:
            said = f'the name of group "{dag.name[:40]}…" is longer than {_LONGEST} characters'
        elif not likely_unique_name(dag.name):
            said = f'REDCap makes no unique name of "{dag.name}": it has no letter a-z or digit'
        if said:
            findings.error("M413", said, dag.at, address=self.address(dag))

    def key(self, item: Dag) -> Key:
        """Return the unique name, or what stands for it."""
        return item.unique_name

    def address(self, item: Dag) -> str:
        """Return `dag/<name>`."""
        return dag_address(item.name)

    def group(self, item: Dag) -> str:
        """Return the heading of access."""
        return HEADING

    def label(self, item: Dag) -> str:
        """Return the name."""
        return item.name

    def bind(
        self, desired: Sequence[Dag], live: Sequence[Dag], findings: Findings
    ) -> Mapping[Made, str]:
        """Bind by name, else by `renamed_from`; both there, or one name twice, is refused."""
        times = Counter(dag.name.strip() for dag in live)
        by_name = {dag.name.strip(): str(dag.unique_name) for dag in live}
        bound: dict[Made, str] = {}
        for dag in desired:
            old = dag.renamed_from
            wanted = dag.name if dag.name in by_name else old
            if times[wanted] > 1:
                findings.error(
                    "M419",
                    f'the project has several groups named "{wanted}"',
                    dag.at, address=self.address(dag), advice="Rename one of them in REDCap.",
                )  # fmt: skip
            if dag.name in by_name and old in by_name:
                _refuse_hint(dag, f'the project has both "{old}" and "{dag.name}"', findings)
            unique = by_name.get(dag.name, by_name.get(old))
            if unique is not None and isinstance(dag.unique_name, Made):
                bound[dag.unique_name] = unique
        self._suspect_renames(desired, live, bound, findings)
        return bound

    def _suspect_renames(
        self,
        desired: Sequence[Dag],
        live: Sequence[Dag],
        bound: Mapping[Made, str],
        findings: Findings,
    ) -> None:
        taken = set(bound.values())
        left = {likely_unique_name(d.name): d.name for d in live if d.unique_name not in taken}
        for dag in desired:
            near = left.get(likely_unique_name(dag.name))
            if dag.unique_name not in bound and near is not None:
                findings.warning(
                    "M412",
                    f'group "{dag.name}" is new and "{near}" is not declared: one and the same?',
                    dag.at, address=self.address(dag),
                    advice=f'To keep its people and records: renamed_from: "{near}"',
                )  # fmt: skip

    def rebound(self, item: Dag, names: Mapping[Made, str]) -> Dag:
        """Return the group with the unique name it has, where it exists."""
        if isinstance(item.unique_name, Made) and item.unique_name in names:
            return replace(item, unique_name=names[item.unique_name])
        return item

    def normal(self, item: Dag) -> Normal:
        """Return the name; nothing else of a group can be set."""
        return (("name", item.name.strip()),)

    def is_rename(self, before: Dag, after: Dag) -> bool:
        """Tell whether the name differs: the group, its id, people and records stay (recorded)."""
        return before.name.strip() != after.name

    def read(self, rows: Sequence[WireRow], reading: Reading) -> tuple[Dag, ...]:
        """Return the groups; a project without any answers an empty list (recorded)."""
        try:
            return tuple(
                Dag(
                    str(row["data_access_group_name"]),
                    str(row["unique_group_name"]),
                    str(row.get("data_access_group_id") or ""),
                )
                for row in rows
            )
        except KeyError as missing:
            raise SuspiciousReadError(
                f"the server's list of groups lacks the column {missing.args[0]}"
            ) from None

    def steps(self, work: Work) -> Iterable[Step]:
        """Return one import, renames before what is new, and one deletion when all have left."""
        changes = work.of(self.name)
        renamed = [change for change in changes if isinstance(change, Rename)]
        created = [change for change in changes if isinstance(change, Create)]
        rows = [_row(change.after, str(change.key)) for change in renamed]
        rows += [_row(change.after, "") for change in created]
        if rows:
            addresses = (*(c.address for c in renamed), *(c.address for c in created))
            yield Step(
                Phase.DAGS,
                self.name,
                f"create or rename {_counted(len(rows))}",
                Call(self.content, "import", tuple(rows)),
                addresses,
                (self.name, *TOUCHED),
                makes=tuple((address, row) for row, address in enumerate(addresses)),
            )
        gone = [change for change in changes if isinstance(change, Delete)]
        if gone:
            yield Step(
                Phase.DELETE_DAGS,
                self.name,
                f"delete {_counted(len(gone))}",
                Call(self.content, "delete", params={"dags": tuple(c.key for c in gone)}),
                tuple(change.address for change in gone),
                (self.name, *TOUCHED),
                replaces=True,
            )

    def resolve(
        self,
        call: Call,
        makes: tuple[tuple[str, int], ...],
        before: Sequence[Dag],
        after: Sequence[Dag],
    ) -> Mapping[str, str]:
        """Return the unique names by address: a renamed group by its id, a new one by its name."""
        found: dict[str, str] = {}
        for address, number in makes:
            row = call.rows[number]
            dags = _written(str(row["unique_group_name"]), before, after)
            names = [dag for dag in dags if dag.name.strip() == row["data_access_group_name"]]
            if len(names) == 1 and names[0].unique_name:
                found[address] = str(names[0].unique_name)
        return found


def likely_unique_name(name: str) -> str:
    """Return what REDCap makes of a name when no other group has it (recorded); never sent."""
    lowered = name.strip().lower().replace(" ", "_")
    return re.sub(r"[^a-z0-9_]", "", lowered)[:_UNIQUE_LENGTH].strip("_")


def _written(unique: str, before: Sequence[Dag], after: Sequence[Dag]) -> list[Dag]:
    """Return the groups a row can have written: the one of the same id, or those not there before.

    Without ids a renamed group is looked for among all that have another unique name now.
    """
    there = {dag.unique_name: dag for dag in before}
    if unique and unique in there and there[unique].group_id:
        return [dag for dag in after if dag.group_id == there[unique].group_id]
    known = {(dag.group_id or dag.unique_name) for dag in before}
    fresh = [dag for dag in after if (dag.group_id or dag.unique_name) not in known]
    return fresh or [dag for dag in after if unique and dag.unique_name == unique]


def _declared(node: Node) -> Dag | None:
    name = node if isinstance(node, Text) else node.text("name") if isinstance(node, Map) else None
    if name is None:
        return None  # the schema says so
    old = node.text("renamed_from") if isinstance(node, Map) else None
    text = "" if name.is_null else name.text.strip()
    hint = "" if old is None or old.is_null else old.text.strip()
    return Dag(text, Made(dag_address(text)), renamed_from=hint, at=name.at)


def _refuse_hint(dag: Dag, why: str, findings: Findings) -> None:
    findings.error(
        "M415", f'group "{dag.name}" is said to be renamed from "{dag.renamed_from}", but {why}',
        dag.at, address=dag_address(dag.name), advice="Take `renamed_from` away, or the other one.",
    )  # fmt: skip


def _row(item: object, unique_name: str) -> Row:
    name = str(getattr(item, "name", ""))
    return {"data_access_group_name": name, "unique_group_name": unique_name}


def _counted(count: int) -> str:
    return "1 group" if count == 1 else f"{count} groups"


KIND = Dags()
