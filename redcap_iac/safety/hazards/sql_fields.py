"""H128: dynamic queries, which REDCap takes from administrators alone."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.changes import Delete
from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Undoable, Voice
from redcap_iac.kinds.kind import encoded
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.scene import Scene

_SQL = "sql"
#: About how many fields a sentence names them.
_MOST_NAMED = 5


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:  # noqa: ARG001 - counts nothing
    """Tell that a dictionary with `sql` fields is taken from an administrator's token alone.

    The whole import is refused otherwise, unchanged `sql` fields or not (knowledge base), and
    whether the token's user is one no export shows: where fields come or change it needs a word.
    """
    if scene.live.target.status != "development" or not scene.of("fields"):
        return
    there = [str(one.field_name) for one in scene.after("fields") if one.field_type == _SQL]
    changed = [
        change
        for change in scene.of("fields")
        if not isinstance(change, Delete) and getattr(change.after, "field_type", "") == _SQL
    ]
    if not there:
        return
    names = [str(getattr(change.after, "field_name", "")) for change in changed] or there

    def sentence(voice: Voice) -> str:
        more = len(names) - _MOST_NAMED
        said = ", ".join(names[:_MOST_NAMED])
        said = f"{said} and {voice.number(more)} more" if more > 0 else said
        deed = "come or change" if changed else "are in the dictionary"
        return (
            f"sql fields {deed} ({said}): REDCap takes such a dictionary from an administrator's"
            " token alone, and whether this one is cannot be seen."
        )

    needs_word = bool(changed) and not scene.fresh
    yield scene.hazard(
        "H128",
        " ".join(names),
        sentence,
        Answer.ACCEPTANCE if needs_word else Answer.NOTE,
        Undoable.YES,
        address=f"field/{encoded(names[0])}" if len(names) == 1 else "project/sql",
        advice="Let an administrator's token apply it, or set the query on REDCap's own page.",
        at=changed[0].after.at if len(changed) == 1 else None,
    )
