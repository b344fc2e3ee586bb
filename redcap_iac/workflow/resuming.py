"""Go on with an apply that did not come to its end: what its journal says, and whose word holds."""

from __future__ import annotations

from dataclasses import replace

from redcap_iac.errors import GuardError, StaleError
from redcap_iac.hazard import Acceptance
from redcap_iac.safety.acceptance import Answers, from_file
from redcap_iac.safety.journal import DONE
from redcap_iac.safety.journals import Record, last_of
from redcap_iac.safety.state_folder import JOURNALS
from redcap_iac.state import Target, Unit
from redcap_iac.workflow.keeping import APPLY, CREATE, deletions
from redcap_iac.workflow.session import Goal, Planned, Session

#: How much of a kind goes at once: its share alters with each call of the run.
_BLAST_RADIUS = "H130"
#: Addresses of people and what they may: the grants they start from follow the instruments.
_ACCESS = ("role/", "user/", "dag/")


def unfinished(session: Session, goal: Goal, target: Target) -> Record:
    """Return the journal of the last apply to a project, which did not end well.

    Raises GuardError when there is none, or it was not of this manifest's apply; StaleError when
    the manifest was changed since: then only a fresh plan shows what it would do.
    """
    folder = None if session.state_dir is None else session.state_dir / JOURNALS
    record = None if folder is None else last_of(folder, target)
    if record is None:
        raise GuardError(
            f"There is nothing to resume: no journal of project {target.project_id} is here.",
            "Make a plan: it starts from what is there now. `state_dir:` says where journals lie.",
        )
    if record.how == DONE:
        raise GuardError(
            f"There is nothing to resume: the last apply ({record.heading.started}) came to its"
            " end.",
            "Make a plan: it shows what differs now.",
        )
    if record.heading.purpose not in (APPLY, CREATE):
        raise GuardError(
            f"The last run was no apply of this manifest but: {record.heading.purpose}.",
            "Run that command again; it starts from what is there now.",
        )
    if record.heading.manifest_digest != goal.digest:
        raise StaleError(
            "The manifest was changed since that apply, so it is not the same work any more.",
            "Make a fresh plan: redcap-iac plan, then redcap-iac apply.",
        )
    return record


def with_words_of(record: Record, answers: Answers, planned: Planned) -> Answers:
    """Return the answers with those of a journal, for no more records and no other people.

    A journal is a file: what only the command line opens has to be typed again.
    Each is bound to the change it was given for. Only where the run itself altered what a change
    starts from, and the end is the manifest's as approved, the object is enough: what was to be
    deleted, somebody's access, and how much goes at once when nothing else goes than was approved.
    """
    heading = record.heading
    approved = frozenset(heading.deletes)
    nothing_else = approved >= set(deletions(planned))
    words = tuple(
        replace(word, change="") if _still_fits(word, approved, nothing_else) else word
        for word in from_file(heading.acceptances)
    )
    allowed = {Unit(unit) for unit in heading.allow_delete}
    if heading.purpose == CREATE and nothing_else:  # what a new project is born with may go
        allowed |= {Unit(unit) for unit in planned.plan.deletions()}
    return replace(
        answers,
        allow_delete=answers.allow_delete | allowed,
        accept=(*answers.accept, *words),
        migrate_data=answers.migrate_data or heading.migrate_data,
    )


def _still_fits(word: Acceptance, approved: frozenset[str], nothing_else: bool) -> bool:
    if word.code == _BLAST_RADIUS:
        return nothing_else
    return word.address in approved or word.address.startswith(_ACCESS)
