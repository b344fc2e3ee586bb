"""Why a copy stops: never which record, never a value, and always that nothing was dropped."""

from __future__ import annotations

from redcap_iac.answers import refused_values
from redcap_iac.errors import PartlyAppliedError
from redcap_iac.plan import Copy


def stopped(message: str, advice: str) -> PartlyAppliedError:
    """Return what stops a copy before anything is dropped."""
    return PartlyAppliedError(
        message, f"Nothing was dropped: every value is still under its old name. {advice}"
    )


def clash(copy: Copy, records: int) -> PartlyAppliedError:
    """Return that old and new hold different values, and nobody knows which one is meant."""
    said = "1 record holds" if records == 1 else f"{records:,} records hold"
    return stopped(
        f"{said} one value under {copy.source} and another under {copy.target}.",
        "Look at them in REDCap and make both equal, or blank the wrong one; then apply again.",
    )


def erased(copy: Copy, records: int) -> PartlyAppliedError:
    """Return that values went under the old name after they had been copied."""
    said = "1 record was" if records == 1 else f"{records:,} records were"
    return stopped(
        f"{said} blanked under {copy.source} after being copied to {copy.target}.",
        f"Look at them in REDCap and blank {copy.target} where that is meant; then apply again.",
    )


def gone(source: str, records: int) -> PartlyAppliedError:
    """Return that values seen a moment ago are not there any more, or not shown any more."""
    said = "1 record shows" if records == 1 else f"{records:,} records show"
    return stopped(
        f"{said} no value under {source} any more, where there was one during this copy.",
        "Look whether records were deleted, renamed or blanked meanwhile, or whether the token's"
        " user was put into a group or lost export rights; then apply again.",
    )


def fewer(source: str, found: int, counted: int) -> PartlyAppliedError:
    """Return that an export shows fewer records than the plan counted."""
    return stopped(
        f"{found:,} of the {counted:,} records that hold a value under {source} are shown now.",
        "Look whether records were deleted since the plan was made, or whether the token's user"
        " does not see them all; then make a new plan.",
    )


def lock(copy: Copy, records: int) -> PartlyAppliedError:
    """Return that locked records would have to be written."""
    said = "1 record is locked" if records == 1 else f"{records:,} records are locked"
    return stopped(
        f"{said} where {copy.source} is to become {copy.target}: a locked instrument takes no"
        " value, and neither a lock nor an e-signature can be carried.",
        "Unlock them on REDCap's pages if that is meant, then apply again.",
    )


def refused(words: str) -> PartlyAppliedError:
    """Return REDCap's refusal of values: how many of which field; its words name the values."""
    said = refused_values(words)
    return stopped(
        f"REDCap does not take values under their new name{f' ({said})' if said else ''}.",
        "Compare the validation and the choices of the old and the new field, and look whether"
        " records are locked; then apply again.",
    )


def short(records: int) -> PartlyAppliedError:
    """Return that exports leave records out which REDCap says are there."""
    said = "1 record that is" if records == 1 else f"{records:,} records that are"
    return stopped(
        f"REDCap answers short: {said} there did not come with the values that were asked for.",
        "Look whether the server is whole again, then apply again.",
    )


def no_rest(rounds: int) -> PartlyAppliedError:
    """Return that old and new never became equal."""
    return stopped(
        "Values are still being written under the old names, or are not stored as they were sent:"
        f" old and new were not equal after {rounds} rounds.",
        "Wait until nobody enters data and look whether both fields take the same values, then"
        " apply again: only what differs is copied.",
    )


def no_choice(field: str) -> PartlyAppliedError:
    """Return that a checkbox lacks a choice that is ticked under the old name."""
    return stopped(
        f"Field {field} has no choice for a code that is ticked under the old name.",
        "Add the choice, or say in `recode` what it becomes; then apply again.",
    )


def no_instance(field: str, form: str) -> PartlyAppliedError:
    """Return that a field's instrument does not repeat where values of further instances are."""
    return stopped(
        f"Instances above the first are to be copied to {field}, which does not repeat there.",
        f"Let instrument {form} repeat where the old one does, then apply again.",
    )
