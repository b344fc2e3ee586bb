"""`redcap-iac graph`: what reads what, as Mermaid or DOT; needs files only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from redcap_iac.cli.connecting import read_manifest
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.written_files import put_in_place, refuse_existing
from redcap_iac.design import Design, Purpose
from redcap_iac.design.dependencies import Dependency, declared_name, dependencies
from redcap_iac.errors import RedcapIacError
from redcap_iac.suggestions import nearest_or_all
from redcap_iac.views.findings import counted
from redcap_iac.views.graph import DECIDING, MERMAID_ARROWS, around, chart, dot, mermaid

_PURPOSES = {
    "branching": Purpose.BRANCHING,
    "calculation": Purpose.CALCULATION,
    "calctext": Purpose.CALCTEXT,
    "calcdate": Purpose.CALCDATE,
    "if": Purpose.IF,
    "piping": Purpose.PIPING,
    "embedding": Purpose.EMBEDDING,
}


@click.command()
@click.option(
    "--format", "format_", type=click.Choice(["mermaid", "dot"]), default="mermaid",
    show_default=True, help="For pages that draw Mermaid, or for Graphviz.",
)  # fmt: skip
@click.option(
    "--field", "fields", multiple=True, metavar="NAME",
    help="Only what this field reads, what reads it, and so on. Repeatable.",
)  # fmt: skip
@click.option(
    "--depth", type=click.IntRange(min=1), metavar="N", help="With --field: so many steps, no more."
)
@click.option(
    "--instrument", "instruments", multiple=True, metavar="NAME",
    help="Only arrows that begin or end on this instrument. Repeatable.",
)  # fmt: skip
@click.option(
    "--purpose", "purposes", multiple=True, type=click.Choice(list(_PURPOSES)),
    help="Only arrows of this purpose; without it all but piping and embedding. Repeatable.",
)  # fmt: skip
@click.option("--labels", is_flag=True, help="Boxes say the label of their field too.")
@click.option("--out", metavar="FILE", help="Write it to a file.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@pass_invocation
def graph(
    invocation: Invocation,
    format_: str,
    fields: tuple[str, ...],
    depth: int | None,
    instruments: tuple[str, ...],
    purposes: tuple[str, ...],
    *,
    labels: bool,
    out: str | None,
    force: bool,
) -> int:
    r"""Draw what reads what: branching logic, calculations, action tags, piping.

    An arrow leads from the field that is read to the field that reads it. Needs no server and no
    token.

    \b
    Example:
        redcap-iac graph
        redcap-iac graph --field age --depth 2
        redcap-iac graph --instrument vitals --purpose calculation --labels
        redcap-iac graph --format dot | dot -Tsvg > design.svg
    """
    if depth is not None and not fields:
        raise click.UsageError("--depth counts steps from a --field; name one.")
    design = Design(read_manifest(invocation).desired.state)
    wanted = {_PURPOSES[word] for word in purposes} or DECIDING
    edges = tuple(edge for edge in dependencies(design) if edge.purpose in wanted)
    if fields:
        edges = around(edges, _named(design, fields), depth)
    if instruments:
        edges = tuple(_on(design, edges, _forms(design, instruments)))
    made = chart(design, edges, labels=labels)
    text = mermaid(made) if format_ == "mermaid" else dot(made)
    if not made.arrows:
        invocation.screen.say(_nothing(purposes))
    elif format_ == "mermaid" and len(made.arrows) > MERMAID_ARROWS:
        arrows = counted(len(made.arrows), "arrow")
        invocation.screen.say(
            f"{arrows}: Mermaid draws at most {MERMAID_ARROWS} unless its `maxEdges` is raised."
            " --field or --instrument draws less; --format dot knows no limit."
        )
    if out is None:
        invocation.screen.show(text)
    else:
        _write(invocation, out, text, force=force)
    return 0


def _nothing(purposes: Sequence[str]) -> str:
    """Return why nothing is drawn, and what was left out of it."""
    said = "Nothing that was asked for depends on anything: no arrows."
    left_out = (
        " Piping, that of @DEFAULT with it, and embedding are left out unless asked for:"
        " --purpose piping --purpose embedding."
    )
    return said if purposes else said + left_out


def _named(design: Design, given: Iterable[str]) -> frozenset[str]:
    """Return fields and statuses as declared."""
    found = set()
    for word in given:
        name = declared_name(design, word.strip("[] "))
        if name is None:
            known = (field.field_name for field in design.fields)
            raise RedcapIacError(f"There is no field {word}.", nearest_or_all(word, known))
        found.add(name)
    return frozenset(found)


def _forms(design: Design, given: Iterable[str]) -> frozenset[str]:
    by_lower = {name.lower(): name for name in design.instruments}
    for word in given:
        if word.lower() not in by_lower:
            advice = nearest_or_all(word, design.instruments)
            raise RedcapIacError(f"There is no instrument {word}.", advice)
    return frozenset(by_lower[word.lower()] for word in given)


def _on(design: Design, edges: Sequence[Dependency], forms: frozenset[str]) -> Iterable[Dependency]:
    for edge in edges:
        ends = {design.instrument_of(edge.source), design.instrument_of(edge.target)}
        if ends & forms:
            yield edge


def _write(invocation: Invocation, out: str, text: str, *, force: bool) -> None:
    path = invocation.path(out)
    files = {path.name: f"{text}\n".encode()}
    if not force:
        refuse_existing(path.parent, files, "Name another file, or add --force to replace it.")
    put_in_place(path.parent, files)
    invocation.screen.say(f"Written: {path}")
