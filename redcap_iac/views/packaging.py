"""A package and its proof, for the screen and for machines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.text import Text

from redcap_iac.production.package import Package
from redcap_iac.production.prediction import SETTING_WORDS, Setting
from redcap_iac.production.record import NAME, Record
from redcap_iac.production.verification import Verdict, Verification
from redcap_iac.views.findings import WIDTH, counted, wrapped
from redcap_iac.views.json import dumped, exit_json
from redcap_iac.views.package_page import (
    APPROVALS,
    CLICKS,
    REVIEW_HTML,
    REVIEW_MARKDOWN,
    TICKET,
)
from redcap_iac.views.package_steps import to_do
from redcap_iac.views.printable import printable

NOTHING = "Nothing to package: the API takes everything there is to change."
_PAGES = (
    (REVIEW_HTML, "every change with REDCap's flags foretold, for its reviewers"),
    (REVIEW_MARKDOWN, "the same as Markdown"),
    (CLICKS, "what to do, in order"),
    (TICKET, "text for the administrators"),
    (NAME, "what it was made from, for `package verify`"),
)
_STYLES = {
    Verdict.PROVEN: "bold green",
    Verdict.DIFFERS: "bold red",
    Verdict.WAITING: "bold yellow",
    Verdict.STALE: "bold red",
}


def package_lines(package: Package | None, folder: Path | None, width: int = WIDTH) -> list[Text]:
    """Return what a package holds and what to do with it."""
    if package is None or folder is None:
        return [Text(NOTHING)]
    return [
        piece
        for line in _lines(package, folder)
        for piece in wrapped(
            line, indent=len(line.plain) - len(line.plain.lstrip()) + 4, width=width
        )
    ]


def _lines(package: Package, folder: Path) -> Iterator[Text]:
    target, prediction = package.plan.target, package.prediction
    yield Text(
        f"Package for {printable(target.title)} (project {target.project_id}, production) ·"
        f" {folder}",
        "bold",
    )
    yield Text()
    for upload in package.uploads:
        yield Text(f"  {upload.name:<20}  {upload.page} ({upload.who})")
    for name, said in _PAGES:
        yield Text(f"  {name:<20}  {said}")
    yield Text()
    if package.drafts:
        style = "yellow" if prediction.critical else "green"
        yield Text(f"{counted(prediction.critical, 'potentially critical issue')}.", style)
        for one in prediction.fields:
            if one.is_critical:
                flags = "; ".join(one.flags) or "another field type or record-id field"
                yield Text(f"  ! {printable(one.field)}: {flags}")
        assumed = "" if package.is_declared else ", assumed: `auto_approval:` is not declared"
        setting = SETTING_WORDS[package.setting]
        yield Text(
            f'Expected: {APPROVALS[package.approval(package.setting)]} ("{setting}"{assumed}).'
        )
    for hazard in package.hazards:
        yield Text(f"  {hazard.code} {printable(hazard.message)}")
    parts = to_do(package)
    number = 0
    for part in parts:
        yield Text(part.title, "bold")
        for item in part.items:
            number += 1
            yield Text(f"  {number}. {item.who}: {printable(item.text)}")


def package_json(package: Package | None, folder: Path | None) -> str:
    """Return what was written, and what is foretold of it."""
    if package is None or folder is None:
        return dumped({"package": None, "exit": exit_json(0)})
    prediction = package.prediction
    return dumped(
        {
            "package": {
                "folder": str(folder),
                "uploads": [
                    {"name": one.name, "page": one.page, "who": str(one.who), "note": one.note}
                    for one in package.uploads
                ],
                "clicks": [
                    {
                        "page": one.page,
                        "text": one.text,
                        "who": str(one.who),
                        "when": str(one.when),
                        "address": one.address,
                    }
                    for one in package.clicks
                ],
                "critical": prediction.critical,
                "fields": [
                    {"field": one.field, "action": one.action, "flags": list(one.flags)}
                    for one in prediction.fields
                ],
                "setting": str(package.setting),
                "approval": {str(one): str(package.approval(one)) for one in Setting},
            },
            "exit": exit_json(0),
        }
    )


def verification_lines(found: Verification, record: Record, width: int = WIDTH) -> list[Text]:
    """Return a verdict, what differs or is left, what the log tells."""
    head = Text.assemble((found.verdict.upper(), _STYLES[found.verdict]), f": {found.sentence}")
    lines = [head, Text(f"Package made {record.created} by {record.tool}.")]
    lines += [Text(f"  - {printable(one)}") for one in found.details]
    if found.log:
        lines += [Text("From the project's log:"), *(Text(f"  {printable(o)}") for o in found.log)]
    if found.advice:
        lines.append(Text(f"→ {printable(found.advice)}"))
    return [piece for line in lines for piece in wrapped(line, indent=4, width=width)]


def verification_json(found: Verification, folder: Path) -> str:
    """Return a verdict as JSON."""
    return dumped(
        {
            "verdict": str(found.verdict),
            "sentence": found.sentence,
            "details": list(found.details),
            "log": list(found.log),
            "advice": found.advice,
            "package": str(folder),
            "exit": exit_json(found.exit_code),
        }
    )
