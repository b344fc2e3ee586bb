"""The page: one self-contained file, readable without a script, findable with one."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from markupsafe import Markup

from redcap_iac.design import Design, Purpose
from redcap_iac.design.dependencies import Dependency, dependencies
from redcap_iac.views.docs.codebook import Form, codebook
from redcap_iac.views.docs.drawing import MOST, drawings, drawn
from redcap_iac.views.docs.links import anchor_of_form, linked, said, target_of
from redcap_iac.views.docs.matrix import matrix
from redcap_iac.views.docs.published import published
from redcap_iac.views.docs.schedule import repeating, schedule
from redcap_iac.views.findings import counted
from redcap_iac.views.html import environment

#: By this a page is known as one of ours, which may be written over.
MARK = Markup('<meta name="generator" content="redcap-iac docs">')


@dataclass(frozen=True, slots=True)
class About:
    """What the page says of itself: where the design comes from, in words and as a digest.

    `public` leaves people out. `unread` are the units a live project's token may not read.
    """

    source: str
    digest: str
    tool: str
    title: str = ""
    public: bool = False
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One expression as a row of the table: the field it stands at and the fields it reads."""

    field: str
    anchor: str
    reads: tuple[tuple[str, str], ...]
    purpose: str
    text: Markup


@dataclass(frozen=True, slots=True)
class Graph:
    """The logic of one instrument: pictures where it can be seen, and a table always."""

    name: str
    anchor: str
    pictures: tuple[Markup, ...]
    too_large: int
    readings: tuple[Reading, ...]
    count: int


def docs_html(design: Design, about: About) -> str:
    """Return the page; the same design gives the same bytes."""
    if about.public:
        design = published(design)
    edges = dependencies(design)
    forms = codebook(design, edges)
    script = _script()
    title = about.title or design.setting("project_title") or "REDCap project"
    template = environment().get_template("docs.html.j2")
    return template.render(
        about=about,
        title=title,
        notes="" if about.public else design.setting("project_notes") or "",
        mark=MARK,
        forms=forms,
        summary=summary(design),
        grids=schedule(design),
        knows_schedule=design.knows_designations,
        repeats=repeating(design),
        graphs=tuple(_graphs(design, edges, forms)),
        most=MOST,
        access=matrix(design, public=about.public),
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=_hash(script),
    ).rstrip()


def summary(design: Design) -> str:
    """Return `16 fields on 4 instruments, 2 arms with 6 events`."""
    fields = counted(len(design.fields), "field")
    forms = counted(len(design.instruments), "instrument")
    if not design.is_longitudinal:
        return f"{fields} on {forms}, a classic project without events"
    arms = counted(len({visit.arm for visit in design.visits}), "arm")
    return f"{fields} on {forms}, {arms} with {counted(len(design.visits), 'event')}"


def _graphs(design: Design, edges: Sequence[Dependency], forms: Sequence[Form]) -> Sequence[Graph]:
    by_form: dict[str, list[Dependency]] = {}
    for edge in edges:
        by_form.setdefault(edge.site.field.form_name if edge.site.field else "", []).append(edge)
    labels = {form.anchor: form.label for form in forms}
    graphs = []
    for name, fields in design.by_instrument.items():
        own = by_form.get(name, [])
        if not own:
            continue
        shown = drawn(own)
        names = {name for edge in own for name in (edge.source, edge.target)}
        anchors = {name: target_of(design, name) for name in names}
        pictures, too_large = drawings(shown, [field.field_name for field in fields], anchors)
        graphs.append(
            Graph(
                labels[anchor_of_form(name)],
                f"logic-{said(name)}",
                pictures,
                too_large,
                tuple(_readings(design, own, anchors)),
                len({(edge.source, edge.target) for edge in own}),
            )
        )
    return graphs


def _readings(
    design: Design, edges: Sequence[Dependency], anchors: Mapping[str, str]
) -> Iterator[Reading]:
    sources: dict[tuple[str, Purpose, str], dict[str, None]] = {}
    for edge in edges:
        key = (edge.target, edge.purpose, edge.site.text)
        sources.setdefault(key, {})[edge.source] = None
    for (target, purpose, text), names in sources.items():
        reads = tuple((said(name), anchors[name]) for name in names)
        yield Reading(said(target), anchors[target], reads, str(purpose), linked(design, text))


@cache
def _script() -> str:
    file = resources.files("redcap_iac.views") / "templates" / "docs.js"
    return file.read_text(encoding="utf-8").strip()


def _hash(script: str) -> str:
    """Return what the page's policy knows its one script by."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
