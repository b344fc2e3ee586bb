"""What the token's user surely sees of records; where that is not sure, none is not told as none.

Export rights hide fields without a word, and a user in a DAG sees that group's records only
(recorded), so that an answer of nothing can mean that nothing is shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from redcap_iac.kinds.people import folded
from redcap_iac.kinds.users import KIND as USERS
from redcap_iac.safety.impact.layout import Layout
from redcap_iac.safety.scene import Question
from redcap_iac.state import Live


def sees_all(live: Live) -> bool:
    """Tell whether the token's user surely sees the records of every group."""
    kinds = live.state.kinds
    assigned = kinds.get("dag_assignments")
    people, part = (assigned, "to") if assigned else (kinds.get("users"), "dag")
    if people is None:
        return False
    groups = {folded(str(getattr(one, "username", ""))): getattr(one, part) for one in people}
    own = folded(live.target.user)
    return not groups[own] if own in groups else not any(groups.values())


class Sight:
    """Tells of a question whether all it counts is sure to be seen.

    Rights are those of the token's user; where it is not known who that is, those that everybody
    in the project has. Users that cannot be read tell nothing, and nothing is sure.
    """

    def __init__(self, live: Live, layout: Layout) -> None:
        self._layout = layout
        self._all_groups = sees_all(live)
        self._levels = _export_levels(live)

    def is_whole(self, question: Question) -> bool:
        """Tell whether a count of this question is of all there is."""
        if not self._all_groups:
            return False
        if question in (Question(), Question(group=question.group)) and not self._layout.id_repeats:
            return True  # record ids alone, which no export right hides
        return all(self._shows(form, question) for form in self._layout.instruments(question))

    def _shows(self, form: str, question: Question) -> bool:
        """Tell whether everybody it may be exports of an instrument what the question looks at.

        De-identified exports leave out dates and free text besides identifiers (documented), so
        that of these only the status is sure to be there.
        """
        fields = {name for name in question.fields if self._layout.form_of.get(name) == form}
        looked_at = fields - {self._layout.id_field, f"{form}_complete"}
        enough = {"full"}
        if not looked_at:
            enough |= {"no_identifiers", "deidentified"}
        elif not looked_at & self._layout.identifiers:
            enough.add("no_identifiers")
        return bool(self._levels) and all(
            levels.get(form, "none") in enough for levels in self._levels
        )


def _export_levels(live: Live) -> tuple[Mapping[str, str], ...]:
    """Return the export levels by instrument: the user's, or those of all it may be."""
    people = {
        folded(user.username): dict(grants.export)
        for user in USERS.items(live.state)
        if (grants := user.effective or user.grants) is not None
    }
    own = folded(live.target.user)
    return (people[own],) if own in people else tuple(people.values())
