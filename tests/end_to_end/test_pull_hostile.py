"""`pull` of a project that means harm: nothing of it leaves the folder or reaches a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac.merging.renames import Consent
from redcap_iac.views.merging import Circumstances, merge_json, merge_lines
from tests.emulator.served import Project
from tests.end_to_end.merging import Kept, row_of

FILES = {
    "redcap.yaml": """\
version: 1
variables: {site: Lyon}
instruments:
  - instrument: base   # the one form
    fields:
      record_id: {type: text, label: ID}
      place: {type: text, label: "at ${site}"}
      sex: {type: radio, label: Sex, choices: {1: Female, 2: Male}}
dags: [Boston]
""",
}
NAMES = ["../../x", "/etc/x", "~root", "a\\b", "x\ny", ".hidden", "*", "\x1b[31mred", "a" * 300]


@pytest.fixture
def kept(project: Project, tmp_path: Path) -> Kept:
    folder = tmp_path / "a/b/study"
    folder.mkdir(parents=True)
    return Kept.of(project, folder, FILES)


def written(kept: Kept, sql: str, *values: object) -> None:
    """Write past every check of the server."""
    with kept.study.project.emulator.store.transaction() as db:
        db.execute(sql, values)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_a_path_makes_no_file_and_is_told(
    kept: Kept, tmp_path: Path, name: str
) -> None:
    kept.dictionary(
        lambda rows: rows.append(
            row_of(rows[0], field_name="came", form_name="came", field_type="notes", field_label="")
        )
    )
    written(kept, "UPDATE fields SET form_name = ? WHERE form_name = 'came'", name)
    written(kept, "UPDATE forms SET form_name = ? WHERE form_name = 'came'", name)
    pulled = kept.pull(consent=Consent(all=False))
    assert {one.code for one in pulled.conflicts} == {"U105"}
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept.folder / "redcap.yaml"]
    assert kept.read() == FILES["redcap.yaml"]
    lines = merge_lines(pulled, Circumstances("none", dry_run=True))
    assert all(line.plain.isprintable() for line in lines)
    assert "\x1b" not in merge_json(pulled, Circumstances("none"), 1)


@pytest.mark.parametrize("name", ["con", "redcap", "nul"])
def test_a_name_that_a_system_keeps_for_itself_gets_another_file(kept: Kept, name: str) -> None:
    kept.dictionary(
        lambda rows: rows.append(
            row_of(rows[0], field_name="came", form_name=name, field_type="notes", field_label="")
        )
    )
    pulled = kept.pull()
    (new,) = [path for path, data in pulled.before.items() if data is None]
    assert new.startswith("instruments/")
    assert Path(new).stem not in ("con", "nul")
    assert kept.left() == []


@pytest.mark.parametrize(
    "text",
    [
        "${site} and ${other}", "$${site}", "at Lyon", "\x1b]0;title\x07", "\u202eback", "\x00",
        "---\n...\n", "&a *b !!x %y @z `", "\u2028\x85", "<<", "null", " #", "'\"" * 3,
    ],
)  # fmt: skip
def test_a_text_says_in_the_files_what_it_says_in_redcap(kept: Kept, text: str) -> None:
    written(kept, "UPDATE fields SET field_label = ? WHERE field_name IN ('place', 'sex')", text)
    pulled = kept.pull(consent=Consent(all=False))
    assert kept.left() == []
    assert "# the one form" in kept.read()
    lines = merge_lines(pulled, Circumstances("none", dry_run=True))
    assert all(line.plain.isprintable() for line in lines)
