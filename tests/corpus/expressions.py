"""Every expression of the corpus: dictionaries, instrument zips, project XMLs, API answers.

`python -m tests.corpus.expressions` prints how many each file holds, read and wrong. The files are
read here apart from the tool's own formats; only the tags are taken apart by the tool.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

from redcap_iac.logic import LogicError, parse
from redcap_iac.logic.action_tags import Form, every_tag
from redcap_iac.logic.piping import embedded, piped
from tests.corpus.originals import COLUMNS, CORPUS, DICTIONARIES

PROJECTS = tuple(sorted((CORPUS / "xml").glob("*.xml")))
#: Answers of Export Metadata, or files that hold one.
ANSWERS = tuple(
    path
    for path in sorted((CORPUS / "responses").glob("*"))
    if path.suffix in (".json", ".csv") and b"field_name" in path.read_bytes()[:20_000]
)
FILES = (*DICTIONARIES, *PROJECTS, *ANSWERS)
WRONG = Path(__file__).parent.parent / "logic" / "wrong_expressions.csv"
LOGIC = ("branching", "calculation", "@IF", "@CALCTEXT", "@CALCDATE", "elsewhere")
#: Attributes of a project file that hold logic of reports, alerts, invitations and the like.
_CONDITIONS = (
    "advanced_logic", "limiter_logic", "alert_condition", "control_condition", "rule_logic",
    "condition_logic", "filter_logic",
)  # fmt: skip
#: Attributes of a project file into which values are piped.
_TEXTS = ("CustomLabel", "CustomEventLabel", "alert_message", "body", "custom_filename_prefix")
_REDCAP = "{https://projectredcap.org}"
_BOUNDS = ("text_validation_min", "text_validation_max")
_READ = ("section_header", "field_label", "field_note", "select_choices_or_calculations")


@dataclass(frozen=True)
class Expression:
    """An expression; `use` is one of LOGIC, `piping` or `embedding`.

    `field` is the field it belongs to, or the element and attribute of a project file.
    """

    field: str
    use: str
    text: str


def wrong_expressions() -> dict[tuple[str, str, str], str]:
    """Return the reason by file, field and use for each that is no expression, seen by eye."""
    with WRONG.open(newline="", encoding="utf-8") as lines:
        rows = csv.DictReader(lines)
        return {(row["file"], row["field"], row["use"]): row["reason"] for row in rows}


@cache
def expressions(path: Path) -> tuple[Expression, ...]:
    """Return every expression of a file in order, those of a checkbox's items once."""
    if path.suffix == ".xml":
        root = ET.parse(path).getroot()
        rows = [found for row in _project_rows(root) for found in _of_row(row)]
        return (*rows, *_of_settings(root))
    return tuple(found for row in table_rows(path) for found in _of_row(row))


def logic(path: Path) -> tuple[Expression, ...]:
    """Return those that are logic, not piping."""
    return tuple(found for found in expressions(path) if found.use in LOGIC)


def is_read(text: str) -> bool:
    """Tell whether the tool reads a text as an expression."""
    try:
        parse(text)
    except LogicError:
        return False
    return True


def _of_row(row: dict[str, str]) -> Iterator[Expression]:
    name = row["field_name"]
    if row["branching_logic"].strip():
        yield Expression(name, "branching", row["branching_logic"])
    choices = row["select_choices_or_calculations"]
    is_calculation = row["field_type"] == "calc"
    if is_calculation and choices.strip():
        yield Expression(name, "calculation", choices)
    for use, text in _of_tags(row["field_annotation"]):
        yield Expression(name, use, text)
    for column in (*(_READ[:-1] if is_calculation else _READ), *_BOUNDS):
        text = row.get(column, "")
        yield from (Expression(name, "piping", one.text) for one in piped(text))
        if column not in _BOUNDS and row["field_type"] != "sql":
            yield from (Expression(name, "embedding", one.field) for one in embedded(text))


def _of_tags(annotation: str) -> Iterator[tuple[str, str]]:
    for tag in every_tag(annotation):
        if tag.form is not Form.PARENTHESES or f"@{tag.name}" not in LOGIC:
            yield from (("piping", one.text) for part in tag.arguments for one in piped(part.text))
        elif tag.name == "CALCTEXT" and tag.inside is not None:
            yield "@CALCTEXT", tag.inside.text
        else:
            parts = tag.arguments[:1] if tag.name == "IF" else tag.arguments
            yield from ((f"@{tag.name}", part.text) for part in parts)


