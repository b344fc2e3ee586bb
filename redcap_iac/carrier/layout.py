"""Where values belong in a project as it is now: instruments, what repeats, what is a checkbox."""

from __future__ import annotations

from redcap_iac.carrier import refusals
from redcap_iac.kinds import kind_named
from redcap_iac.plan import Copy
from redcap_iac.state import Item, Live

#: Where a value stands: record, unique event name ("" in a classic project), instance.
#: Values are kept by these and the field, not by instrument (inferred).
Place = tuple[str, str, int]
#: The values at each place: one, or the codes of all ticked choices.
Values = dict[Place, frozenset[str]]


class Layout:
    """Reads a live state for what an import of records has to say about a value's place."""

    def __init__(self, live: Live) -> None:
        fields = kind_named("fields").items(live.state)
        forms = {_text(one, "form_name") for one in fields}
        self.identifier = _text(fields[0], "field_name")
        self.statuses = frozenset(f"{form}_complete" for form in forms)
        self.checkboxes = frozenset(
            _text(one, "field_name") for one in fields if _text(one, "field_type") == "checkbox"
        )
        self._form_of = {
            **{f"{form}_complete": form for form in forms},
            **{_text(one, "field_name"): _text(one, "form_name") for one in fields},
        }
        self._labels = {
            _text(item, "name"): _text(item, "label")
            for item in kind_named("instruments").items(live.state)
        }
        self._repeats = frozenset(
            (_text(item, "event"), _text(item, "instrument"))
            for item in kind_named("repeating").items(live.state)
        )

    @property
    def row_marks(self) -> tuple[str, ...]:
        """The fields besides the record id to ask for, so that every record is in an answer.

        Rows of repeating instruments come only with something of them (recorded); a record has
        no other row where the instrument of the record id itself repeats.
        """
        forms = sorted({form for _, form in self._repeats if form})
        if self._form_of.get(self.identifier) not in forms:
            return ()
        return tuple(f"{form}_complete" for form in forms)

    def labels(self, copy: Copy) -> frozenset[str]:
        """Return the labels of the instruments a copy reads from and writes to."""
        forms = {self._form_of.get(name, "") for name in (copy.source, copy.target)}
        return frozenset(self._labels.get(form, form) for form in forms)

    def at(self, target: str, place: Place) -> dict[str, str]:
        """Return the columns that say where a value of a field goes.

        Raises PartlyAppliedError for an instance above the first where nothing repeats.
        """
        record, event, instance = place
        columns = {"record": record}
        if event:
            columns["redcap_event_name"] = event
        form = self._form_of.get(target, "")
        if (event, form) in self._repeats:
            columns |= {"redcap_repeat_instrument": form, "redcap_repeat_instance": str(instance)}
        elif event and (event, "") in self._repeats:
            columns |= {"redcap_repeat_instrument": "", "redcap_repeat_instance": str(instance)}
        elif instance > 1:
            raise refusals.no_instance(target, form)
        return columns


def _text(item: Item, name: str) -> str:
    return str(getattr(item, name, "") or "")
