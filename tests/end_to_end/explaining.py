"""Which change of a plan explains which difference of the exports: none untold, none untrue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from redcap_iac.calls import Made
from redcap_iac.changes import Change, Create, Delete
from tests.end_to_end.observing import Exports, Piece, differing, view

#: Columns in which forms that come or go show, in users and roles nobody changed.
_MAPS = ("forms", "forms_export")
_NAMED = {"users": "user", "role_assignments": "user_role", "dag_assignments": "user_dag"}


class Explanation:
    """A plan's changes beside the exports before and after; `longitudinal` must be the same."""

    def __init__(self, changes: Sequence[Change], before: Exports, after: Exports) -> None:
        self._changes = changes
        self._before, self._after = before, after
        self._was, self._is = view(before), view(after)
        self._differing = differing(self._was, self._is)
        self._told = {piece for change in changes for piece in self._pieces(change)}

    def untold(self) -> list[Piece]:
        """Return the differences that neither a change nor its known consequence explains."""
        return [p for p in self._differing if p not in self._told and not self._follows(p)]

    def unseen(self) -> list[str]:
        """Return the addresses of changes that no export shows."""
        seen = set(self._differing)
        return [
            change.address
            for change in self._changes
            if change.kind != "instruments"
            and not _is_move(change)
            and not seen.intersection(self._pieces(change))
        ]

    def _pieces(self, change: Change) -> Iterator[Piece]:
        item: Any = change.before if isinstance(change, Delete) else change.after
        if change.kind == "fields":
            yield "field", item.field_name
        elif change.kind == "arms":
            yield "arm", str(item.number)
        elif change.kind == "events":
            yield "event", self._event(change.key)
        elif change.kind == "designations":
            yield "designation", self._event(item.event), item.instrument
        elif change.kind == "repeating":
            yield "repeat", self._event(item.event) if item.event else "", item.instrument
        elif change.kind == "project":
            yield "project", item.name
        elif change.kind in ("dags", "roles"):
            yield self._group(change, item)
        elif change.kind in _NAMED:
            yield _NAMED[change.kind], item.username
            # members of a role show the role's rights: their own change shows when they leave
            if change.kind == "users":
                yield "user_role", item.username

    def _event(self, key: object) -> str:
        if isinstance(key, Made):
            made = next(c for c in self._changes if c.kind == "events" and c.key == key)
            item: Any = made.before if isinstance(made, Delete) else made.after
            named = {(r["arm_num"], r["event_name"].strip()): r for r in self._after.event}
            return str(named[item.arm, item.name.strip()]["event_id"])
        by_name = {row["unique_event_name"]: row for row in self._before.event}
        return str(by_name[key]["event_id"])

    def _group(self, change: Change, item: Any) -> Piece:  # noqa: ANN401 - a DAG or a role
        if change.kind == "roles":
            made = [r for r in self._after.userRole if r["role_label"] == item.label]
            return "role", made[0]["unique_role_name"] if isinstance(change, Create) else str(
                change.key
            )
        rows = self._after.dag if isinstance(change, Create) else self._before.dag
        column = "data_access_group_name" if isinstance(change, Create) else "unique_group_name"
        wanted = item.name if isinstance(change, Create) else change.key
        return "dag", next(str(r["data_access_group_id"]) for r in rows if r[column] == wanted)

    def _follows(self, piece: Piece) -> bool:
        """Tell whether a difference is what REDCap makes of a change that is told."""
        kind, gone = piece[0], piece not in self._is
        if kind in ("designation", "repeat"):
            forms = {row["form_name"] for row in self._after.metadata}
            lost = ("event", piece[1]) in self._told or piece[2] not in forms
            return gone and (lost or ("designation", *piece[1:]) in self._told)
        if kind == "arm":  # kept, but not shown without an event (documented)
            return gone and all(str(row["arm_num"]) != piece[1] for row in self._after.event)
        if kind == "event":  # offsets show with scheduling; an arm takes its events along
            arm: Any = self._was.get(piece, {})
            scheduling = ("project", "scheduling_enabled") in self._told
            return scheduling or (gone and ("arm", str(arm["arm_num"])) in self._told)
        if kind in ("user", "role") and not gone and self._same_on_kept_forms(piece):
            return True
        if kind.startswith("user"):
            return ("user", piece[1]) in self._told or self._left(piece)
        return False

    def _left(self, piece: Piece) -> bool:
        """Tell whether somebody's role or group is gone, or their rights came back with it."""
        if piece[0] == "user":
            return ("user_role", piece[1]) in self._differing
        group = "role" if piece[0] == "user_role" else "dag"
        return self._is[piece] == "" and (group, str(self._was[piece])) in self._told

    def _same_on_kept_forms(self, piece: Piece) -> bool:
        was = {row["form_name"] for row in self._before.metadata}
        kept = was & {row["form_name"] for row in self._after.metadata}
        return bool(_on(kept, self._was.get(piece)) == _on(kept, self._is.get(piece)))


def _on(forms: set[str], row: Any) -> Any:  # noqa: ANN401 - a piece of whatever shape
    if not isinstance(row, dict):
        return row
    maps = {name: dict(row.get(name) or {}) for name in _MAPS}
    cut = {name: {f: v for f, v in levels.items() if f in forms} for name, levels in maps.items()}
    return {**row, **cut}


def _is_move(change: Change) -> bool:
    return {aspect.name for aspect in getattr(change, "aspects", ())} == {"place"}
