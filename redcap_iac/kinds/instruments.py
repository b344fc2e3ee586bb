"""Instruments: what the fields of one form are together, with the label people read.

API: Export Instruments, read only. An instrument comes and goes with its fields. A new one gets
the title case of its name as label (recorded); no method sets a label, so a label that differs
is for a person's hands and never a change. The Online Designer also makes instruments that hold
nothing but their status (recorded in a project file): no import of a dictionary can name them, so
the next one takes them away (inferred).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from redcap_iac.changes import Create, Normal
from redcap_iac.document import Map, Text
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.findings import Findings, Position
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.dictionary.hints import followed
from redcap_iac.kinds.kind import (
    Draft,
    Kind,
    Reading,
    Settling,
    Source,
    WireRow,
    Work,
    encoded,
)
from redcap_iac.state import State, Unit


@dataclass(frozen=True, slots=True)
class Instrument:
    """A form by its unique name; `label` is "" when the manifest leaves it to REDCap."""

    name: str
    label: str = ""
    renamed_from: str = field(default="", compare=False)
    at: Position | None = field(default=None, compare=False)


class Instruments(Kind[Instrument]):
    """Instruments of a project; the item is `Instrument`."""

    name = "instruments"
    unit = Unit.FIELDS
    after = ("fields",)
    content = "instrument"

    def declare(self, source: Source, findings: Findings) -> tuple[Instrument, ...] | None:
        """Return the instruments in order; those of CSV files have no label of their own."""
        if source.instruments is None:
            return None
        renamed = _renamed(source.root)
        found: dict[str, Instrument] = {}
        for part in source.instruments:
            if isinstance(part, Map):
                one = _declared(part)
                if one is not None:
                    if one.name in found:
                        _refuse_twice(one, findings)
                    found.setdefault(one.name, one)
            else:
                for item in part:
                    name = cast("Field", item).form_name
                    found.setdefault(name, Instrument(name, at=item.at))
        for new, (old, at) in renamed.items():
            if new in found:
                found[new] = replace(found[new], renamed_from=old)
            else:
                findings.error(
                    "M224", f"`renamed` names the instrument {new}, which is not declared.", at
                )
        return tuple(found.values())

    def describe(self, state: State, draft: Draft) -> None:
        """Add labels to the maps the dictionary has made; those without fields come last."""
        known = {item.name: item.label for item in self.items(state)}
        maps = cast("list[dict[str, object]]", draft.get("instruments", []))
        there = {str(one["instrument"]) for one in maps}
        bare: list[dict[str, object]] = [
            {"instrument": name, "fields": {}} for name in known if name not in there
        ]
        draft["instruments"] = [
            {"instrument": one["instrument"], "label": known[str(one["instrument"])], **one}
            if known.get(str(one["instrument"]))
            else one
            for one in (*maps, *bare)
        ]

    def check(self, desired: State, findings: Findings) -> None:
        """Find instruments renamed from one that is still declared, or two from one."""
        items = self.items(desired)
        names = {item.name for item in items}
        taken: dict[str, str] = {}
        for item in items:
            old = item.renamed_from
            if old in names:
                why = f"Instrument {item.name} is renamed from {old}, which is still declared."
            elif old and old in taken:
                why = f"Instruments {taken[old]} and {item.name} are both renamed from {old}."
            else:
                taken[old] = item.name
                continue
            findings.error("M224", why, item.at, address=self.address(item))
        self._check_fields(desired, findings)

    def _check_fields(self, desired: State, findings: Findings) -> None:
        holding = _holding(desired.kinds.get("fields", ()))
        for item in self.items(desired) if "fields" in desired else ():
            if item.name not in holding:
                findings.warning(
                    "M226", f"Instrument {item.name} has no fields.", item.at,
                    address=self.address(item),
                    advice="It must be in REDCap already: only REDCap's own pages make such ones.",
                )  # fmt: skip

    def key(self, item: Instrument) -> str:
        """Return the unique name."""
        return item.name

    def address(self, item: Instrument) -> str:
        """Return `instrument/<name>`."""
        return f"instrument/{encoded(item.name)}"

    def group(self, item: Instrument) -> str:
        """Return the name: an instrument stands above its own fields."""
        return item.name

    def settle(self, items: tuple[Instrument, ...], settling: Settling) -> tuple[Instrument, ...]:
        """Fill labels nobody declares: the live one, or what REDCap makes of the name.

        Live instruments without fields stay, unless a dictionary is imported, which ends them.
        """
        live = {item.name: item.label for item in self.items(settling.live.state)}
        fields = settling.live.state.kinds.get("fields", ())
        if settling.final.kinds.get("fields", ()) == fields:
            known = {*_holding(fields), *(item.name for item in items)}
            items += tuple(Instrument(name) for name in live if name not in known)
        return tuple(
            item if item.label else replace(item, label=live.get(item.name, title_cased(item.name)))
            for item in items
        )

    def leaving(
        self, undeclared: Sequence[Instrument], desired: Sequence[Instrument]
    ) -> tuple[Instrument, ...]:
        """Return the instruments that are renamed."""
        renamed = {item.renamed_from for item in desired}
        return tuple(item for item in undeclared if item.name in renamed)

    def normal(self, item: Instrument) -> Normal:
        """Return nothing: an instrument is there or it is not."""
        return ()

    def read(self, rows: Sequence[WireRow], reading: Reading) -> tuple[Instrument, ...]:
        """Return the instruments in the order of the project; a project has at least one."""
        try:
            found = tuple(
                Instrument(str(row["instrument_name"]), str(row["instrument_label"] or ""))
                for row in rows
            )
        except KeyError as missing:
            raise SuspiciousReadError(
                f"the server's list of instruments lacks the column {missing.args[0]}"
            ) from None
        if not found:
            raise SuspiciousReadError("the server answered no instrument, which no project has")
        return found

    def foresee(self, work: Work, findings: Findings) -> None:
        """Refuse instruments without fields that no import of a dictionary can make."""
        live = {item.name for item in self.items(work.live.state)}
        holding = _holding(work.final.kinds.get("fields", ()))
        holding |= followed(work.desired.state, work.live.state).emptied
        for item in self.items(work.final):
            if item.name not in holding and (item.name not in live or work.of("fields")):
                _refuse_bare(item, item.name in live, findings)

    def todo(self, work: Work) -> tuple[str, ...]:
        """Return one sentence for every label that differs from the declared one."""
        live = {item.name: item.label for item in self.items(work.live.state)}
        new = {change.key for change in work.of(self.name) if isinstance(change, Create)}
        sentences = []
        for item in self.items(work.desired.state):
            there = title_cased(item.name) if item.name in new else live.get(item.name)
            if there is not None and item.label not in ("", there):
                verb = "will be labelled" if item.name in new else "is labelled"
                sentences.append(
                    f'instrument {item.name} {verb} "{there}" in REDCap, "{item.label}" here'
                )
        return tuple(sentences)


def title_cased(name: str) -> str:
    """Return the label REDCap gives a new instrument: `adverse_event_log` → Adverse Event Log."""
    words = name.replace("_", " ").split(" ")
    return " ".join(word[:1].upper() + word[1:] for word in words)


def _declared(part: Map) -> Instrument | None:
    name, label = part.text("instrument"), part.text("label")
    if name is None or name.is_null:
        return None  # the schema says so
    old = part.text("renamed_from")
    return Instrument(
        name.text,
        "" if label is None or label.is_null else label.text,
        "" if old is None or old.is_null else old.text,
        name.at,
    )


def _holding(fields: Iterable[object]) -> frozenset[str]:
    """Return the names of the instruments that have fields."""
    return frozenset(cast("Field", item).form_name for item in fields)


def _refuse_bare(item: Instrument, is_live: bool, findings: Findings) -> None:
    """Refuse an instrument without fields that an import would have to make, or would end."""
    if is_live:
        why = "and an import of the dictionary would take it away"
        advice = "Give it a field, or leave it out and allow the deletion."
    else:
        why = "and an instrument is made through its fields alone"
        advice = "Add a field, or leave the instrument out."
    findings.error(
        "M226", f"Instrument {item.name} has no fields, {why}.", item.at,
        address=f"instrument/{encoded(item.name)}", advice=advice,
    )  # fmt: skip


def _renamed(root: Map) -> Mapping[str, tuple[str, Position]]:
    renamed = root.map("renamed")
    found = renamed.map("instruments") if renamed is not None else None
    return {
        new.text: (old.text, new.at)
        for new, old in (found.entries if found is not None else ())
        if isinstance(old, Text)
    }


def _refuse_twice(one: Instrument, findings: Findings) -> None:
    findings.error(
        "M223",
        f"Instrument {one.name} is declared twice.",
        one.at,
        address=f"instrument/{encoded(one.name)}",
        advice="Put all its fields into one map.",
    )


KIND = Instruments()
