"""`docs`: where the page goes, what it may replace, from the files or from the live project."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.cli.tool import Tool
from tests.emulator.served import Project
from tests.views.docs.reading import EXAMPLES, Page

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def trial(bare: Tool) -> Tool:
    """The tool in a copy of an example; it has no server and no token."""
    shutil.copytree(EXAMPLES / "trial", bare.folder, dirs_exist_ok=True)
    return bare


def page(tool: Tool, name: str = "docs.html") -> Page:
    return Page((tool.folder / name).read_text(encoding="utf-8"))


def test_the_page_goes_beside_the_manifest(trial: Tool) -> None:
    said = trial.run("docs")
    assert (said.code, said.out) == (0, "")
    kilobytes = round((trial.folder / "docs.html").stat().st_size / 1000)
    assert said.err == (
        f"{trial.folder}/docs.html: 16 fields on 4 instruments, 2 arms with 6 events"
        f" ({kilobytes} kB).\n"
    )
    assert page(trial).all("h1")[0].text == "Cardiac Rehab Follow-up"


def test_nothing_but_the_page_is_written(trial: Tool) -> None:
    before = set(trial.folder.rglob("*"))
    trial.run("docs")
    assert set(trial.folder.rglob("*")) - before == {trial.folder / "docs.html"}


def test_the_same_files_give_the_same_bytes(trial: Tool) -> None:
    trial.run("docs", "--out", "one.html")
    trial.run("docs", "--out", "two.html")
    assert (trial.folder / "one.html").read_bytes() == (trial.folder / "two.html").read_bytes()


def test_the_digest_is_that_of_the_manifest(trial: Tool) -> None:
    trial.run("docs")
    first = page(trial).all("footer")[0].text
    trial.edit("Phase II", "Phase III")
    trial.run("docs")
    assert re.search(r"digest [0-9a-f]{12}\.", first)
    assert page(trial).all("footer")[0].text != first


def test_a_folder_that_is_not_there_is_made(trial: Tool) -> None:
    assert trial.run("docs", "--out", "public/site/index.html").code == 0
    assert page(trial, "public/site/index.html").text


def test_standard_output_takes_it_too(trial: Tool) -> None:
    said = trial.run("docs", "--out", "-")
    assert said.err == ""
    assert Page(said.out).all("h1")
    assert not (trial.folder / "-").exists()


def test_a_title_of_ones_own(trial: Tool) -> None:
    trial.run("docs", "--title", "Codebook for sites")
    assert page(trial).all("h1")[0].text == "Codebook for sites"


def test_a_public_page_names_nobody(trial: Tool) -> None:
    assert trial.run("docs", "--publish", "public").code == 0
    assert "lyon_data" not in page(trial).source
    assert "published without names of people" in page(trial).text


def test_a_page_of_its_own_is_replaced(trial: Tool) -> None:
    trial.run("docs")
    trial.edit("Cardiac Rehab Follow-up", "Another title")
    assert trial.run("docs").code == 0
    assert page(trial).all("h1")[0].text == "Another title"


def test_what_is_no_page_of_its_own_is_kept_unless_forced(trial: Tool) -> None:
    trial.write("<html>mine</html>", "docs.html")
    said = trial.run("docs")
    assert said.code == 3
    assert "is there already and no page of this command; nothing was written" in said.err
    assert "--force" in said.err
    assert (trial.folder / "docs.html").read_text() == "<html>mine</html>"
    assert trial.run("docs", "--force").code == 0
    assert page(trial).all("h1")


def test_a_link_is_not_followed(trial: Tool) -> None:
    trial.run("docs", "--out", "real.html")
    before = (trial.folder / "real.html").read_bytes()
    (trial.folder / "docs.html").symlink_to("real.html")
    assert trial.run("docs").code == 3
    assert trial.run("docs", "--force", "--title", "New").code == 0
    assert (trial.folder / "real.html").read_bytes() == before
    assert not (trial.folder / "docs.html").is_symlink()


def test_a_folder_is_no_file(trial: Tool) -> None:
    said = trial.run("docs", "--out", "instruments")
    assert said.code == 1
    assert "is a folder" in said.err
    assert "--out instruments/index.html" in said.err


def test_a_manifest_that_does_not_load_leaves_no_page(trial: Tool) -> None:
    trial.edit("purpose: research", "purpose: resaerch")
    said = trial.run("docs")
    assert said.code == 1
    assert "error M" in said.err
    assert not (trial.folder / "docs.html").exists()


# live


def test_a_live_page_shows_what_is_in_redcap(applied: Tool, project: Project) -> None:
    applied.edit("label: Pain", "label: Ache")
    said = applied.run("docs", "--live")
    assert said.code == 0, said.err
    shown = page(applied)
    assert "Pain" in shown.by_id("field-pain").text
    assert "Ache" not in shown.source
    assert shown.all("h1")[0].text == "Sleep"
    (kicker,) = (one.text for one in shown.all("p") if one.has("kicker"))
    assert re.fullmatch(
        r"Codebook, schedule, logic and access, from the live project"
        rf" {project.project_id} at 127\.0\.0\.1 \(development, REDCap [\d.]+\)",
        kicker,
    )


def test_a_live_page_needs_no_manifest(applied: Tool, project: Project, bare: Tool) -> None:
    (applied.folder / "redcap.yaml").unlink()
    tool = bare.having(REDCAP_API_URL=project.emulator.url, REDCAP_API_TOKEN=project.token)
    assert tool.run("docs", "--live").code == 0
    assert "field-pain" in page(tool).ids


def test_a_live_page_reads_the_same_and_writes_nothing_there(
    applied: Tool, project: Project
) -> None:
    before = project.rows("metadata")
    applied.run("docs", "--live", "--out", "one.html")
    applied.run("docs", "--live", "--out", "two.html")
    one, two = ((applied.folder / name).read_bytes() for name in ("one.html", "two.html"))
    assert one == two
    assert project.rows("metadata") == before


def test_a_live_page_holds_no_token(applied: Tool, project: Project) -> None:
    said = applied.run("-v", "docs", "--live")
    assert project.token not in page(applied).source + said.all


def test_a_live_page_of_another_project_is_refused(applied: Tool, project: Project) -> None:
    applied.edit(f"project_id: {project.project_id}", "project_id: 999")
    said = applied.run("docs", "--live")
    assert said.code == 3
    assert not (applied.folder / "docs.html").exists()


def test_a_live_page_without_a_token_is_refused(tool: Tool) -> None:
    said = tool.having(STUDY_TOKEN="").run("docs", "--live")
    assert said.code == 6
    assert not (tool.folder / "docs.html").exists()


# the README


def test_the_readme_shows_what_is_printed(bare: Tool) -> None:
    lines = README[README.index("$ redcap-iac -C examples/trial docs") :].splitlines()
    shutil.copytree(EXAMPLES / "trial", bare.folder, dirs_exist_ok=True)
    said = bare.run("docs")
    printed = said.err.replace(str(bare.folder), "examples/trial").strip()
    # a page grows and shrinks by a few bytes with everything it holds
    assert re.sub(r"\d+ kB", "… kB", printed) == re.sub(r"\d+ kB", "… kB", lines[1])
    drawn = bare.run("graph", "--instrument", "mood").out.splitlines()
    assert lines[2] == "$ redcap-iac -C examples/trial graph --instrument mood"
    assert lines[3 : lines.index("```")] == drawn
