"""What role and DAG assignments have in common: a person, and what they are assigned to."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, TypeVar

from redcap_iac.calls import Key, Made
from redcap_iac.changes import Normal
from redcap_iac.findings import Findings, Position
from redcap_iac.kinds.kind import Draft, Kind, Settling, encoded
from redcap_iac.kinds.people import HEADING, folded, shown
from redcap_iac.state import State, Unit
from redcap_iac.suggestions import nearest_or_all


@dataclass(frozen=True, slots=True)
class Assignment:
    """Somebody's role or group, "" for none; `named` is how people read it."""

    username: str
    to: Key
    named: str = field(default="", compare=False)
    at: Position | None = field(default=None, compare=False, kw_only=True)


A = TypeVar("A", bound=Assignment)


class Assigning(Kind[A]):
    """Assignments of one sort; everybody in the project has one, "" for none.

    `part` is the last part of the address and the name of the aspect, `whole` the kind that is
    assigned to, `unknown` the code and the words for what does not exist.
    """

    unit: ClassVar[Unit] = Unit.USERS
    part: ClassVar[str]
    whole: ClassVar[Kind[Any]]
    unknown: ClassVar[tuple[str, str, str]]

    @abstractmethod
    def names(self, state: State) -> Mapping[str, str]:
        """Return how people read what is assigned to, by unique name; equal names told apart."""

    @abstractmethod
    def said(self, item: Any) -> str:  # noqa: ANN401 - an item of `whole`
        """Return how the manifest names what is assigned to."""

    def describe(self, state: State, draft: Draft) -> None:
        """Add nothing: the users say what they are assigned to."""

    def check(self, desired: State, findings: Findings) -> None:
        """Find what nobody declared, where it is declared at all."""
        wholes = self.whole.of(desired)
        if wholes is None:
            return
        known = {self.whole.address(whole): self.said(whole) for whole in wholes}
        for item in self.items(desired):
            if isinstance(item.to, Made) and item.to.address not in known:
                self.refuse_unknown(item, known.values(), findings)

    def refuse_unknown(self, item: A, known: Iterable[str], findings: Findings) -> None:
        """Refuse an assignment to what does not exist; name the nearest, or where it goes."""
        code, words, section = self.unknown
        names = list(known)
        findings.error(
            code,
            f'{item.username} is to {words} "{item.named}", which does not exist',
            item.at,
            address=self.address(item),
            advice=nearest_or_all(item.named, names)
            if names
            else f"Declare it under `{section}:`.",
        )

    def key(self, item: A) -> str:
        """Return the username in the form in which names are compared."""
        return folded(item.username)

    def address(self, item: A) -> str:
        """Return `user/<name>/role` or `user/<name>/dag`."""
        return f"user/{encoded(item.username)}/{self.part}"

    def group(self, item: A) -> str:
        """Return the heading of access."""
        return HEADING

    def label(self, item: A) -> str:
        """Return the username."""
        return item.username

    def normal(self, item: A) -> Normal:
        """Return what they are assigned to as people read it."""
        return ((self.part, item.named),)

    def rebound(self, item: A, names: Mapping[Made, str]) -> A:
        """Return the assignment with the unique name, where what it names exists."""
        if isinstance(item.to, Made) and item.to in names:
            return replace(item, to=names[item.to])
        return item

    def settle(self, items: tuple[A, ...], settling: Settling) -> tuple[A, ...]:
        """Find what is not managed by its name; keep everybody not declared as is.

        A new user who is assigned to nothing needs no assignment.
        """
        state = settling.live.state
        names = self.names(state)
        by_name = {name: unique for unique, name in names.items()}
        live = {self.key(item): item for item in self.items(state)}
        planned = {whole.unique_name for whole in self.whole.items(settling.final)}
        settled: list[A] = []
        for item in items:
            there = live.pop(self.key(item), None)
            to = item.to
            if to not in planned and isinstance(to, Made) and item.named in by_name:
                to = by_name[item.named]
            if there is not None or to:
                username = item.username if there is None else there.username
                named = shown(to, item.named, names)
                settled.append(replace(item, username=username, to=to, named=named))
        return (*settled, *live.values())
