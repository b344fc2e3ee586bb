"""A folder loads whole or not at all, and says everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from redcap_iac.errors import ManifestError
from redcap_iac.findings import Severity
from redcap_iac.manifest.loader import Manifest, load
from redcap_iac.state import Mode, Unit

Problems = Callable[..., list[str]]
Loaded = Callable[..., Manifest]
Write = Callable[..., Path]

CORPUS = Path(__file__).parents[3] / "shared" / "design" / "manifest.md"
A = """instrument: a
fields:
  record_id: {type: text, label: "Study ID"}
  sex: {type: radio, label: "Sex", choices: {1: "F", 2: "M"}}
"""
SMALL = {"redcap.yaml": "version: 1\ninstruments: [a.yaml]\n", "a.yaml": A}


def test_what_is_declared_is_there_by_kind(loaded: Loaded) -> None:
    manifest = loaded(SMALL)
    assert manifest.findings == ()
    fields = manifest.desired.state.kinds["fields"]
    assert [getattr(field, "field_name", "") for field in fields] == ["record_id", "sex"]
    assert [str(field.at) for field in fields] == ["a.yaml:3:3", "a.yaml:4:3"]
    assert manifest.files == ("redcap.yaml", "a.yaml")


def test_an_absent_section_is_not_managed(loaded: Loaded) -> None:
    kinds = loaded({"redcap.yaml": "version: 1\n"}).desired.state.kinds
    assert "fields" not in kinds
    assert "arms" not in kinds
    assert "users" not in kinds


def test_present_and_empty_is_none(loaded: Loaded) -> None:
    kinds = loaded({"redcap.yaml": "version: 1\ndags: []\nusers: {}\n"}).desired.state.kinds
    assert kinds["dags"] == ()
    assert kinds["users"] == ()


def test_manage_says_what_happens_to_the_undeclared(loaded: Loaded) -> None:
    desired = loaded(
        {"redcap.yaml": "version: 1\nmanage: {users: authoritative, dags: additive}\n"}
    ).desired
    assert desired.mode(Unit.USERS) is Mode.AUTHORITATIVE
    assert desired.mode(Unit.DAGS) is Mode.ADDITIVE
    assert desired.mode(Unit.FIELDS) is Mode.AUTHORITATIVE


def test_users_are_additive_unless_said_otherwise(loaded: Loaded) -> None:
    assert loaded({"redcap.yaml": "version: 1\n"}).desired.mode(Unit.USERS) is Mode.ADDITIVE


def test_the_digest_is_of_names_and_bytes(write: Write) -> None:
    first = load(write(SMALL)).digest
    assert load(write(SMALL)).digest == first
    changed = load(write({"a.yaml": A + "# a comment\n"})).digest
    assert changed != first
    assert len(first) == 64


def test_files_may_come_from_elsewhere(tmp_path: Path) -> None:
    class Commit:
        def read(self, path: str) -> bytes:
            return SMALL[path].encode()

        def paths(self) -> tuple[str, ...]:
            return tuple(SMALL)

    assert len(load(tmp_path / "nowhere", files=Commit()).desired.state.kinds["fields"]) == 2


def test_a_folder_without_a_manifest_is_an_error_with_advice(problems: Problems) -> None:
    (error,) = problems({"notes.txt": "x"})
    assert error == (
        "redcap.yaml:1:1 M120 redcap.yaml is not there. |"
        " `redcap-iac init` writes one; -C names another folder."
    )


def test_in_a_folder_of_a_project_the_way_up_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "instruments" / "old"
    inner.mkdir(parents=True)
    (tmp_path / "redcap.yaml").write_text("version: 1\n", encoding="utf-8")
    monkeypatch.chdir(inner)

    with pytest.raises(ManifestError) as inside:
        load(Path())
    with pytest.raises(ManifestError) as named:
        load(tmp_path / "instruments")

    there = tmp_path.resolve().as_posix()
    assert [one.advice for one in inside.value.findings] == ["../../redcap.yaml is there: -C ../.."]
    assert [one.advice for one in named.value.findings] == [
        f"{there}/redcap.yaml is there: -C {there}"
    ]


def test_a_manifest_of_another_ending_is_suggested(problems: Problems) -> None:
    (error,) = problems({"redcap.yml": "version: 1\n"})
    assert error.endswith("Did you mean `redcap.yml`?")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "redcap.yaml:1:1 M106 The file is empty."),
        (b"# only a comment\n", "redcap.yaml:1:1 M106 The file is empty."),
        (b"- version: 1\n", "redcap.yaml:1:1 M110 This file must be a map"),
        (b"version: 1\n---\nversion: 1\n", "redcap.yaml:2:1 M106 A second document"),
        (b"\x89PNG\x0d\x0a\x1a\x0a\x00", "redcap.yaml:1:1 M102 The file is not text"),
        (b"version: 1\nproject:\n\ttitle: A\n", "redcap.yaml:3:1 M101 This line is indented"),
        (b"version: 1\nproject: {title: 'A}\n", "redcap.yaml:2:18 M101 A quote opened here"),
        (b"version: 2\n", "redcap.yaml:1:10 M113 `version` must be 1"),
        (b"version: 1\nversion: 1\n", "redcap.yaml:2:1 M104 `version` stands here"),
        (b"version: 1\nproject: []\n", "redcap.yaml:2:10 M110 `project` must be a map"),
        (b"version: 1\nproject: {titel: A}\n", "redcap.yaml:2:11 M111 `titel` is not a key"),
        (b"version: 1\narms: []\n", "redcap.yaml:2:7 M1"),
        (b"version: 1\nproject: {title: '${site}'}\n", "redcap.yaml:2:18 M108 There is"),
    ],
)
def test_bad_input_is_one_clear_error(content: bytes, expected: str, problems: Problems) -> None:
    (error,) = problems({"redcap.yaml": content})
    assert error.startswith(expected)


def test_a_folder_in_the_place_of_the_manifest_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "redcap.yaml").mkdir()
    with pytest.raises(ManifestError) as raised:
        load(tmp_path)
    assert [found.code for found in raised.value.findings] == ["M120"]


def test_errors_of_all_files_come_at_once(problems: Problems) -> None:
    found = problems(
        {
            "redcap.yaml": "version: 1\nprojekt: {}\ninstruments: [a.yaml, b.yaml, c.yaml]\n",
            "a.yaml": "instrument: a\nfields: []\n",
            "b.yaml": "x: y: z\n",
        }
    )
    assert [error.split(" ")[1] for error in found] == ["M111", "M110", "M101", "M120"]


def test_a_small_mistake_does_not_hide_what_kinds_find(problems: Problems) -> None:
    found = problems(
        {
            "redcap.yaml": "version: 1\ninstruments: [a.yaml]\nroles: {}\nusers:\n"
            "  jdoe: {role: Nurse}\n  akim: {rol: Nurse}\n",
            "a.yaml": A.replace('label: "Sex"', 'lable: "Sex"'),
        }
    )
    assert [error.split(" ")[0] for error in found] == [
        "redcap.yaml:6:10",
        "a.yaml:4:22",
        "redcap.yaml:5:16",
    ]
    assert "Nurse" in found[2]


def test_what_lies_on_a_broken_file_is_not_judged(problems: Problems) -> None:
    found = problems(
        {
            "redcap.yaml": "version: 1\ninstruments: [b.yaml]\narms:\n"
            "- {number: 1, name: A, events: [{name: B, instruments: [b]}]}\n",
            "b.yaml": "x: y: z\n",
        }
    )
    assert [error.split(" ")[0] for error in found] == ["b.yaml:1:5"]


def test_warnings_do_not_stop_a_load(loaded: Loaded) -> None:
    manifest = loaded({"redcap.yaml": "version: 1\nproject: {title: caf\xe9}\n".encode("cp1252")})
    assert [found.severity for found in manifest.findings] == [Severity.WARNING]


def test_both_samples_of_the_design_load_as_they_stand(write: Write) -> None:
    if not CORPUS.exists():
        pytest.skip("the design papers are not beside the project")
    root, instrument = re.findall(
        r"```yaml\n(.*?)```", CORPUS.read_text(encoding="utf-8"), re.DOTALL
    )
    header = "field_name,form_name,field_type,field_label\n"
    manifest = load(
        write(
            {
                "redcap.yaml": root,
                "instruments/demographics.yaml": instrument,
                "instruments/vitals.csv": f"{header}bp,vitals,text,Blood pressure\n",
                "instruments/adverse_events.yaml": A.replace("instrument: a", "instrument: "
                                                             "adverse_events")
                .replace("record_id", "ae_term").replace("sex", "ae_kind"),
            }
        )
    )  # fmt: skip
    assert not [one for one in manifest.findings if one.severity is Severity.ERROR]
    kinds = manifest.desired.state.kinds
    assert len(kinds["events"]) == 6
    assert [environment.name for environment in manifest.environments] == ["dev", "prod"]
    assert {"project", "fields", "instruments", "arms", "designations", "repeating", "dags",
            "roles", "users", "role_assignments", "dag_assignments"} <= kinds.keys()  # fmt: skip