@cache
def table_rows(path: Path) -> tuple[dict[str, str], ...]:
    """Return the rows of a dictionary, zip or answer under the API's 18 columns."""
    if path.suffix != ".json":
        return tuple(row for text in _tables(path) for row in _rows(text, path in ANSWERS))
    held = json.loads(path.read_text(encoding="utf-8-sig"))
    fields = held if isinstance(held, list) else held["metadata"]
    return tuple({column: str(field.get(column) or "") for column in COLUMNS} for field in fields)


def _rows(text: str, is_answer: bool) -> Iterator[dict[str, str]]:
    """Yield the rows of a table; some answers passed through R, where NA is an empty cell."""
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    keys = {column: _key(column, reader.fieldnames or ()) for column in COLUMNS}
    for row in reader:
        cells = {column: row.get(key) or "" for column, key in keys.items()}
        yield {column: "" if is_answer and cell == "NA" else cell for column, cell in cells.items()}


def _key(column: str, header: Iterable[str]) -> str:
    for name in header:
        folded = re.sub(r"[^a-z]", "", name.lower())
        if folded == column.replace("_", "") or folded.startswith(COLUMNS[column]):
            return name
    return ""


def _tables(path: Path) -> Iterator[str]:
    if path.suffix == ".csv":
        yield _decoded(path.read_bytes())
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".csv"):
                yield _decoded(archive.read(name))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("windows-1252")


def _of_settings(root: ET.Element) -> Iterator[Expression]:
    """Yield what a project file holds beside its fields."""
    for element in root.iter():
        kind = element.tag.rpartition("}")[2]
        for key, value in element.attrib.items():
            name = key.rpartition("}")[2]
            if name in _CONDITIONS and value.strip():
                yield Expression(f"{kind}/{name}", "elsewhere", value)
            elif name in _TEXTS:
                for one in piped(value):
                    yield Expression(f"{kind}/{name}", "piping", one.text)


def _project_rows(root: ET.Element) -> Iterator[dict[str, str]]:
    """Yield the fields of a project file, as far as they hold expressions."""
    labels = {
        one.get("OID", ""): " | ".join(label.text or "" for label in _named(one, "TranslatedText"))
        for one in _named(root, "CodeList")
    }
    seen = set()
    for item in _named(root, "ItemDef"):
        name = item.get(f"{_REDCAP}Variable", "")
        if name in seen:
            continue
        seen.add(name)
        texts = {child.tag.rpartition("}")[2]: child.text or "" for child in item.iter()}
        lists = [one.get("CodeListOID", "") for one in _named(item, "CodeListRef")]
        choices = item.get(f"{_REDCAP}CheckboxChoices") or item.get(f"{_REDCAP}SliderLabels")
        yield {
            "field_name": name,
            "field_type": item.get(f"{_REDCAP}FieldType", ""),
            "section_header": item.get(f"{_REDCAP}SectionHeader", ""),
            "field_label": texts.get("FormattedTranslatedText", texts.get("TranslatedText", "")),
            "field_note": item.get(f"{_REDCAP}FieldNote", ""),
            "select_choices_or_calculations": item.get(f"{_REDCAP}Calculation")
            or choices
            or " | ".join(labels.get(one, "") for one in lists),
            "branching_logic": item.get(f"{_REDCAP}BranchingLogic", ""),
            "field_annotation": item.get(f"{_REDCAP}FieldAnnotation", ""),
        }


def _named(root: ET.Element, name: str) -> Iterator[ET.Element]:
    return (one for one in root.iter() if one.tag.endswith(f"}}{name}"))


def table(paths: Iterable[Path]) -> Iterator[str]:
    """Yield the lines of a table: file, expressions, read, wrong, and how many of each use."""
    uses = (*LOGIC, "piping", "embedding")
    yield "\t".join(("file", "expressions", "read", "wrong", *uses))
    total: Counter[str] = Counter()
    for path in paths:
        counts = Counter(found.use for found in expressions(path))
        counts["wrong"] = sum(not is_read(found.text) for found in logic(path))
        total += counts
        yield _line(path.name, counts, uses)
    yield _line("all", total, uses)


def _line(name: str, counts: Counter[str], uses: tuple[str, ...]) -> str:
    every = sum(counts[use] for use in uses)
    numbers = (every, every - counts["wrong"], counts["wrong"], *(counts[use] for use in uses))
    return "\t".join((name, *map(str, numbers)))


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in table(FILES))
