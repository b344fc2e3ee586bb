"""H118: something removed or renamed is named where the API cannot write."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Undoable
from redcap_iac.safety.elsewhere import Elsewhere, Place, read
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.names_gone import Gone, names_gone
from redcap_iac.safety.scene import Scene
from redcap_iac.suggestions import in_words

#: More places than this are counted, not named: the sentence stays one.
_MOST_NAMED = 8


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:  # noqa: ARG001 - counts nothing
    """Ask about each name that others hold; note once what this server does not show."""
    gone = tuple(names_gone(scene))
    if not gone:
        return
    elsewhere = read(scene.elsewhere)
    for name in gone:
        places = tuple(place for place in elsewhere.places if name.is_named_in(place))
        if places:
            yield _named(scene, name, places)
    if elsewhere.unseen:
        yield _unknown(scene, gone, elsewhere)


def _named(scene: Scene, gone: Gone, places: tuple[Place, ...]) -> Finding:
    said = list(dict.fromkeys(map(str, places)))
    others = len(said) - _MOST_NAMED
    named = [*said[:_MOST_NAMED], f"{others} more"] if others > 0 else said
    sentence = (
        f"{gone.said} is named in {in_words(named, 'and')}, which the API cannot change: there it"
        " would stand for nothing."
    )
    return scene.hazard(
        "H118",
        gone.change,
        lambda _: sentence,
        Answer.ACCEPTANCE,
        Undoable.PARTLY,
        address=gone.address,
        advice="Change it there first, on REDCap's own pages, then plan again.",
    )


def _unknown(scene: Scene, gone: tuple[Gone, ...], elsewhere: Elsewhere) -> Finding:
    sentence = (
        f"Whether {in_words(elsewhere.unseen, 'or')} name what would be removed or renamed is"
        " unknown: this server's project XML does not show them."
    )
    return scene.hazard(
        "H118",
        " ".join(one.change for one in gone),
        lambda _: sentence,
        Answer.NOTE,
        Undoable.PARTLY,
        address="project/elsewhere",
        advice="Look on REDCap's own pages.",
    )
