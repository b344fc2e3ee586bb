"""The page of `docs` in a browser: search, themes, keyboard, small screens, no network."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from redcap_iac.views.docs import docs_html
from tests.chromium.browser import Browser, needs_chromium
from tests.views.docs.reading import ABOUT, Page, design_with, example
from tests.views.docs.test_colours import themes

pytestmark = needs_chromium
TRIAL = "trial"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    return Browser(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
def page() -> str:
    return example(TRIAL).source


def shown(dom: str) -> set[str]:
    """Return the names of the fields that a search left."""
    rows = re.findall(r'<tr id="field-(\w+)"[^>]*?( hidden="")?>', dom)
    return {name for name, hidden in rows if not hidden}


# searching


def test_a_search_in_the_address_leaves_what_matches_and_counts_it(
    browser: Browser, page: str
) -> None:
    dom = browser.dom(page, place="#search=several%20days")
    assert shown(dom) == {"phq_1", "phq_2"}
    assert ">2 fields match.</p>" in dom
    assert '<html lang="en" class="scripted searching">' in dom


def test_a_search_without_a_hit_says_so(browser: Browser, page: str) -> None:
    dom = browser.dom(page, place="#search=nothing-like-it")
    assert shown(dom) == set()
    assert ">No field matches.</p>" in dom


def test_a_broken_address_breaks_nothing(browser: Browser, page: str) -> None:
    assert len(shown(browser.dom(page, place="#search=%E0%A4%A"))) == 16
    assert len(shown(browser.dom(page, place="#%E0%A4%A"))) == 16


def test_typing_searches_and_escape_ends_it(browser: Browser, page: str) -> None:
    script = """
        const box = document.getElementById("search");
        const wait = (time) => new Promise((done) => setTimeout(done, time));
        const count = () => document.querySelectorAll("tr[data-search]:not([hidden])").length;
        const key = (target, name) => target.dispatchEvent(
            new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
        key(document.body, "/");
        const focused = document.activeElement.id;
        box.value = "AE_";
        box.dispatchEvent(new Event("input"));
        await wait(300);
        const found = [count(), document.getElementById("found").textContent,
                       getComputedStyle(document.getElementById("schedule")).display];
        key(box, "/");
        key(box, "Escape");
        return [focused, ...found, count(), document.getElementById("found").textContent];
    """
    assert browser.asked(page, script) == ["search", 3, "3 fields match.", "none", 16, ""]


# finding one's way


def test_a_link_to_what_is_folded_unfolds_it(browser: Browser, page: str) -> None:
    folded = page.replace(" open>", ">")
    dom = browser.dom(folded, place="#field-bmi")
    assert re.findall(r'<details class="form" id="instrument-(\w+)" open', dom) == ["vitals"]


def test_what_was_linked_to_is_not_under_the_bar(browser: Browser, page: str) -> None:
    script = """
        const bar = document.querySelector(".bar").getBoundingClientRect();
        const top = document.getElementById("field-phq_total").getBoundingClientRect().top;
        return [getComputedStyle(document.querySelector(".bar")).position, top >= bar.bottom,
                top < innerHeight];
    """
    long = page.replace("</main>", '<div style="height: 3000px"></div></main>')
    for width in (1280, 900):
        answer = browser.asked(long, script, "#field-phq_total", width)
        assert answer == ["sticky", True, True], width


def test_a_link_far_down_a_long_page_gets_there(browser: Browser) -> None:
    names = [f"f{form}_{number}" for form in range(30) for number in range(40)]
    rows = ({"field_name": name, "form_name": name.partition("_")[0]} for name in names)
    script = """
        const top = document.getElementById("field-f20_7").getBoundingClientRect().top;
        return [top > 0, top < innerHeight];
    """
    long = docs_html(design_with(*rows), ABOUT)
    assert browser.asked(long, script, "#field-f20_7") == [True, True]


def test_all_can_be_folded_and_unfolded(browser: Browser, page: str) -> None:
    script = """
        const open = () => document.querySelectorAll("details.form[open]").length;
        const found = [open()];
        for (let turn = 0; turn < 2; turn += 1) {
          document.getElementById("unfold").click();
          found.push(open());
        }
        return found;
    """
    assert browser.asked(page, script) == [4, 0, 4]


@pytest.mark.parametrize(("width", "roles"), [(420, ["row", "rowheader"]), (1280, [None, None])])
def test_nothing_is_wider_than_the_screen_and_rows_are_rows_to_listen_to(
    browser: Browser, page: str, width: int, roles: list[str | None]
) -> None:
    script = """
        const row = document.getElementById("field-bmi");
        return [document.documentElement.scrollWidth <= innerWidth, row.getAttribute("role"),
                row.querySelector("th.name[scope='row']").getAttribute("role")];
    """
    assert browser.asked(page, script, width=width) == [True, *roles]


# themes


@pytest.mark.parametrize(("theme", "setting"), [("light", 1), ("dark", 0)])
def test_the_page_wears_what_the_system_prefers(
    browser: Browser, page: str, theme: str, setting: int
) -> None:
    colour = browser.corner(page, f"--blink-settings=preferredColorScheme={setting}")
    assert colour == themes()[theme]["paper"]


def test_the_button_goes_through_the_themes(browser: Browser, page: str) -> None:
    script = """
        localStorage.clear();
        const button = document.getElementById("theme");
        const found = [];
        for (let turn = 0; turn < 3; turn += 1) {
          button.click();
          found.push(button.textContent, getComputedStyle(document.body).backgroundColor);
        }
        return [...found.slice(0, 4), found[4]];
    """
    assert browser.asked(page, script) == [
        "Colours: light", "rgb(255, 255, 255)", "Colours: dark", "rgb(20, 24, 29)", "Colours: auto",
    ]  # fmt: skip


# alone


@pytest.fixture
def visited() -> Iterator[tuple[str, list[str]]]:
    """Yield the address of a server and what was fetched from it."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False  # browsers open more than they use
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    thread.join()
    server.server_close()


def test_nothing_is_fetched_even_when_a_label_asks_for_it(
    browser: Browser, visited: tuple[str, list[str]]
) -> None:
    address, seen = visited
    label = (
        f"<img src='{address}/label'><script src='{address}/script'></script>"
        f"<link rel=stylesheet href='{address}/style'><iframe src='{address}/frame'></iframe>"
        f"<b style=\"background: url('{address}/ground')\">Age</b>"
    )
    made = docs_html(design_with({"field_name": "age", "field_label": label}), ABOUT)
    assert "Age" in Page(browser.dom(made)).by_id("field-age").text
    assert seen == []
    # the same label where nothing holds it back, to see that this server would be asked
    browser.dom(f"<!DOCTYPE html><p>{label}", "--disable-logging")
    assert "/label" in seen


def test_its_policy_lets_nothing_else_run(browser: Browser, page: str) -> None:
    assert browser.complaints(page) == []
    added = page.replace("</main>", "<script>document.title = 'taken'</script></main>")
    assert any("Content Security Policy" in line for line in browser.complaints(added))


def test_without_its_script_everything_is_there_but_the_search(browser: Browser, page: str) -> None:
    bare = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    script = """
        const seen = (part) => part.getClientRects().length > 0;
        const all = (query) => Array.from(document.querySelectorAll(query));
        return [all("tr[data-search]").filter(seen).length, all(".tools").filter(seen).length,
                all("main h2").filter(seen).length];
    """
    assert browser.asked(bare, script) == [16, 0, 4]
