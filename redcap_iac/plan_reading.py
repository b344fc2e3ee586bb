"""A saved plan read back from JSON; a damaged or altered one is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from redcap_iac.calls import Call, Cell, Made
from redcap_iac.changes import Aspect, Normal, Value
from redcap_iac.errors import RedcapIacError
from redcap_iac.findings import Finding, Position, Severity
from redcap_iac.hazard import Acceptance, Answer, Count, Stake, Undoable
from redcap_iac.plan import FORMAT_VERSION, Copy, Phase, Plan, PlannedChange, Shift, Stage, Step
from redcap_iac.plan_json import digest
from redcap_iac.state import Target, Version


def from_json(text: str) -> Plan:
    """Read a saved plan; unknown keys are ignored.

    Raises RedcapIacError when it is no plan, is damaged, or is of a higher major format version.
    """
    try:
        data = json.loads(text)
        version = str(data["format_version"])
        if int(version.partition(".")[0]) > int(FORMAT_VERSION.partition(".")[0]):
            raise RedcapIacError(
                f"This plan has format version {version}; this tool reads {FORMAT_VERSION}.",
                "Use the version of redcap-iac that wrote it, or make the plan again.",
            )
        plan = _plan(data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RedcapIacError(
            "This file is not a saved plan, or it is damaged.",
            "Make it again: redcap-iac plan --out FILE",
        ) from error
    if digest(data) != data.get("id"):
        raise RedcapIacError(
            "This saved plan was altered after it was written.",
            "Make it again: redcap-iac plan --out FILE",
        )
    return plan


def _plan(data: Mapping[str, Any]) -> Plan:
    target = data["target"]
    return Plan(
        created=data["created"],
        tool=data["tool"],
        environment=data["environment"],
        target=Target(
            target["url"], target["project_id"], target["title"], target["status"],
            Version.parse(target["version"]), target["longitudinal"],
            target["form_rights_in_bits"], target["user"],
        ),
        manifest_digest=data["manifest_digest"],
        fingerprint=data["fingerprint"],
        changes=tuple(_read_change(change) for change in data["changes"]),
        findings=tuple(_read_finding(finding) for finding in data["findings"]),
        steps=tuple(_read_step(step) for step in data["steps"]),
        kept=data["kept"],
        todo=tuple(data["todo"]),
        blind_spots=tuple(data["blind_spots"]),
        stopped=tuple(data["stopped"]),
        data=data["data"],
        mask_small=bool(data.get("mask_small")),
        base=data["base"] or "",
        public=data["publish"] == "public",
        acceptances=tuple(_read_acceptance(given) for given in data["acceptances"]),
        stages=tuple(
            Stage(
                stage["number"], stage["who"], stage["title"], tuple(stage["lines"]),
                tuple(stage["serves"]),
            )
            for stage in data["stages"]
        ),
        access=tuple(
            Shift(
                shift["username"],
                tuple(map(_read_aspect, shift["gained"])),
                tuple(map(_read_aspect, shift["lost"])),
            )
            for shift in data.get("access", ())
        ),
    )  # fmt: skip


def _read_acceptance(data: Mapping[str, Any]) -> Acceptance:
    names = data["names"]
    return Acceptance(**{**data, "names": None if names is None else tuple(names)})


def _read_change(data: Mapping[str, Any]) -> PlannedChange:
    return PlannedChange(
        address=data["address"],
        action=data["action"],
        unit=data["unit"],
        group=data["group"],
        label=data["label"],
        before=_read_normal(data["before"]),
        after=_read_normal(data["after"]),
        aspects=tuple(map(_read_aspect, data["aspects"])),
        origin=data["origin"],
    )


def _read_aspect(data: Mapping[str, Any]) -> Aspect:
    before, after = _read_value(data["before"]), _read_value(data["after"])
    return Aspect(data["name"], before, after, data["origin"])


def _read_normal(data: list[Any] | None) -> Normal | None:
    return None if data is None else tuple((name, _read_value(value)) for name, value in data)


def _read_value(data: Any) -> Value:
    return data if isinstance(data, str) else tuple((name, text) for name, text in data)


def _read_finding(data: Mapping[str, Any]) -> Finding:
    at = data["position"]
    return Finding(
        data["code"],
        Severity(data["severity"]),
        data["message"],
        None if at is None else Position(at["file"], at["line"], at["column"]),
        data["address"],
        data["advice"],
        None if data["stake"] is None else _read_stake(data["stake"]),
    )


def _read_stake(data: Mapping[str, Any]) -> Stake:
    return Stake(
        Answer(data["answer"]),
        Undoable(data["undoable"]),
        data["change"],
        None if data["count"] is None else Count(**data["count"]),
        tuple(data["names"]),
        data["public"],
    )


def _read_step(data: Mapping[str, Any]) -> Step:
    call = data["call"]
    return Step(
        phase=Phase[data["phase"].upper()],
        kind=data["kind"],
        title=data["title"],
        call=Call(
            call["content"],
            call["action"],
            tuple({n: _read_cell(cell) for n, cell in row.items()} for row in call["rows"]),
            {
                name: value if isinstance(value, str) else tuple(_read_key(part) for part in value)
                for name, value in call["params"].items()
            },
            tuple(call["header"]),
        ),
        serves=tuple(data["serves"]),
        touches=tuple(data["touches"]),
        makes=tuple((address, row) for address, row in data["makes"]),
        replaces=data["replaces"],
        copies=tuple(
            Copy(c["source"], c["target"], tuple((old, new) for old, new in c["codes"]))
            for c in data["copies"]
        ),
    )


def _read_cell(data: Any) -> Cell:
    if isinstance(data, dict):
        return Made(data["$made"]) if "$made" in data else dict(data["$map"])
    return str(data)


def _read_key(data: Any) -> str | Made:
    return Made(data["$made"]) if isinstance(data, dict) else str(data)
