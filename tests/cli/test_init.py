from __future__ import annotations

from tests.cli.tool import Tool, files_of


def test_init_writes_a_folder_that_validates(bare: Tool) -> None:
    assert bare.run("init", "new").code == 0
    said = bare.run("-C", str(bare.folder / "new"), "validate")
    assert said.out == "The manifest is valid (3 files).\n"
    assert said.err == ""


def test_what_init_writes_is_judged_tested_and_laid_out(bare: Tool) -> None:
    bare.run("init")
    said = bare.run("check", "--strict")
    assert said.code == 0
    assert said.out.endswith("validate passed, lint passed, test passed (4 scenarios).\n")
    assert bare.run("fmt", "--check").code == 0


def test_what_init_says_about_lint_can_be_uncommented(bare: Tool) -> None:
    bare.run("init")
    lines = files_of(bare.folder)["redcap.yaml"].splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("# lint:"))
    lines[start : start + 3] = [line.removeprefix("# ") for line in lines[start : start + 3]]
    bare.write("\n".join(lines) + "\n")
    said = bare.run("lint")
    assert said.code == 0
    assert "PR002" in said.out  # asked by the profile
    assert "ID008" not in said.out  # let pass


def test_init_keeps_tokens_out_of_git(bare: Tool) -> None:
    bare.run("init")
    assert "*.token" in files_of(bare.folder)[".gitignore"].splitlines()


def test_init_keeps_a_gitignore_that_is_there(bare: Tool) -> None:
    bare.write("mine\n", ".gitignore")
    assert bare.run("init").code == 0
    assert files_of(bare.folder)[".gitignore"] == "mine\n"


def test_init_overwrites_nothing(bare: Tool) -> None:
    bare.write("mine\n", "instruments/visit.yaml")
    said = bare.run("init")
    assert said.code == 3
    assert files_of(bare.folder) == {"instruments/visit.yaml": "mine\n"}


def test_init_refuses_a_folder_with_a_manifest(bare: Tool) -> None:
    bare.write("mine\n")
    assert bare.run("init").code == 3
    assert files_of(bare.folder) == {"redcap.yaml": "mine\n"}
