"""`${name}` in a folder that is loaded: where it counts, where it is an error."""

from __future__ import annotations

from typing import Any

import pytest

from redcap_iac.errors import ManifestError
from redcap_iac.findings import Severity
from redcap_iac.manifest import variable_filling
from redcap_iac.manifest.loader import Manifest, load
from redcap_iac.manifest.quoting import double_quoted
from tests.manifest.conftest import Problems, Write

ROOT = """\
version: 1
project: {title: "Study in ${site}", notes: "$${site}"}
variables: {site: Boston, off: "true", nothing: "", min: 3}
choice_lists:
  places: {1: "${site}", type: "Not ${site}"}
roles:
  ${site} staff:
    rights: {reports: true}
    instruments: {"*": edit}
    export: {"*": none}
dags: ["${site} A", {name: "B ${site}"}]
users: {a: {role: "${site} staff", dag: "B ${site}"}}
arms:
  - number: 1
    name: In ${site}
    events:
      - {name: "Visit ${site}", day_offset: 0, custom_label: "[x] ${site}", instruments: [one]}
instruments:
  - one.yaml
  - two.csv
environments:
  dev: {url: "https://redcap.example.org/api/", token: "env:T"}
"""
ONE = """\
instrument: one
label: One of ${site}
x-owner: ${nobody}
fields:
  record_id: {type: text, label: "ID ${site}"}
  x:
    type: text
    label: ${site}
    validation: integer
    min: ${min}
    note: "a${nothing}b"
    branching: "[record_id] = '${site}'"
  y: {type: radio, label: "${off}", choices: {1: "Yes, ${site}", 2: "$${no}"}}
  z: {type: radio, label: "${nothing}", choices: "1, At ${site} | 2, B"}
  type: {type: radio, label: "A", choices_from: places}
  long:
    type: notes
    label: |
      Line of ${site}
      and another
"""
TWO = "field_name,form_name,field_type,field_label\nw,two,text,${site} as typed\n"
FILES = {"redcap.yaml": ROOT, "one.yaml": ONE, "two.csv": TWO}


@pytest.fixture
def manifest(write: Write) -> Manifest:
    return load(write(dict(FILES)))


def items(manifest: Manifest, kind: str) -> tuple[Any, ...]:
    return tuple(manifest.desired.state.kinds[kind])


def cells(manifest: Manifest, column: str) -> dict[str, str]:
    return {one.field_name: getattr(one, column) for one in items(manifest, "fields")}


def test_labels_have_the_text(manifest: Manifest) -> None:
    assert cells(manifest, "field_label") == {
        "record_id": "ID Boston", "x": "Boston", "y": "true", "z": "", "type": "A",
        "long": "Line of Boston\nand another\n", "w": "${site} as typed",
    }  # fmt: skip


def test_choices_logic_notes_and_limits_have_it_too(manifest: Manifest) -> None:
    choices = cells(manifest, "select_choices_or_calculations")
    assert choices["y"] == "1, Yes, Boston | 2, ${no}"
    assert choices["z"] == "1, At Boston | 2, B"
    assert choices["type"] == "1, Boston | type, Not Boston"
    assert cells(manifest, "branching_logic")["x"] == "[record_id] = 'Boston'"
    assert cells(manifest, "field_note")["x"] == "ab"
    assert cells(manifest, "text_validation_min")["x"] == "3"


def test_arms_events_groups_and_roles_have_it(manifest: Manifest) -> None:
    assert [one.name for one in items(manifest, "arms")] == ["In Boston"]
    assert [(one.name, one.custom_label) for one in items(manifest, "events")] == [
        ("Visit Boston", "[x] Boston")
    ]
    assert [one.name for one in items(manifest, "dags")] == ["Boston A", "B Boston"]
    assert [one.label for one in items(manifest, "roles")] == ["Boston staff"]


def test_the_project_has_it_and_two_dollars_stand_for_one(manifest: Manifest) -> None:
    settings = {one.name: one.value for one in items(manifest, "project")}
    assert settings["project_title"] == "Study in Boston"
    assert settings["project_notes"] == "${site}"


