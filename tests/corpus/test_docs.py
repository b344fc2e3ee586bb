"""The page of every published dictionary: whole, harmless, every link with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from redcap_iac.design import Design
from redcap_iac.findings import Findings
from redcap_iac.formats.dictionary_csv import read_dictionary
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.state import State
from redcap_iac.views.docs import About, docs_html
from tests.corpus.originals import ABSENT, CORPUS

DICTIONARIES = sorted((CORPUS / "dictionaries").glob("*.csv"))
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not DICTIONARIES, reason=ABSENT),
]
#: All a page of ours is made of; what people typed may add nothing to it.
TAGS = frozenset({
    "a", "b", "body", "br", "button", "caption", "code", "details", "div", "em", "footer",
    "g", "h1", "h2", "h3", "head", "header", "html", "i", "input", "kbd", "label", "li",
    "main", "meta", "nav", "ol", "p", "path", "rect", "s", "script", "section", "small",
    "span", "strong", "style", "sub", "summary", "sup", "svg", "table", "tbody", "td", "text",
    "th", "thead", "title", "tr", "u", "ul", "wbr",
})  # fmt: skip


@pytest.mark.parametrize("path", DICTIONARIES, ids=lambda path: path.stem)
def test_every_dictionary_has_a_page(path: Path) -> None:
    fields = read_dictionary(path.read_bytes(), path.name, Findings())
    page = docs_html(Design(State({"fields": fields})), About("a file", "", "redcap-iac"))
    ids = re.findall(r' id="([^"]*)"', page)
    assert [name for name in ids if name.startswith("field-")] == [
        f"field-{field.field_name}" for field in _by_instrument(fields)
    ]
    assert set(re.findall(r' href="#([^"]*)"', page)) <= set(ids)
    shown, script = re.sub(r' data-search="[^"]*"', "", page).split("<script>")
    assert not re.search(r'<[^<>]* href=(?!"#)', shown)
    assert script.count("</script>") == 1
    assert set(re.findall(r"<([a-z][\w-]*)", shown)) <= TAGS
    assert not re.search(r"<[^>]+ (?:on\w+|src|style)=", shown)
    names = [field.field_name for field in fields]
    if len(names) == len(set(names)):
        assert len(ids) == len(set(ids))


def _by_instrument(fields: tuple[Field, ...]) -> list[Field]:
    order = dict.fromkeys(field.form_name for field in fields)
    return [field for form in order for field in fields if field.form_name == form]
