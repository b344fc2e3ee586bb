"""Plans in files: read again, and held against what is true now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from redcap_iac.errors import RedcapIacError, StaleError
from redcap_iac.plan import Plan
from redcap_iac.plan_json import from_json

_LARGEST = 512 * 1024 * 1024


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
        raise StaleError(
            f"The plan is stale: {'; '.join(found)}. Nothing was written.",
            "Make it again, read it, apply it: redcap-iac plan --out FILE",
        )


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
