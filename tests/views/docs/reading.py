"""A page read back: its elements, texts, links; and designs to make pages of."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from redcap_iac.design import Design
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.manifest.loader import load
from redcap_iac.state import State
from redcap_iac.views.docs import About, docs_html
from tests.lint.judging import Texts

EXAMPLES = Path(__file__).parents[3] / "examples"
ABOUT = About("the project's files", "a1b2c3d4e5f6a7b8", "redcap-iac 1.0")
PUBLIC = About("the project's files", "a1b2c3d4e5f6a7b8", "redcap-iac 1.0", public=True)
_VOID = frozenset({"meta", "input", "br", "wbr"})


@dataclass(slots=True)
class Element:
    """One element with the text in it; `outer` are the elements around it."""

    tag: str
    attributes: dict[str, str | None]
    outer: tuple[Element, ...]
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())

    def has(self, name: str) -> bool:
        """Tell whether it is of a class."""
        return name in (self.attributes.get("class") or "").split()

    def within(self, identity: str) -> bool:
        """Tell whether it is, or stands in, the element of an id."""
        return any(one.attributes.get("id") == identity for one in (self, *self.outer))


class Page(HTMLParser):
    """A page; making one fails where an element is closed that was not opened last."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.source = text
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), tuple(self._open))
        assert len(element.attributes) == len(attrs), f"an attribute of {tag} stands twice"
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.parts.append(data)

    def all(self, tag: str, inside: str = "") -> list[Element]:
        """Return the elements of a tag, with an id those inside of it alone."""
        found = [one for one in self.elements if one.tag == tag]
        return [one for one in found if one.within(inside)] if inside else found

    def by_id(self, identity: str) -> Element:
        (found,) = (one for one in self.elements if one.attributes.get("id") == identity)
        return found

    @property
    def ids(self) -> list[str]:
        return [one.attributes["id"] or "" for one in self.elements if "id" in one.attributes]

    @property
    def text(self) -> str:
        """All that is read, without style and script."""
        (body,) = self.all("body")
        (script,) = self.all("script")
        return body.text.replace(script.text, "")


def design_of(text: str) -> Design:
    """Return the design of a manifest in one text; `version: 1` may be left out."""
    return Design(load(Path(), files=Texts({"redcap.yaml": f"version: 1\n{text}"})).desired.state)


def design_with(*rows: dict[str, str]) -> Design:
    """Return a design of these rows of a dictionary, as they are, behind a record id."""
    first = {"field_name": "record_id", "form_name": "form", "field_type": "text"}
    plain = {"form_name": "form", "field_type": "text", "field_label": "A label"}
    fields = tuple(Field.of({**plain, **row}) for row in (first, *rows))
    return Design(State({"fields": fields}))


def page_of(design: Design, about: About = ABOUT) -> Page:
    return Page(docs_html(design, about))


@cache
def example(name: str, about: About = ABOUT) -> Page:
    """Return the page of an example."""
    return page_of(Design(load(EXAMPLES / name).desired.state), about)
