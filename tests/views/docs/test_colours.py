"""Colours of the page: whoever reads it in either theme, or on paper, can read it (WCAG 2, AA)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import redcap_iac.views

TEMPLATES = Path(redcap_iac.views.__file__ or "").parent / "templates"
TEXT, SHAPES = 4.5, 3.0
GROUNDS = ("paper", "panel")


def themes() -> dict[str, dict[str, str]]:
    text = (TEMPLATES / "tokens.css.j2").read_text(encoding="utf-8")
    blocks = re.findall(r"macro (\w+)\(\)(.*?)endmacro", text, re.DOTALL)
    return {name: dict(re.findall(r"--([\w-]+): (#\w{6})", block)) for name, block in blocks}


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_contrast_that_is_defined() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "soft", "good", "bad", "warn", "link"])
def test_text_can_be_read_on_every_ground(theme: str, ink: str) -> None:
    colours = themes()[theme]
    for ground in GROUNDS:
        assert contrast(colours[ink], colours[ground]) >= TEXT, ground


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ink", ["good", "bad", "warn"])
def test_coloured_text_can_be_read_on_its_own_ground(theme: str, ink: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[ink], colours[f"{ink}-bg"]) >= TEXT


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "soft", "link", "bad", "good", "warn"])
def test_a_row_that_was_linked_to_can_be_read(theme: str, ink: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[ink], colours["warn-bg"]) >= TEXT


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_frames_of_boxes_and_the_focus_can_be_seen(theme: str) -> None:
    colours = themes()[theme]
    for line in ("soft", "link", "good", "warn"):
        for ground in GROUNDS:
            assert contrast(colours[line], colours[ground]) >= SHAPES, (line, ground)


def test_both_themes_have_the_same_colours() -> None:
    light, dark = themes()["light"], themes()["dark"]
    assert light.keys() == dark.keys()
    assert not set(light.values()) & set(dark.values())


def test_the_page_has_no_colours_but_these() -> None:
    css = (TEMPLATES / "docs.css.j2").read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=\s*[;,)])", css) == []
    used = set(re.findall(r"var\(--([\w-]+)\)", css))
    assert used <= themes()["light"].keys()
