"""Files and places as a data manager on Windows has them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from redcap_iac.manifest.trust import configuration_folder
from redcap_iac.views.printable import in_ascii
from tests.cli.tool import Tool, study
from tests.emulator.served import Project

EXCEL = (
    "Variable / Field Name;Form Name;Field Type;Field Label;Choices, Calculations, OR Slider Labels"
    "\r\nrecord_id;intake;text;Größe – „Name“;\r\n"
    "sex;intake;radio;Sex;1, Männlich | 2, Weiblich\r\n"
)


def test_a_table_saved_by_excel_is_read_as_it_is_meant(bare: Tool, project: Project) -> None:
    (bare.folder / "My dictionary.csv").write_bytes(EXCEL.encode("cp1252"))
    _, line, rest = study(project).partition("instruments:\n")
    assert line
    bare.write(f'{_}dictionary: "My dictionary.csv"\n{rest[rest.index("environments:") :]}')
    tool = bare.having(STUDY_TOKEN=project.token)
    assert tool.run("apply", "--auto-approve", "--allow-delete", "fields").code == 0
    rows = project.rows("metadata")
    assert rows[0]["field_label"] == "Größe – „Name“"
    assert rows[1]["select_choices_or_calculations"] == "1, Männlich | 2, Weiblich"


def test_line_breaks_of_windows_change_nothing(applied: Tool) -> None:
    text = (applied.folder / "redcap.yaml").read_text("utf-8")
    (applied.folder / "redcap.yaml").write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    said = applied.run("plan", "--detailed-exitcode")
    assert said.code == 0, said.all


def test_a_folder_with_blanks_can_be_named_again(bare: Tool, project: Project) -> None:
    folder = bare.folder / "My study (2)"
    folder.mkdir()
    tool = Tool(folder, bare.home, {"STUDY_TOKEN": project.token})
    tool.write(study(project))
    said = tool.run("plan", "--out", "my plan.json")
    assert f'redcap-iac -C "{folder}" apply "my plan.json"' in said.err
    assert tool.run("apply", "my plan.json", "--allow-delete", "fields").code == 0


def test_a_backslash_in_an_include_is_told(bare: Tool) -> None:
    bare.write("version: 1\ninstruments: [instruments\\visit.yaml]\n")
    said = bare.run("validate")
    assert said.code == 1
    assert "with `/`" in said.err


def test_the_configuration_is_under_appdata(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, object]] = []

    def user_config_path(*_: object, **options: object) -> Path:
        asked.append(options)
        return tmp_path

    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("redcap_iac.manifest.trust.user_config_path", user_config_path)
    assert configuration_folder({}, Path("unused")) == tmp_path
    assert asked == [{"appauthor": False, "roaming": True}]  # roaming is %APPDATA%


def test_signs_a_code_page_has_not_got_are_written_plainly() -> None:
    import codecs

    codecs.register_error("plain_signs", in_ascii)
    stream = io.TextIOWrapper(io.BytesIO(), "cp1252", "plain_signs")
    stream.write("a → b · c … d ⏎ 漢 ü")
    stream.flush()
    assert stream.buffer.getvalue() == "a -> b · c … d \\n ? ü".encode("cp1252")


def test_decoding_is_not_mended_by_it() -> None:
    error = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid")
    with pytest.raises(UnicodeDecodeError):
        in_ascii(error)
