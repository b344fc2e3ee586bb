"""Pieces of XML text, escaped the way REDCap escapes them."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable

from redcap_iac.emulator.odm.vocabulary import ODM_URI, REDCAP_URI

#: What XML 1.0 cannot hold at all.
_FORBIDDEN = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAG = re.compile(r"</?[A-Za-z!][^>]*>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)

_PREFIXES = {
    "": "",
    ODM_URI: "",
    REDCAP_URI: "redcap:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}


def escaped(text: str) -> str:
    """Return text fit for an element or an attribute; quotes as in `&#039;` (recorded).

    Line breaks stay as they are, in attributes too (recorded): a reader turns those into blanks.
    """
    clean = html.escape(_FORBIDDEN.sub("", text), quote=False)
    return clean.replace('"', "&quot;").replace("'", "&#039;")


def attributes(pairs: Iterable[tuple[str, str]]) -> str:
    """Return ` name="value"` for each pair."""
    return "".join(f' {name}="{escaped(value)}"' for name, value in pairs)


def is_formatted(label: str) -> bool:
    """Tell whether a label holds HTML tags, and so is written a second time (recorded)."""
    return _TAG.search(label) is not None


def without_tags(label: str) -> str:
    """Return a label without HTML, line break tags as line breaks (recorded)."""
    return _TAG.sub("", _BREAK.sub("\n", label)).strip()


def camel(title: str) -> str:
    """Return a title as study OIDs spell it: words joined, at most 30 letters and digits.

    Recorded: `nal dag project` gives `NalDagProject`.
    """
    words = re.sub(r"[^A-Za-z0-9 ]", "", title).split()
    return "".join(word[0].upper() + word[1:] for word in words)[:30]


def element_text(element: ET.Element) -> str:
    """Return an element of the ODM or REDCap vocabulary as it stands in a project file.

    Parts of other vocabularies are left out: a file would have to declare them.
    """
    name = _prefixed(element.tag)
    if name is None:
        return ""
    inside = "".join(element_text(child) for child in element)
    if not len(element):
        inside = escaped(element.text or "")
    pairs = ((_prefixed(key), value) for key, value in element.attrib.items())
    known = attributes((key, value) for key, value in pairs if key is not None)
    return f"<{name}{known}>{inside}</{name}>"


def _prefixed(tag: str) -> str | None:
    namespace, _, name = tag.removeprefix("{").rpartition("}")
    prefix = _PREFIXES.get(namespace)
    return None if prefix is None else prefix + name
