"""Plans in files: read again, and held against what is true now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from redcap_iac.errors import RedcapIacError, StaleError
from redcap_iac.plan import Plan
from redcap_iac.plan_json import plan_id
from redcap_iac.plan_reading import from_json
from redcap_iac.safety.journals import used_plans

#: Hours a saved plan may be applied, unless the environment says so.
MAX_AGE = 24
_LARGEST = 512 * 1024 * 1024
#: Two machines' clocks may differ by this much.
_SKEW = timedelta(minutes=5)
_AGAIN = "Make it again, read it, apply it: redcap-iac plan --out FILE"


def read_plan(path: Path) -> Plan:
    """Return a saved plan; RedcapIacError when the file is none."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise RedcapIacError(
            f"The plan {path} cannot be read: {error.strerror}.",
            "Make one: redcap-iac plan --out FILE",
        ) from None
    except UnicodeDecodeError:
        raise RedcapIacError(
            f"{path} is not a saved plan.", "Make one: redcap-iac plan --out FILE"
        ) from None
    return from_json(text)


def require_current(saved: Plan, now: Plan) -> None:
    """Raise StaleError, naming what differs, unless a plan made now is the saved one."""
    found = list(_differences(saved, now))
    if found:
        raise StaleError(f"The plan is stale: {'; '.join(found)}. Nothing was written.", _AGAIN)


def as_it_is(saved: Plan, now: Plan) -> Plan:
    """Return the plan to carry out: the saved one where a plan made now says all of the same.

    Else, as where counts are others by now, the one made now, as old as the saved one: the guards
    of the run are to know what is, not what a file that anybody could edit says of it.
    """
    known = replace(now, created=saved.created, acceptances=saved.acceptances)
    return saved if plan_id(known) == plan_id(saved) else known


def require_private(saved: Plan) -> None:
    """Raise RedcapIacError for a plan that was published: its calls were left out."""
    if saved.public:
        raise RedcapIacError(
            "This plan was published: it can be read, and not applied.",
            "Apply the private one it was made from: redcap-iac plan --out FILE",
        )


def require_young(saved: Plan, now: datetime, hours: int = 0) -> None:
    """Raise StaleError for a plan older than so many hours (0: a day), or made in the future."""
    most = timedelta(hours=hours or MAX_AGE)
    age = _utc(now) - _utc(datetime.fromisoformat(saved.created))
    if age > most:
        raise StaleError(
            f"The plan is stale: it was made {_age(age)} ago ({saved.created}), and may be applied"
            f" for {_age(most)}. Nothing was written.",
            f"{_AGAIN}\n`plan_max_age:` of the environment says for how many hours it may.",
        )
    if age < -_SKEW:
        raise StaleError(
            f"The plan was made in the future ({saved.created}): the clock here or the one there is"
            " wrong. Nothing was written.",
            _AGAIN,
        )


def require_unused(saved: Plan, state_dir: Path | None) -> None:
    """Raise StaleError for a plan that a journal here knows: each is carried out once."""
    when = used_plans(state_dir).get(plan_id(saved)) if state_dir is not None else None
    if when is not None:
        raise StaleError(
            f"The plan was used: it was carried out from {when} on. Nothing was written.",
            f"{_AGAIN}\nA run that did not come to its end goes on with: redcap-iac apply --resume",
        )


def base_of(saved: Plan) -> str | None:
    """Return the commit a saved plan was compared with, None when it was with none."""
    commit = re.search(r"\(([0-9a-f]{7,40})\)$", saved.base)
    return (commit[1] if commit else saved.base) or None


def _utc(when: datetime) -> datetime:
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def _age(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    return f"{hours:,} hour{'' if hours == 1 else 's'}"


def _differences(saved: Plan, now: Plan) -> Iterator[str]:
    then, here = saved.target, now.target
    pairs = (
        ("the environment", saved.environment, now.environment),
        ("the server's address", then.url, here.url),
        ("the project", then.project_id, here.project_id),
        ("the project's status", then.status, here.status),
        ("REDCap's version", str(then.version), str(here.version)),
        ("whose token it is", then.user, here.user),
        ("redcap-iac", saved.tool, now.tool),
    )
    for name, old, new in pairs:
        if old != new:
            yield f"{name} was {old or 'not named'} and is {new or 'not named'}"
    if saved.manifest_digest != now.manifest_digest:
        yield "the manifest's files were changed"
    units = _differing(saved.fingerprint, now.fingerprint)
    if units:
        yield f"the live project was changed ({', '.join(units)})"
    same = saved.changes == now.changes and saved.steps == now.steps
    if not same and saved.manifest_digest == now.manifest_digest and not units:
        yield "it would be made differently now"


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    names = sorted({*old, *new})
    return [name.replace("_", " ") for name in names if old.get(name) != new.get(name)]
