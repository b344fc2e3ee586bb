"""Bad input gets one clear error and changes nothing; what is only unusual is read as meant.

Through the command line, with a project behind it: whatever is refused, the project stays as it
was and not one call that writes is made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from redcap_iac.emulator import admin
from tests.cli.tool import Said, Tool
from tests.emulator.served import Project

#: `file:line:column: error M101 …`, as every error of a file is told.
ERROR = re.compile(r"^(\S+?):(\d+):(\d+): error ([A-Z]\d+) ", re.MULTILINE)
RECORD = 'record_id: {type: text, label: "Record ID"}'
HEAD = f"version: 1\ninstruments:\n  - instrument: form_1\n    fields:\n      {RECORD}\n"
COLUMNS = (
    "field_name,form_name,section_header,field_type,field_label,select_choices_or_calculations,"
    "field_note,text_validation_type_or_show_slider_number,text_validation_min,"
    "text_validation_max,identifier,branching_logic,required_field,custom_alignment,"
    "question_number,matrix_group_name,matrix_ranking,field_annotation"
)
DICTIONARY = "version: 1\ndictionary: design.csv\n"


def row(name: str, label: str = "Label", kind: str = "text") -> str:
    return f'{name},form_1,,{kind},"{label}",,,,,,,,,,,,,'


def table(*rows: str) -> str:
    return "\n".join((COLUMNS, row("record_id"), *rows)) + "\n"


@pytest.fixture
def tool(project: Project, tmp_path: Path) -> Tool:
    """The tool in an empty folder, with the project's address and token in the environment."""
    folder, home = tmp_path / "study", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    environ = {"REDCAP_API_URL": project.emulator.url, "REDCAP_API_TOKEN": project.token}
    return Tool(folder, home, environ)


def apply(tool: Tool) -> Said:
    return tool.run("apply", "--auto-approve", "--allow-delete", "fields")


def kept(project: Project) -> str:
    return admin.dump(project.emulator.store, project.project_id)


@dataclass(frozen=True, slots=True)
class Bad:
    """Files of a folder, and the one error there is: where, which, and a word it says."""

    name: str
    files: dict[str, str] = field(repr=False)
    at: str
    code: str
    says: str


def bad(name: str, manifest: str, at: str, code: str, says: str, **files: str) -> Bad:
    named = {path.replace("__", "/").replace("_", "."): text for path, text in files.items()}
    return Bad(name, {"redcap.yaml": manifest, **named}, at, code, says)


