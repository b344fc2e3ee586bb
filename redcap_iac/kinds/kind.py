"""What a kind is: the parts every file of this folder has, in this order."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar, cast

from redcap_iac.calls import Call, Cell, Key, Made
from redcap_iac.changes import Change, Normal
from redcap_iac.document import Map
from redcap_iac.findings import Findings
from redcap_iac.plan import Step
from redcap_iac.state import Desired, Item, Live, State, Target, Unit

I = TypeVar("I", bound=Item)  # noqa: E741 - the item of a kind

#: A row as the client decoded it from JSON.
WireRow = Mapping[str, "str | int | float | bool | Mapping[str, str | int] | None"]
#: What `describe` builds and the writer prints: nested dicts, lists, str, bool, None.
Draft = dict[str, object]


@dataclass(frozen=True, slots=True)
class Source:
    """What a kind declares from: the expanded manifest.

    `root` is `redcap.yaml` with includes resolved, `events_from` expanded and `choices_from`
    still named; `instruments` is None when neither `instruments:` nor `dictionary:` is there,
    else in order either an instrument's map or the items of a CSV file already read.
    """

    root: Map
    instruments: tuple[Map | tuple[Item, ...], ...] | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a kind may look at while it reads: the project, and the kinds read before it."""

    target: Target
    state: State


@dataclass(frozen=True, slots=True)
class Settling:
    """What a declared item may be completed from: the live project and the final kinds before.

    `instruments` are the names of all instruments there will be after the plan.
    """

    live: Live
    final: State
    instruments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What a kind makes its calls from.

    `changes` are those of every kind; `final` is the state there will be, in which items that
    do not differ are the live ones, as received; `desired` is bound and settled; `volatile`
    are live names that the plan's own calls will change, with what to write instead.
    """

    changes: tuple[Change, ...]
    live: Live
    desired: Desired
    final: State
    volatile: Mapping[str, Made]

    def of(self, kind: str) -> tuple[Change, ...]:
        """Return the changes of one kind."""
        return tuple(change for change in self.changes if change.kind == kind)

    def name(self, key: Key) -> Cell:
        """Return what to write for a key: the name, or what will be known once it is made."""
        return self.volatile.get(key, key) if isinstance(key, str) else key


class Kind(ABC, Generic[I]):
    """One thing a project has: how it is declared, read, compared and written; pure.

    Class attributes: `name` (of the kind, as in `State`), `unit` (of management), `after` (names
    of kinds that come before it), `content` (API content word of its export, "" when it is read
    from another kind's answer), `needs` (rights the export asks for besides API Export, in
    REDCap's words), `properties` and `definitions` (JSON Schema of the manifest: top-level keys,
    and `$defs`).
    """

    name: ClassVar[str]
    unit: ClassVar[Unit]
    after: ClassVar[tuple[str, ...]] = ()
    content: ClassVar[str] = ""
    needs: ClassVar[tuple[str, ...]] = ()
    properties: ClassVar[Mapping[str, object]] = {}
    definitions: ClassVar[Mapping[str, object]] = {}
    #: Whether the order of items is part of the design (the dictionary's is).
    ordered: ClassVar[bool] = False
    #: Whether the server makes the name anew when the label changes (events, DAGs).
    name_follows_label: ClassVar[bool] = False

    # manifest ⇄ items

    @abstractmethod
    def declare(self, source: Source, findings: Findings) -> tuple[I, ...] | None:
        """Return what the manifest declares, None when the section is absent (not managed)."""

    @abstractmethod
    def describe(self, state: State, draft: Draft) -> None:
        """Add this kind's items of a live state to the draft of a manifest."""

    def check(self, desired: State, findings: Findings) -> None:
        """Find what REDCap would refuse and what refers to nothing, without a server."""

    # identity

    @abstractmethod
    def key(self, item: I) -> Key:
        """Return what identifies an item within a state."""

    @abstractmethod
    def address(self, item: I) -> str:
        """Return the address people write: `field/age`; `/` and `%` in parts percent-encoded."""

    def bind(
        self, desired: Sequence[I], live: Sequence[I], findings: Findings
    ) -> Mapping[Made, str]:
        """Return for declared items that are live the server's names; the others stay made."""
        return {}

    def rebound(self, item: I, names: Mapping[Made, str]) -> I:
        """Return the item with every made name that is known replaced, its own included."""
        return item

    def settle(self, items: tuple[I, ...], settling: Settling) -> tuple[I, ...]:
        """Complete declared items from what is live and final: `"*"`, what is left as found."""
        return items

    # compare

    @abstractmethod
    def normal(self, item: I) -> Normal:
        """Return the form in which two items are compared and their differences shown."""

    def is_rename(self, before: I, after: I) -> bool:
        """Tell whether a difference is a new name for the same object."""
        return False

    def merge(self, before: I, after: I) -> I:
        """Return what to write for an item that differs; parts that don't may keep live text."""
        return after

    def group(self, item: I) -> str:
        """Return the heading a change of this item stands under."""
        return str(self.unit)

    def label(self, item: I) -> str:
        """Return the short name of the item under its heading."""
        return self.address(item).rpartition("/")[2]

    def final(
        self, live: tuple[I, ...], desired: tuple[I, ...], kept: tuple[I, ...]
    ) -> tuple[I, ...]:
        """Put the final items in order; `desired` are merged, `kept` are additive leftovers."""
        return (*desired, *kept)

    def leaving(self, undeclared: Sequence[I], desired: Sequence[I]) -> tuple[I, ...]:
        """Return undeclared items that go even where such items are left alone: renamed ones."""
        return ()

    # wire ⇄ items

    def export(self) -> Call:
        """Return the call that exports this kind."""
        return Call(self.content)

    def means_none(self, refusal: str) -> bool:
        """Tell whether a refused export only says that there is nothing."""
        return False

    @abstractmethod
    def read(self, rows: Sequence[WireRow], reading: Reading) -> tuple[I, ...]:
        """Return the items of an exported answer, texts kept as received.

        Raises SuspiciousReadError when the answer cannot be what a project holds.
        """

    def steps(self, work: Work) -> Iterable[Step]:
        """Return the calls that bring about this kind's changes, each with its phase."""
        return ()

    def foresee(self, work: Work, findings: Findings) -> None:
        """Find what this plan would hurt or cannot do; an error stops it."""

    def todo(self, work: Work) -> tuple[str, ...]:
        """Return what differs and has no API to set it: sentences for a person's hands."""
        return ()

    def resolve(
        self,
        call: Call,
        makes: tuple[tuple[str, int], ...],
        before: Sequence[I],
        after: Sequence[I],
    ) -> Mapping[str, str]:
        """Return the names the server made for a call's rows, found by reading before and after.

        An address that cannot be resolved is left out (the applier reads again, then stops).
        """
        return {}

    # typed access

    def of(self, state: State) -> tuple[I, ...] | None:
        """Return this kind's items of a state, None when it has none of this kind."""
        items = state.kinds.get(self.name)
        return None if items is None else cast("tuple[I, ...]", items)

    def items(self, state: State) -> tuple[I, ...]:
        """Return this kind's items of a state, nothing when it is absent."""
        return self.of(state) or ()


def encoded(part: str) -> str:
    """Return a part of an address with `%` and `/` percent-encoded."""
    return part.replace("%", "%25").replace("/", "%2F")