def test_a_variable_that_is_null_is_no_text(write: Write) -> None:
    with pytest.raises(ManifestError, match="null"):
        load(write({"redcap.yaml": "version: 1\nvariables: {a: ~}\nproject: {title: '${a}'}\n"}))


def test_other_texts_have_another_digest(write: Write) -> None:
    text = "version: 1\nproject: {title: '${a}'}\nvariables: {a: x}\nenvironments:\n"
    for name, value in (("dev", "x"), ("prod", "y")):
        text += f"  {name}: {{url: 'https://r.example.org/api/', token: 'env:T',"
        text += f" variables: {{a: {value}}}}}\n"
    folder = write({"redcap.yaml": text})
    digests = {name: load(folder, environment=name).digest for name in ("", "dev", "prod")}
    assert digests[""] == digests["dev"] != digests["prod"]


@pytest.mark.parametrize(
    "value",
    ["${", "${b}", "$${b}", "$", "\"'", "a: b # c", "- x", "{[", "&a *b !c", "two\nlines", "~",
     "true", "", "x" * 10_000, "| 2, Other", "<b>"],
)  # fmt: skip
def test_any_text_goes_in_as_it_is(write: Write, value: str) -> None:
    typed = double_quoted(value.replace("${", "$${"))
    folder = write({"redcap.yaml": f"version: 1\nvariables: {{v: {typed}}}\n"
                    "project: {title: T, notes: \"<${v}>\"}\n"})  # fmt: skip
    settings = {one.name: one.value for one in items(load(folder), "project")}
    assert settings["project_notes"] == f"<{value}>"


