from __future__ import annotations

from tests.cli.tool import Tool, files_of


def test_init_writes_a_folder_that_validates(bare: Tool) -> None:
    assert bare.run("init", "new").code == 0
    said = bare.run("-C", str(bare.folder / "new"), "validate")
    assert said.out == "The manifest is valid (3 files).\n"
    assert said.err == ""


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
