"""The page: one self-contained file, readable without a script, findable with one."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from markupsafe import Markup

from redcap_iac.design import Design
from redcap_iac.design.dependencies import Dependency, dependencies
from redcap_iac.secret import redact
from redcap_iac.views.docs.codebook import Form, anchor, anchor_of_form, codebook, linked
from redcap_iac.views.docs.drawing import MOST, drawing, drawn
from redcap_iac.views.docs.matrix import matrix
from redcap_iac.views.docs.schedule import repeating, schedule
from redcap_iac.views.html import environment
from redcap_iac.views.printable import printable

#: By this a page is known as one of ours, which may be written over.
MARK = Markup('<meta name="generator" content="redcap-iac docs">')


@dataclass(frozen=True, slots=True)
class About:
    """What the page says of itself: where the design comes from, in words and as a digest."""

    source: str
    digest: str
    tool: str
    title: str = ""
    public: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """One dependency as a row of the table."""

    source: str
    source_anchor: str
    target: str
    target_anchor: str
    purpose: str
    text: Markup


@dataclass(frozen=True, slots=True)
class Graph:
    """The logic of one instrument: a picture where it can be one, and a table always."""

    name: str
    anchor: str
    picture: Markup | None
    too_large: bool
    links: tuple[Link, ...]


def docs_html(design: Design, about: About) -> str:
    """Return the page; the same design gives the same bytes."""
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
        fields=len(design.fields),
        grids=schedule(design),
        knows_schedule=design.knows_designations,
        repeats=repeating(design),
        graphs=tuple(_graphs(design, edges, forms)),
        most=MOST,
        access=matrix(design, public=about.public),
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=_hash(script),
    ).rstrip()


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
        anchors = _anchors(design, own)
        picture = drawing(shown, [field.field_name for field in fields], anchors)
        graphs.append(
            Graph(
                labels[anchor_of_form(name)],
                f"logic-{name}",
                picture,
                bool(shown) and picture is None,
                _links(design, own, anchors),
            )
        )
    return graphs


def _anchors(design: Design, edges: Sequence[Dependency]) -> Mapping[str, str]:
    """Return where each name leads: a field's row, or the instrument whose status it is."""
    found = {}
    for name in {name for edge in edges for name in (edge.source, edge.target)}:
        instrument = design.status_of(name)
        is_field = design.field(name) is not None
        found[name] = anchor(name) if is_field else anchor_of_form(instrument or "")
    return found


def _links(
    design: Design, edges: Sequence[Dependency], anchors: Mapping[str, str]
) -> tuple[Link, ...]:
    made = {
        (edge.source, edge.target, edge.purpose): Link(
            _said(edge.source), anchors[edge.source], _said(edge.target), anchors[edge.target],
            str(edge.purpose), linked(design, edge.site.text),
        )
        for edge in edges
    }  # fmt: skip
    return tuple(made.values())


@cache
def _script() -> str:
    file = resources.files("redcap_iac.views") / "templates" / "docs.js"
    return file.read_text(encoding="utf-8").strip()


def _hash(script: str) -> str:
    """Return what the page's policy knows its one script by."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _said(text: str) -> str:
    return printable(redact(text))
