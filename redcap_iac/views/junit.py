"""JUnit XML, as GitLab and Jenkins read it: for `lint`, `test` and `check` alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from xml.etree import ElementTree as ET

from redcap_iac.views.findings import said


class Ended(StrEnum):
    """How a case ended, in the words of the format; "" is passed."""

    PASSED = ""
    FAILED = "failure"
    BROKEN = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Case:
    """One case: `message` is a line, `text` whatever else there is to say.

    `group` is the class under which machines collect cases; `line` is 0 where there is none.
    """

    name: str
    group: str
    ended: Ended = Ended.PASSED
    message: str = ""
    kind: str = ""
    text: str = ""
    file: str = ""
    line: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases that belong together, usually those of a file."""

    name: str
    cases: Sequence[Case]


def junit(suites: Iterable[Suite], name: str = "redcap-iac") -> str:
    """Return suites as an XML document; what XML has no sign for is shown as in text."""
    root = ET.Element("testsuites")
    everything: list[Case] = []
    for suite in suites:
        everything += suite.cases
        node = ET.SubElement(root, "testsuite", _counted(suite.name, suite.cases))
        for case in suite.cases:
            _case(node, case)
    for key, value in _counted(name, everything).items():
        root.set(key, value)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}'


def _counted(name: str, cases: Sequence[Case]) -> dict[str, str]:
    def number(ended: Ended) -> str:
        return str(sum(case.ended is ended for case in cases))

    return {
        "name": said(name),
        "tests": str(len(cases)),
        "failures": number(Ended.FAILED),
        "errors": number(Ended.BROKEN),
        "skipped": number(Ended.SKIPPED),
        "time": f"{sum(case.seconds for case in cases):.3f}",
    }


def _case(suite: ET.Element, case: Case) -> None:
    about = {
        "name": said(case.name),
        "classname": said(case.group),
        "time": f"{case.seconds:.3f}",
        **({"file": said(case.file)} if case.file else {}),
        **({"line": str(case.line)} if case.line else {}),
    }
    node = ET.SubElement(suite, "testcase", about)
    lines = "\n".join(said(line) for line in case.text.splitlines())
    if case.ended is Ended.PASSED:
        if lines:
            ET.SubElement(node, "system-out").text = lines
        return
    kind = {"type": case.kind} if case.kind else {}
    problem = ET.SubElement(node, case.ended, {"message": said(case.message), **kind})
    if lines:
        problem.text = lines
