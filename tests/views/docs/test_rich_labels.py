from __future__ import annotations

import pytest

from redcap_iac.views.docs.rich_labels import plain, rich


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Plain", "Plain"),
        ("<b>Bold</b> and <i>slanted</i>", "<b>Bold</b> and <i>slanted</i>"),
        ("H<sub>2</sub>O", "H<sub>2</sub>O"),
        ("<p>One</p><ul><li>two</li></ul>", "<p>One</p><ul><li>two</li></ul>"),
        ("First<br>second<br/>third", "First<br>second<br>third"),
        ("First\nsecond\r\nthird", "First<br>second<br>third"),
        ("<div>First</div><div>second</div>", "First<br>second"),
        ("Salt &amp; pepper, 5 &lt; 6", "Salt &amp; pepper, 5 &lt; 6"),
    ],
)
def test_what_shapes_a_text_stays(typed: str, shown: str) -> None:
    assert rich(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<script>alert(1)</script>Age", "Age"),
        ("<ScRiPt>alert(1)</sCrIpT>Age", "Age"),
        ("<style>b { color: red }</style>Age", "Age"),
        ("<img src=x onerror=alert(1)>Age", "Age"),
        ("<svg onload=alert(1)><script>1</script></svg>Age", "Age"),
        ("<iframe src='https://example.org'>x</iframe>Age", "Age"),
        ("<!-- <b>gone</b> -->Age", "Age"),
        ("<a href='javascript:alert(1)'>Age</a>", "Age"),
        ("<b onclick=alert(1) style='color: red' class=x>Age</b>", "<b>Age</b>"),
        ("<b/onmouseover=alert(1)>Age</b>", "<b>Age</b>"),
        ("</td></tr></table><h1>Age", "Age"),
        ("<form action='https://example.org'><input autofocus onfocus=alert(1)>Age", "Age"),
    ],
)
def test_what_runs_loads_or_leads_away_goes(typed: str, shown: str) -> None:
    assert rich(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<b>Age", "<b>Age</b>"),
        ("<b>Age<i>now</b>then", "<b>Age<i>now</i></b>then"),
        ("Age</b>", "Age"),
        ("<ul><li>one<li>two", "<ul><li>one<li>two</li></li></ul>"),
    ],
)
def test_what_is_opened_is_closed(typed: str, shown: str) -> None:
    assert rich(typed) == shown


@pytest.mark.parametrize("typed", ["if x <y", "x<5 then", "a <!-- b", "a]]>b", "<", "a & b", "<b"])
def test_signs_that_open_no_tag_are_text(typed: str) -> None:
    assert rich(typed).unescape() == typed


def test_signs_that_turn_a_text_around_are_shown() -> None:
    assert plain("\u202eegA\u202c") == "<U+202E>egA<U+202C>"


def test_a_token_is_hidden() -> None:
    token = "0123456789ABCDEF0123456789ABCDEF"
    assert token not in rich(f"<b>{token}</b>")
    assert token not in plain(token)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<b>Age</b> at\n visit", "Age at visit"),
        ("First<br>second", "First second"),
        ("<p>One</p><p>two</p>", "One two"),
        ("H<sub>2</sub>O", "H2O"),
        ("5 &lt; 6", "5 < 6"),
    ],
)
def test_without_tags_it_is_one_line(typed: str, shown: str) -> None:
    assert plain(typed) == shown


def test_many_signs_take_no_longer_than_their_number() -> None:
    assert plain("<!--" * 20_000 + "-->" + "<" * 20_000) == "<" * 20_000
