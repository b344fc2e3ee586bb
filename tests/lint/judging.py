"""Judging a text: for the cases of rules, and for the examples in their docstrings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from textwrap import dedent, indent
from typing import cast

from redcap_iac.design import Design
from redcap_iac.findings import Finding, Findings
from redcap_iac.lint.judging import Report, judge
from redcap_iac.lint.settings import Settings
from redcap_iac.manifest.loader import load
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.shape import plain

#: The day on which rules about dates judge.
TODAY = date(2026, 6, 15)
#: What a text of fields alone is put into.
_FORM = """\
instruments:
  - instrument: form
    fields:
      record_id: {type: text, label: "Record ID"}
"""


class Texts:
    """Project files that are texts by their path."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def read(self, path: str) -> bytes:
        if path not in self._files:
            raise FileNotFoundError(path)
        return self._files[path].encode()

    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self._files))


def manifest_of(text: str) -> str:
    """Return a whole manifest: `fields:` alone go behind the record id of an instrument `form`."""
    text = dedent(text)
    if text.lstrip().startswith("fields:"):
        inner = dedent(text.lstrip().removeprefix("fields:").strip("\n"))
        text = _FORM + indent(inner, " " * 6) + "\n"
    return text if text.lstrip().startswith("version:") else f"version: 1\n{text}"


def fields_of(fields: str | Mapping[str, object]) -> str:
    """Return the text of a manifest with these fields; a map is written as YAML first."""
    if not isinstance(fields, str):
        fields = "\n".join(f"{name}: {json.dumps(value)}" for name, value in fields.items())
    return manifest_of(f"fields:\n{indent(dedent(fields), '  ')}")


def report_of(text: str, settings: Settings | None = None) -> Report:
    """Judge a text by what it says about lint itself, unless settings are given."""
    manifest = load(Path(), files=Texts({"redcap.yaml": manifest_of(text)}))
    return judge(Design(manifest.desired.state), settings or manifest.lint)


def found_by(code: str, text: str, settings: Settings | None = None) -> tuple[Finding, ...]:
    """Return what one rule finds in a text, in whatever profile; a rule that breaks, breaks.

    Without settings those of the text itself hold. It is always the same day.
    """
    manifest = load(Path(), files=Texts({"redcap.yaml": manifest_of(text)}))
    asked = replace(settings or manifest.lint, select=frozenset({code}), today=TODAY)
    report = judge(Design(manifest.desired.state), asked)
    for fault in report.faults:
        raise fault.error
    return report.findings


def settings_of(values: Mapping[str, object]) -> Settings:
    """Return settings with numbers and lists of words by their names."""
    return Settings(
        numbers={name: value for name, value in values.items() if isinstance(value, int)},
        words={
            name: tuple(str(one) for one in value)
            for name, value in values.items()
            if isinstance(value, list)
        },
    )


def yaml_of(text: str, file: str) -> object:
    """Return what a YAML text holds, as plain values."""
    findings = Findings()
    node = read_yaml(text.encode(), file, findings)
    assert not findings.errors(), findings.all()
    return None if node is None else plain(node)


def cases_of(path: Path) -> list[dict[str, object]]:
    """Return the cases of a file."""
    return cast("list[dict[str, object]]", yaml_of(path.read_text(encoding="utf-8"), path.name))
