from __future__ import annotations

import pytest

from redcap_iac.manifest.written_out import WrittenOut, written_out

OLD = "dags: ['${a} x', y]\nfields: {f: {label: 'In ${a} ${b}', note: '${b}'}}\n"


@pytest.mark.parametrize(
    ("old", "new", "path", "names"),
    [
        ("In ${a} ${b}", "In A", ("fields", "f", "label"), ("a", "b")),
        ("In ${a} ${b}", "${b} out", ("fields", "f", "label"), ("a",)),
        ("'In ${a} ${b}'", "{x: y}", ("fields", "f", "label"), ("a", "b")),
        ("'${a} x'", "A", ("dags", "1"), ("a",)),
    ],
)
def test_a_text_that_lost_a_variable_is_told(
    old: str, new: str, path: tuple[str, ...], names: tuple[str, ...]
) -> None:
    after = OLD.replace(old, new, 1)
    assert after != OLD
    found = written_out("a.yaml", OLD.encode(), after.encode())
    assert found == (WrittenOut("a.yaml", path, names),)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("y]", "z]"),
        ("['${a} x', y]", "[new, '${a} x', y]"),
        ("note: '${b}'", "other: 1"),
        ("In ${a} ${b}", "${b}: in ${a}"),
    ],
)
def test_what_moved_went_or_kept_its_variables_is_not(old: str, new: str) -> None:
    after = OLD.replace(old, new, 1)
    assert after != OLD
    assert written_out("a.yaml", OLD.encode(), after.encode()) == ()


def test_a_csv_has_no_variables() -> None:
    assert written_out("a.csv", b"a\n${x}\n", b"a\nX\n") == ()
