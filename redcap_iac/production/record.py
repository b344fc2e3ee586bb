"""`package.json`: what a package was made from and holds, so that it can be proven later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redcap_iac.errors import RedcapIacError
from redcap_iac.hazard import SMALL, Count
from redcap_iac.production.package import Package
from redcap_iac.production.prediction import Setting
from redcap_iac.production.schedule import Part

NAME = "package.json"
FORMAT_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a package once it is written.

    `fingerprint` is a sha256 of each unit of the live project it was made from, `files` of each
    file of the package; `parts` is the schedule before and after; `draft` the file of a colleague's
    draft that was merged, "" for none; `plan` the plan it carries out.
    """

    created: str
    tool: str
    environment: str
    url: str
    project_id: str
    title: str
    plan: str
    manifest_digest: str
    fingerprint: Mapping[str, str]
    files: Mapping[str, str]
    parts: tuple[Part, ...]
    draft: str = ""


def recorded(package: Package, plan: str, files: Mapping[str, str]) -> str:
    """Return the JSON of a package; `plan` is the plan's id, `files` all others with their text."""
    made = package.plan
    body: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "created": made.created,
        "tool": made.tool,
        "environment": made.environment,
        "target": {
            "url": made.target.url,
            "project_id": made.target.project_id,
            "title": made.target.title,
            "version": str(made.target.version),
        },
        "plan": plan,
        "manifest_digest": made.manifest_digest,
        "fingerprint": dict(made.fingerprint),
        "draft": package.draft or None,
        "files": {name: sha256(text) for name, text in sorted(files.items())},
        "schedule": [
            {"unit": part.unit, "before": list(part.before), "after": list(part.after)}
            for part in package.parts
        ],
        "prediction": _prediction(package),
    }
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def _prediction(package: Package) -> dict[str, Any]:
    prediction, count = package.prediction, package.records
    return {
        "critical": prediction.critical,
        "added": prediction.added,
        "modified_or_deleted": prediction.modified,
        "records": {"number": _told(count, package), "at_least": count.at_least},
        "setting": str(package.setting),
        "declared": package.is_declared,
        "approval": {str(setting): str(package.approval(setting)) for setting in Setting},
        "fields": [
            {
                "field": one.field,
                "instrument": one.instrument,
                "action": one.action,
                "flags": list(one.flags),
                "removed": list(one.removed),
                "altered": list(one.altered),
                "critical": one.is_critical,
            }
            for one in prediction.fields
        ],
    }


def _told(count: Count, package: Package) -> int | None:
    """Return how many records there are, None where so few are not to be published."""
    is_small = count.number is not None and 0 < count.number < SMALL
    return None if is_small and package.plan.public else count.number


def read_record(text: str) -> Record:
    """Read `package.json`; unknown keys are ignored.

    Raises RedcapIacError when it is none, or of a higher major format version.
    """
    try:
        data = json.loads(text)
        version = str(data["format_version"])
        if int(version.partition(".")[0]) > int(FORMAT_VERSION.partition(".")[0]):
            raise RedcapIacError(
                f"This package has format version {version}; this tool reads {FORMAT_VERSION}.",
                "Use the version of redcap-iac that wrote it, or make the package again.",
            )
        return _record(data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RedcapIacError(
            f"This {NAME} is not one that `package` wrote, or it is damaged.",
            "Make the package again: redcap-iac package",
        ) from error


def _record(data: Mapping[str, Any]) -> Record:
    target = data["target"]
    return Record(
        created=str(data["created"]),
        tool=str(data["tool"]),
        environment=str(data["environment"]),
        url=str(target["url"]),
        project_id=str(target["project_id"]),
        title=str(target["title"]),
        plan=str(data["plan"]),
        manifest_digest=str(data["manifest_digest"]),
        fingerprint={str(k): str(v) for k, v in data["fingerprint"].items()},
        files={str(k): str(v) for k, v in data["files"].items()},
        parts=tuple(
            Part(str(part["unit"]), tuple(part["before"]), tuple(part["after"]))
            for part in data["schedule"]
        ),
        draft=str(data["draft"] or ""),
    )


def sha256(text: str) -> str:
    """Return the sha256 of a text as it lies in a file."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