HEAD = "version: 1\nvariables: {site: Boston}\nproject: {title: '${site}'}\n"
FORM = HEAD + "instruments:\n  - instrument: a\n    fields:\n      f: "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + "dags: ['${stie}']\n",
         "redcap.yaml:4:8 M108 There is no variable stie for `${stie}`. | Did you mean `site`?"),
        (HEAD + "dags: ['${other}']\n",
         "redcap.yaml:4:8 M108 There is no variable other for `${other}`. | There is site. It "),
        ("version: 1\nproject: {title: '${x}'}\n",
         "redcap.yaml:2:18 M108 There is no variable x for `${x}`. | There is none."),
        (HEAD + "dags: ['a ${ b']\n", "redcap.yaml:4:8 M108 `${` asks for a variable, and names"),
        (HEAD + "dags: ['${a b}']\n", "redcap.yaml:4:8 M108 `${` asks for a variable, and names"),
        (FORM + "{type: '${site}', label: A}\n",
         "redcap.yaml:7:17 M109 A variable cannot stand in `type:`."),
        (HEAD + "instruments: ['${site}.yaml']\n",
         "redcap.yaml:4:15 M109 A variable cannot stand in `instruments:`."),
        (HEAD + "instruments:\n  - instrument: ${site}\n    fields:\n      f: {label: a}\n",
         "redcap.yaml:5:17 M109 A variable cannot stand in `instrument:`."),
        (HEAD + "choice_lists: {'${site}': {1: A}}\n",
         "redcap.yaml:4:16 M109 A variable cannot stand in a key."),
        (HEAD.replace("Boston}", "Boston, b: 'x ${site}'}"),
         "redcap.yaml:2:30 M109 A variable cannot stand in `variables:`."),
        (HEAD.replace("Boston}", "Boston, a b: x}"),
         "redcap.yaml:2:27 M109 `a b` cannot be the name of a variable."),
        (HEAD + "environments: {dev: {url: 'https://${site}.example.org/api/', token: 'env:T'}}\n",
         "redcap.yaml:4:27 M109 A variable cannot stand in `environments:`."),
        (HEAD + "environments: {dev: {url: 'https://a.example.org/api/', token: 'env:${site}'}}\n",
         "redcap.yaml:4:64 M109 A variable cannot stand in `environments:`."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_error_at_its_place(
    text: str, expected: str, problems: Problems
) -> None:
    (error, *others) = [one for one in problems({"redcap.yaml": text}) if " M114 " not in one]
    assert error.startswith(expected)
    assert others == []


def test_the_place_is_that_of_the_text_in_its_own_file(problems: Problems) -> None:
    found = problems({"redcap.yaml": HEAD + "instruments: [forms/a.yaml]\n", "forms/a.yaml":
                      "instrument: a\nfields:\n  f:\n    type: text\n    label: |\n      x\n"
                      "      ${gone}\n"})  # fmt: skip
    assert [one[:22] for one in found] == ["forms/a.yaml:5:12 M108"]


def test_a_variable_in_braces_needs_quotes_and_is_told_so(problems: Problems) -> None:
    (error,) = problems({"redcap.yaml": FORM + "{type: text, label: A ${site}}\n"})
    assert "M101" in error
    assert "Text with a variable needs quotes inside `{…}`." in error


def test_two_roles_of_one_label_are_told(problems: Problems) -> None:
    grants = '{rights: {reports: true}, instruments: {"*": edit}, export: {"*": none}}'
    found = problems({"redcap.yaml": f"{HEAD}roles:\n  Boston: {grants}\n  ${{site}}: {grants}\n"})
    assert found[0].startswith("redcap.yaml:6:3 M104 `Boston` stands here a second time")


def test_one_that_an_environment_alone_knows_needs_it(write: Write) -> None:
    folder = write({"redcap.yaml": "version: 1\nproject: {title: '${site}'}\nenvironments:\n"
        "  dev: {url: 'https://a.example.org/api/', token: 'env:T', variables: {site: A}}\n"
        "  prod: {url: 'https://b.example.org/api/', token: 'env:T'}\n"})  # fmt: skip
    assert items(load(folder, environment="dev"), "project")[0].value == "A"
    for name, words in (
        ("", "Only dev of `environments:` say what it is: name one with --env"),
        ("prod", "The environment prod does not say what it is, as dev does"),
        ("prd", "There is no environment prd here whose variables could count."),
    ):
        with pytest.raises(ManifestError) as raised:
            load(folder, environment=name)
        assert words in raised.value.findings[0].advice


def test_one_that_nobody_asks_for_is_noted_once(write: Write) -> None:
    text = HEAD.replace("Boston}", "Boston, other: x}") + "environments:\n"
    text += "  dev: {url: 'https://a.example.org/', token: 'env:T', variables: {other: A}}\n"
    (note,) = load(write({"redcap.yaml": text})).findings
    assert (str(note.position), note.code, note.severity) == (
        "redcap.yaml:2:27", "M114", Severity.NOTE,
    )  # fmt: skip


def test_what_is_set_aside_may_hold_anything(write: Write) -> None:
    text = HEAD + "x-script: {run: 'echo ${HOME} ${'}\n"
    assert load(write({"redcap.yaml": text})).findings == ()


def test_an_anchor_is_filled_wherever_it_is_used(write: Write) -> None:
    text = HEAD + "x-all: &all {note: 'at ${site}'}\ninstruments:\n"
    text += "  - instrument: a\n    fields:\n      f: {type: text, label: A, <<: *all}\n"
    assert cells(load(write({"redcap.yaml": text})), "field_note") == {"f": "at Boston"}


def test_variables_cannot_grow_a_manifest_without_bound(
    problems: Problems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(variable_filling, "MOST_LETTERS", 100)
    text = HEAD.replace("Boston", "B" * 30) + "dags: ['1 ${site}', '2 ${site}', '3 ${site}']\n"
    (error,) = problems({"redcap.yaml": text})
    assert error.startswith("redcap.yaml:4:34 M103 Variables make this manifest grow")


def test_a_csv_keeps_what_looks_like_a_variable(manifest: Manifest) -> None:
    assert cells(manifest, "field_label")["w"] == "${site} as typed"
