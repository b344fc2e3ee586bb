"""Every recorded answer is replayed by a test here, or there is a reason why it cannot be."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.emulator.proof import recorded

pytestmark = recorded.NEEDS_CORPUS
HERE = Path(__file__)
#: Files that are no answer of the API, each with what it is.
NOT_REPLAYED = {
    "CCTC-team__rsvc-testusers-bulkupload.csv": (
        "an upload to the Control Center that makes accounts; no API method has anything like it"
    ),
}


def named() -> set[str]:
    """Return the file names that stand in the test modules beside this one."""
    found: set[str] = set()
    for path in HERE.parent.glob("test_recorded_*.py"):
        if path == HERE:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def test_every_recording_is_replayed_or_has_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    files = {path.name for path in recorded.RESPONSES.iterdir()}
    replayed = files & named()
    assert replayed.isdisjoint(NOT_REPLAYED)
    assert files - replayed == set(NOT_REPLAYED)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(replayed)} of {len(files)} recorded answers replayed; not replayed:"
            f" {', '.join(sorted(NOT_REPLAYED))}\n"
        )
