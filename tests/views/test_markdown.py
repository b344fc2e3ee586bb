"""A plan in a pull request's comment: it fits, and nothing in it is more than text."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from redcap_iac.changes import Aspect
from redcap_iac.hazard import Acceptance, Answer
from redcap_iac.plan import Plan, Shift, Stage
from redcap_iac.views.markdown import code, escaped, plan_markdown, sentences
from redcap_iac.views.publishing import published
from tests.views.plans import change, hazard, plan, sample

NASTY = (
    "<script>alert(1)</script> <img src=x> [x](http://evil.example.org) ![y](z) @octocat #12 "
    "GH-12 user/repo#3 www.evil.example.org https://evil.example.org a@b.example.org :smile: "
    "`` ` ``` **bold** _it_ ~~s~~ $x$ !7 %3 ~label &epic </details> <!-- x --> | a | b | \\ "
    "&lt;b&gt; # head\n\n```\n# head\n- [ ] x"
)
OURS = {"<details>", "</details>", "<summary>", "</summary>", "<br>", "<sub>", "</sub>"}


def tokens(text: str) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        yield token
        yield from token.children or ()


def plain(text: str) -> str:
    """Return what is read outside code."""
    return "".join(token.content for token in tokens(text) if token.type == "text")


def nasty() -> Plan:
    return plan(
        change(f"field/{NASTY}", "update", Aspect(NASTY, "", NASTY), group=NASTY),
        change("role/x", "create", unit="roles", group="access", normal=((NASTY, NASTY),)),
        findings=(
            hazard(address=f"role/{NASTY}", message=NASTY, advice=NASTY),
            hazard("H109", message=NASTY, answer=Answer.REFUSED),
            hazard("H106", "field/y", NASTY),
        ),
        acceptances=(Acceptance("H106", "field/y", who=NASTY, why=NASTY),),
        todo=(NASTY,),
        blind_spots=(NASTY,),
        stages=(Stage(1, "you", NASTY, (NASTY,)),),
        base=NASTY,
        environment=NASTY,
        kept={NASTY: 1},
    )


def test_the_sample_stands_worst_first() -> None:
    lines = plan_markdown(sample()).splitlines()
    assert lines[0].startswith("## redcap-iac plan · Cardiac Rehab Follow-up (dev, project 17,")
    assert lines[2] == "🛑 **STOPPED: 3 hazards need an answer.**"
    assert lines[4] == "Nothing here undoes an outside change (base: origin/main)."
    at = [n for n, line in enumerate(lines) if line.startswith(("- ❗ **H", "<details>", "**Plan"))]
    assert [lines[n][:12] for n in at[:3]] == ["- ❗ **H103**", "- ❗ **H106**", "- ❗ **H122**"]
    assert "<details><summary>demographics: 1 to add, 2 to change, 1 to delete</summary>" in lines
    assert "- postal" in lines
    assert "**Plan: 3 to add, 3 to change, 1 to delete; 500 record values affected.**" in lines


def test_what_to_type_can_be_copied() -> None:
    text = plan_markdown(sample())
    assert '`--accept "H106:choice/ethnicity/3"`' in text
    assert '```sh\nredcap-iac --env dev apply --accept "H103:field/postal" --accept "H106:' in text


def test_a_word_in_backticks_is_code() -> None:
    assert sentences("say `@HIDECHOICE` of it") == "say `@HIDECHOICE` of it"
    assert "&#96;" in sentences("one ` alone")


def test_nothing_becomes_markup() -> None:
    kinds = {token.type for token in tokens(plan_markdown(nasty()))}
    assert not kinds & {"link_open", "image", "s_open", "table_open", "hr"}


def test_no_html_but_its_own() -> None:
    found = {
        token.content for token in tokens(plan_markdown(nasty())) if token.type == "html_inline"
    }
    assert found <= OURS
    blocks = [t.content for t in tokens(plan_markdown(nasty())) if t.type == "html_block"]
    for block in blocks:
        assert block.startswith(("<details><summary>", "</details>", "<sub>"))
        assert block.count("<") == block.count(">") <= 4


def test_one_heading_whatever_the_labels_say() -> None:
    headings = [t for t in tokens(plan_markdown(nasty())) if t.type == "heading_open"]
    assert len(headings) == 1


@pytest.mark.parametrize(
    "read_as_more",
    ["@octocat", "#12", "GH-12", "repo#3", "www.evil", "https://", "a@b", ":smile:", "!7", "%3",
     "~label", "&epic", "$x$"],
)  # fmt: skip
def test_no_mention_reference_link_or_emoji_is_left(read_as_more: str) -> None:
    assert read_as_more not in plain(plan_markdown(nasty()))
    assert read_as_more not in html.unescape(escaped(NASTY))


def test_code_holds_any_run_of_backticks() -> None:
    for text in ("a", "`", "``", "a ``` b", "`x`"):
        (inline,) = [t for t in tokens(code(text)) if t.type == "code_inline"]
        assert inline.content == text


def test_nothing_steers_where_it_is_shown() -> None:
    made = plan(change("field/a", "update", Aspect("label", "", "x\x1b[2J\u202e")))
    assert all(letter.isprintable() or letter == "\n" for letter in plan_markdown(made))


def big(number: int, **parts: object) -> Plan:
    rows = (
        change(f"field/f{n}", "create", group=f"form_{n % 40}", normal=(("type", "漢" * 30),))
        for n in range(number)
    )
    return plan(*rows, **parts)


@pytest.mark.parametrize("number", [0, 100, 2_000])
def test_it_fits_a_comment(number: int) -> None:
    found = tuple(hazard(address=f"field/f{n}", message="漢字 " * 40) for n in range(number))
    made = big(number, findings=found, todo=tuple("漢字 " * 40 for _ in range(number)))
    text = plan_markdown(made)
    assert len(text.encode()) < 65_536
    assert plan_markdown(published(made)).encode()


def test_what_does_not_fit_is_counted() -> None:
    found = tuple(
        hazard(f"H10{1 + n // 1_500}", f"field/f{n}", message="word " * 20) for n in range(2_000)
    )
    text = plan_markdown(big(3_000, findings=found))
    (line,) = [line for line in text.splitlines() if line.startswith("- … and ")]
    shown = text.count("\n- ❗")
    assert f"and {2_000 - shown:,} more: H101 ({1_500 - shown:,}), H102 (500)" in line
    assert "form&#95;39: 75 to add: no room for it here" in text
    assert "Plan: 3,000 to add" in text


def test_an_empty_plan_is_short() -> None:
    assert plan_markdown(plan()).splitlines()[2:] == [
        "✅ **READY: nothing to do.**",
        "",
        "",
        "**No changes. The live project matches the manifest.**",
    ]


def test_a_published_one_says_so() -> None:
    text = plan_markdown(published(sample()))
    assert "<sub>Published without names of people, small numbers and calls.</sub>" in text
    assert "--accept" not in text


def test_who_gains_access_is_folded_too() -> None:
    shift = Shift("akim", (Aspect("export of vitals", "none", "full"),))
    text = plan_markdown(plan(change("field/x"), access=(shift,)))
    assert "<summary>Who gains and who loses access: 1 person</summary>" in text
    assert "+ export of vitals: none → full" in text