#: Nine times nine times nine …: a few lines that would be 400 million values.
BOMB = "version: 1\nx-a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n" + "".join(
    f"x-{new}: &{new} [{', '.join(f'*{old}' for _ in range(9))}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
FIELD = HEAD + "      age: "

CASES = [
    bad("broken indentation", HEAD + "     label: x\n", "redcap.yaml:6:6", "M101", "indentation"),
    bad("a quotation mark never closed", 'version: 1\nproject:\n  title: "A\n',
        "redcap.yaml:3:10", "M101", "never closed"),
    bad("a bomb of aliases", BOMB, "redcap.yaml:7:14", "M103", "beyond all measure"),
    bad("nesting without end", "version: 1\nx-a: " + "[" * 100 + "]" * 100,
        "redcap.yaml:2:65", "M103", "deep"),
    bad("an empty file", "", "redcap.yaml:1:1", "M106", "empty"),
    bad("a text for a list", "version: 1\ninstruments: all of them\n",
        "redcap.yaml:2:14", "M110", "must be a list"),
    bad("a list for a map", HEAD.replace(f"      {RECORD}", "      - record_id"),
        "redcap.yaml:5:7", "M110", "must be a map"),
    bad("a map for a text", FIELD + "{type: text, label: {en: Age}}\n",
        "redcap.yaml:6:32", "M110", "must be text"),
    bad("an unknown key", FIELD + "{type: text, lable: Age}\n",
        "redcap.yaml:6:25", "M111", "Did you mean `label`?"),
    bad("an unknown section", HEAD + "aarms: []\n",
        "redcap.yaml:6:1", "M111", "Did you mean `arms`?"),
    bad("a key that is there twice", FIELD + "{type: text, type: notes}\n",
        "redcap.yaml:6:25", "M104", "second time"),
    bad("a field that is there twice", FIELD + "{type: text, label: A}\n  - instrument: other\n"
        "    fields:\n      age: {type: text, label: B}\n",
        "redcap.yaml:9:7", "M201", "first at redcap.yaml:6:7"),
    bad("an instrument that is there twice", HEAD + "  - instrument: form_1\n    fields:\n"
        "      age: {type: text, label: A}\n", "redcap.yaml:6:17", "M223", "twice"),
    bad("a variable", FIELD + '{type: text, label: "Age in ${unit}"}\n',
        "redcap.yaml:6:32", "M108", "variable"),
    bad("a text split at a comma", FIELD + "{type: radio, label: A, choices: {1: Yes, sure}}\n",
        "redcap.yaml:6:49", "M105", '1: "Yes, sure"'),
    bad("a text cut by a comment", FIELD + "\n        type: text\n        label: Age #1\n",
        "redcap.yaml:8:16", "M105", '"Age #1"'),
    bad("a label left empty", FIELD + "\n        type: text\n        label:\n",
        "redcap.yaml:8:9", "M105", ""),
    bad("no events", HEAD + "arms: []\n", "redcap.yaml:6:7", "M113",
        "must have at least one arm; leave it out for a classic project.\n"),
    bad("logic of a field that is not there",
        FIELD + '{type: text, label: A, branching: "[agge] = 1"}\n',
        "redcap.yaml:6:46", "M212", "Did you mean `age`?"),
    bad("a file that is not there", "version: 1\ninstruments: [a.yaml]\n",
        "redcap.yaml:2:15", "M120", "no file a.yaml"),
    bad("a file outside the folder", "version: 1\ninstruments: [../a.yaml]\n",
        "redcap.yaml:2:15", "M121", "out of the project folder"),
    bad("files that name each other", "version: 1\ninstruments: [a.yaml]\n",
        "b.yaml:1:3", "M122", "a.yaml → b.yaml → a.yaml", a_yaml="- b.yaml\n", b_yaml="- a.yaml\n"),
    bad("a row with a missing comma", DICTIONARY, "design.csv:3:1", "M255", "17 cells",
        design_csv=table(row("age").replace(",,", ",", 1))),
    bad("a row with a comma too many", DICTIONARY, "design.csv:3:1", "M255", "19 cells",
        design_csv=table(row("age").replace(",,", ",,,", 1) + "x")),
    bad("a quotation mark of a cell never closed", DICTIONARY, "design.csv:3:1", "M252",
        "never closed", design_csv=table('age,form_1,,text,"Age,,,,,,,,,,,,,')),
    bad("a column nobody knows", DICTIONARY, "design.csv:1:7", "M254", "Unknown column colour",
        design_csv=table(row("age")).replace("field_note", "colour")),
    bad("a type nobody knows", DICTIONARY, "design.csv:3:4", "M205", "Did you mean `text`?",
        design_csv=table(row("age", kind="texte"))),
    bad("a field of a CSV file that is there twice", DICTIONARY, "design.csv:4:1", "M201",
        "first at design.csv:3:1", design_csv=table(row("age"), row("age"))),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input_is_one_clear_error_and_changes_nothing(
    case: Bad, tool: Tool, project: Project
) -> None:
    before = kept(project)
    for name, text in case.files.items():
        tool.write(text, name)

    said = apply(tool)

    assert said.code == 1
    assert [(f"{file}:{line}:{column}", code) for file, line, column, code in
            ERROR.findall(said.err)] == [(case.at, case.code)]  # fmt: skip
    assert case.says in said.err
    assert said.err.splitlines()[-1] == "1 error; nothing was changed."
    assert kept(project) == before


def test_all_errors_of_all_files_come_at_once(tool: Tool, project: Project) -> None:
    before = kept(project)
    tool.write("version: 1\nproject: {titel: A}\ninstruments: [a.yaml, b.csv]\n")
    tool.write("instrument: form_1\nfields:\n  record_id: {type: text, lable: A}\n", "a.yaml")
    tool.write(f"{COLUMNS}\n{row('age', kind='texte')}\n".replace("form_1", "form_2"), "b.csv")

    said = apply(tool)

    assert said.code == 1
    places = [(file, int(line)) for file, line, _, _ in ERROR.findall(said.err)]
    assert places == [("a.yaml", 3), ("b.csv", 2), ("redcap.yaml", 2)]
    assert said.err.splitlines()[-1] == "3 errors; nothing was changed."
    assert kept(project) == before


# hints that need values copied wait for a word: exit code 3

LEVEL = 'level,form_1,,radio,"Level","1, Low | 2, High | 3, Top",,,,,,,,,,,,'
LIVE = (row("record_id"), row("postal"), LEVEL)
LEVELS = "type: radio, label: Level, choices: {1: Low, 2: High}"


def stopped(tool: Tool, project: Project, hinted: str) -> Said:
    """Apply fields over a record with `postal` and `level`; it must be stopped by a guard."""
    data = "\n".join((COLUMNS, *LIVE))
    answer = project.post("metadata", "import", data=data, format="csv")
    assert answer.status_code == 200, answer.text
    record = '[{"record_id": "1", "postal": "75001", "level": "3", "form_1_complete": "2"}]'
    assert project.post("record", "import", data=record).status_code == 200
    before = kept_design(project)
    tool.write(hinted)
    said = apply(tool)
    assert said.code == 3
    assert kept_design(project) == before
    return said


def kept_design(project: Project) -> list[str]:
    """Return the design as exported; reading is logged, so the whole would differ."""
    contents = ("metadata", "instrument", "project", "exportFieldNames")
    return [project.post(content).text for content in contents]


def test_a_rename_waits_for_migrate_data(tool: Tool, project: Project) -> None:
    zip_code = "      zip_code: {type: text, label: Label, renamed_from: postal}\n"
    said = stopped(tool, project, HEAD + zip_code + f"      level: {{{LEVELS}}}\n")
    assert "H151 postal becomes zip_code: values of 1 of 1 record are written" in said.out
    assert "--migrate-data" in said.err


def test_a_rename_of_a_csv_dictionary_waits_as_well(tool: Tool, project: Project) -> None:
    tool.write(table(row("zip_code"), LEVEL), "design.csv")
    said = stopped(tool, project, DICTIONARY + "renamed: {fields: {zip_code: postal}}\n")
    assert "H151 postal becomes zip_code" in said.out


def test_an_instrument_renamed_waits(tool: Tool, project: Project) -> None:
    fields = f"      postal: {{type: text, label: Label}}\n      level: {{{LEVELS}}}\n"
    renamed = HEAD.replace("form_1", "form_2\n    renamed_from: form_1")
    said = stopped(tool, project, renamed + fields)
    assert "H151 Instrument form_1 becomes form_2" in said.out


def test_a_recode_of_a_code_that_is_live_waits(tool: Tool, project: Project) -> None:
    fields = (
        f"      postal: {{type: text, label: Label}}\n      level: {{{LEVELS}, recode: {{3: 2}}}}\n"
    )
    said = stopped(tool, project, HEAD + fields)
    assert "H151 level is recoded from 3 to 2: answers of 1 of 1 record" in said.out


def test_hints_that_are_done_or_of_nothing_are_followed(tool: Tool, project: Project) -> None:
    tool.write(
        HEAD + "      zip_code: {type: text, label: Zip, renamed_from: postal}\n"
        f"      level: {{{LEVELS}, recode: {{3: 2}}}}\n"
    )
    assert apply(tool).code == 0
    assert [row["field_name"] for row in project.rows("metadata")] == [
        "record_id",
        "zip_code",
        "level",
    ]
    assert apply(tool).code == 0


# what is only unusual

LABEL = "Größe in cm – naïve"
MANY = "x" * 119_999 + "é"


def yaml_of(label: str) -> str:
    return HEAD + f'      size: {{type: text, label: "{label}"}}\n'


UNUSUAL = {
    "yaml with a byte-order mark": ("", yaml_of(LABEL).encode("utf-8-sig")),
    "yaml in UTF-16": ("", yaml_of(LABEL).encode("utf-16")),
    "yaml in Windows-1252": ("", yaml_of(LABEL).encode("windows-1252")),
    "yaml with CR LF": ("", yaml_of(LABEL).replace("\n", "\r\n").encode()),
    "yaml with CR": ("", yaml_of(LABEL).replace("\n", "\r").encode()),
    "csv with a byte-order mark": ("csv", table(row("size", LABEL)).encode("utf-8-sig")),
    "csv in UTF-16": ("csv", table(row("size", LABEL)).encode("utf-16")),
    "csv in UTF-16 without a mark": ("csv", table(row("size", LABEL)).encode("utf-16-le")),
    "csv in Windows-1252": ("csv", table(row("size", LABEL)).encode("windows-1252")),
    "csv with semicolons": ("csv", table(row("size", LABEL)).replace(",", ";").encode()),
    "csv with tabs": ("csv", table(row("size", LABEL)).replace(",", "\t").encode()),
    "csv with CR": ("csv", table(row("size", LABEL)).replace("\n", "\r").encode()),
    "csv with CR LF": ("csv", table(row("size", LABEL)).replace("\n", "\r\n").encode()),
    "csv with a hint for Excel": (
        "csv", b"sep=;\r\n" + table(row("size", LABEL)).replace(",", ";").encode()
    ),
}  # fmt: skip


def applied_label(tool: Tool, project: Project, csv: bool, data: bytes) -> str:
    """Apply a file as its bytes are; return the label that came to be."""
    if csv:
        tool.write(DICTIONARY)
    path = tool.folder / ("design.csv" if csv else "redcap.yaml")
    path.write_bytes(data)
    said = apply(tool)
    assert said.code == 0, said.all
    again = tool.run("plan", "--detailed-exitcode")
    assert again.code == 0, again.all
    (label,) = (row["field_label"] for row in project.rows("metadata")
                if row["field_name"] == "size")  # fmt: skip
    assert isinstance(label, str)
    return label


@pytest.mark.parametrize("name", UNUSUAL)
def test_what_is_only_unusual_is_read_as_meant(name: str, tool: Tool, project: Project) -> None:
    suffix, data = UNUSUAL[name]
    assert applied_label(tool, project, bool(suffix), data) == LABEL


@pytest.mark.parametrize("csv", [False, True])
def test_a_very_long_label_is_read_and_written_whole(
    csv: bool, tool: Tool, project: Project
) -> None:
    text = table(row("size", MANY)) if csv else yaml_of(MANY)
    assert applied_label(tool, project, csv, text.encode()) == MANY
