"""What a code means, for people and machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from rich.text import Text

from redcap_iac.explanations import Explanation
from redcap_iac.views.findings import WIDTH, wrapped
from redcap_iac.views.json import dumped


def explanation_lines(explained: Explanation, width: int = WIDTH) -> Iterator[Text]:
    """Yield one code: heading, meaning, what it could cost, the ways out, examples, the answer."""
    yield from wrapped(Text(f"{explained.code}  {explained.title}", "bold"), 6, width)
    if explained.about:
        yield from wrapped(Text(explained.about, "dim"), width=width)
    yield Text()
    if explained.meaning != f"{explained.title}.":
        yield from wrapped(Text(explained.meaning), width=width)
        yield Text()
    yield from _headed("Why it matters", explained.why, width)
    yield Text("What to do", "bold")
    for way in explained.instead:
        yield from wrapped(Text.assemble(("  → ", "dim"), way), 4, width)
    for heading, example in (("Found here", explained.bad), ("Not here", explained.good)):
        if example:
            yield Text()
            yield Text(heading, "bold")
            yield from (Text(f"  {line}".rstrip()) for line in example.splitlines())
    if explained.answer:
        yield Text()
        yield from _headed("To go on all the same", explained.answer, width)


def index_lines(explained: Iterable[Explanation], width: int = WIDTH) -> Iterator[Text]:
    """Yield a line for each code there is, under the heading of its family."""
    families: dict[str, list[Explanation]] = {}
    for one in explained:
        families.setdefault(one.family, []).append(one)
    for number, (family, members) in enumerate(families.items()):
        if number:
            yield Text()
        yield Text(family, "bold")
        for one in members:
            yield from wrapped(Text(f"  {one.code}  {one.title}"), 8, width)


def explanation_json(explained: Iterable[Explanation]) -> str:
    """Return codes as machines read them."""
    return dumped({"codes": [asdict(one) for one in explained]})


def _headed(heading: str, text: str, width: int) -> Iterator[Text]:
    yield Text(heading, "bold")
    yield from wrapped(Text(f"  {text}"), 2, width)
    if heading.startswith("Why"):
        yield Text()
