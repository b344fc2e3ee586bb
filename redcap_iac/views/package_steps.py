"""What a person does with a package: uploads and clicks, in order, numbered through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from redcap_iac.production.clicks import DESIGNATIONS_PAGE, Click, When, Who
from redcap_iac.production.package import DESIGNATIONS, DICTIONARY, EVENTS, Package, Upload


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing a person does: its number, who may, on which page, the sentence."""

    who: str
    page: str
    text: str
    note: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """What is to be done together, before, in or after the draft."""

    title: str
    items: tuple[ToDo, ...]


def to_do(package: Package) -> tuple[Part, ...]:
    """Return uploads and clicks in order; empty parts are left out."""
    found = (
        Part("Before the draft" if package.drafts else "First", tuple(_at(package, When.BEFORE))),
        Part("The draft", tuple(_draft(package))),
        Part(
            "After approval" if package.drafts else "Then",
            (
                *_at(package, When.AFTER),
                *_taken_over(package),
                ToDo(str(Who.YOU), "", _prove(package)),
            ),
        ),
    )
    numbers = count(1)
    return tuple(
        Part(part.title, tuple(replace(item, number=next(numbers)) for item in part.items))
        for part in found
        if part.items
    )


def _at(package: Package, when: When) -> Iterator[ToDo]:
    uploads = [one for one in package.uploads if one.when is when and one.name != DICTIONARY]
    for upload in uploads:
        yield _upload(upload)
    covered = any(upload.name == DESIGNATIONS for upload in uploads)
    if when is When.AFTER and not covered and _ticks(package):
        yield ToDo(str(Who.YOU), "", _again(package))
    for click in package.clicks:
        if click.when is when:
            yield _click(click, covered=covered)


def _taken_over(package: Package) -> Iterator[ToDo]:
    """What a merged draft brought becomes live; a manifest that does not say so undoes it."""
    if package.theirs:
        brought = ", ".join(dict.fromkeys(change.address for change in package.theirs))
        yield ToDo(
            str(Who.YOU),
            "",
            f"Write what {package.draft} brought into the manifest, or the next plan undoes it:"
            f" {brought}.",
        )


def _ticks(package: Package) -> bool:
    """Tell whether new events wait for their instruments: only REDCap can name them."""
    return any(one.name == EVENTS for one in package.uploads) and any(
        click.page == DESIGNATIONS_PAGE for click in package.clicks
    )


def _tool(package: Package) -> str:
    """Return the command with its environment: another may be the default where it is read."""
    name = package.plan.environment
    return f"redcap-iac --env {name}" if name else "redcap-iac"


def _prove(package: Package) -> str:
    tool = _tool(package)
    return f"Run `{tool} package verify`, then `{tool} apply` for what is left."


def _again(package: Package) -> str:
    return (
        f"Instead of ticking: once the new events are there, `{_tool(package)} package` writes"
        f" `{DESIGNATIONS}`, and one upload does it all."
    )


def _upload(upload: Upload) -> ToDo:
    return ToDo(str(upload.who), upload.page, f"Upload `{upload.name}`.", upload.note)


def _click(click: Click, *, covered: bool) -> ToDo:
    note = (
        f"Done by the upload of `{DESIGNATIONS}`."
        if covered and click.page == DESIGNATIONS_PAGE
        else ""
    )
    return ToDo(str(click.who), click.page, click.text, note)


def _draft(package: Package) -> Iterator[ToDo]:
    upload = next((one for one in package.uploads if one.name == DICTIONARY), None)
    if upload is None:
        return
    page = "Online Designer"
    enter = (
        f"Stay in Draft Mode: the file holds what {package.draft} brought."
        if package.draft
        else "Enter Draft Mode."
    )
    yield ToDo(str(Who.YOU), page, enter)
    yield _upload(upload)
    yield ToDo(
        str(Who.YOU),
        page,
        "Download the data dictionary of the draft; run"
        f" `{_tool(package)} package verify --draft FILE`: it must say that the draft is the"
        " package's.",
    )
    yield ToDo(str(Who.YOU), page, "Submit the changes for review, with the text of `ticket.txt`.")
    if any(step.copies for step in package.plan.steps):  # old names go: nothing may be left there
        yield ToDo(
            str(Who.YOU),
            "",
            f"Right before the review run `{_tool(package)} apply --migrate-data` once more: what"
            " was typed under the old names since is copied; what is typed after it is lost.",
        )
    yield ToDo(str(Who.ADMINISTRATOR), page, "Review the drafted changes and commit them.")
