"""`redcap-iac convert`: files of one format → files of another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from redcap_iac.cli.connecting import named_environment
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.new_folders import IGNORED
from redcap_iac.cli.written_files import put_in_place, refuse_existing
from redcap_iac.errors import RedcapIacError
from redcap_iac.formats.detecting import MANIFEST, SOURCES
from redcap_iac.manifest.loader import MANIFEST as MANIFEST_FILE
from redcap_iac.views.conversion import conversion_json, conversion_lines
from redcap_iac.workflow.converted_files import FOLDERS, TARGETS, Target
from redcap_iac.workflow.converting import Conversion
from redcap_iac.workflow.converting import convert as converted

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
#: The signs themselves, and a tab as it is written where a shell makes none of it.
_SIGNS = {**{sign: word for word, sign in _DELIMITERS.items()}, "\\t": "tab"}
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-bom": "utf-8-sig",
    "windows-1252": "cp1252",
    "utf-16": "utf-16",
}


class _Delimiter(click.Choice[str]):
    """A delimiter by its word or as the sign itself."""

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:  # fmt: skip
        """Return the word."""
        return super().convert(_SIGNS.get(value, value), param, ctx)


@click.command()
@click.argument("inputs", metavar="IN...", nargs=-1, required=True)
@click.argument("out", metavar="OUT")
@click.option(
    "--from", "source", type=click.Choice(SOURCES), help="Format of IN; told by its content."
)
@click.option("--to", "target", type=click.Choice(TARGETS), help="Format of OUT; told by its name.")
@click.option(
    "--delimiter", type=_Delimiter(list(_DELIMITERS)), default="comma", show_default=True,
    help="Between the cells of CSV that is written; the word, or the sign itself.",
)  # fmt: skip
@click.option(
    "--encoding", type=click.Choice(list(_ENCODINGS)), default="utf-8", show_default=True,
    help="Of CSV and JSON that is written.",
)  # fmt: skip
@click.option(
    "--header", type=click.Choice(["page", "api"]), default="page", show_default=True,
    help="Header of a dictionary: that of REDCap's page, or of its API.",
)  # fmt: skip
@click.option(
    "--report", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How it is told what was read, written and lost.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Write nothing when something would be lost.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@click.option("--dry-run", is_flag=True, help="Tell everything, write nothing.")
@pass_invocation
def convert(
    invocation: Invocation,
    inputs: tuple[str, ...],
    out: str,
    source: str | None,
    target: str | None,
    delimiter: str,
    encoding: str,
    header: str,
    report: str,
    *,
    strict: bool,
    force: bool,
    dry_run: bool,
) -> int:
    r"""Convert between manifest, dictionary, instrument zip, project XML and REDCap's CSV and JSON.

    IN is one or several files or folders, each known by its content; OUT is a folder for a
    manifest, or a file known by its ending. What was written is read again, and what it does not
    hold is told. Needs no server and no token.

    \b
    Example:
        redcap-iac convert project.xml study
        redcap-iac convert dict.csv events.csv arms.csv designations.csv study
        redcap-iac convert study dictionary.csv --delimiter semicolon
        redcap-iac convert study study.xml
        redcap-iac convert study tables --to csv-folder
    """
    invocation.machine = report == "json"
    if source is not None and len(inputs) > 1:
        raise click.UsageError("--from names the format of one file; here are several.")
    name = str(invocation.path(out)) + ("/" if out.endswith("/") else "")
    wanted = Target(
        name, target or "", header == "page", _DELIMITERS[delimiter], _ENCODINGS[encoding]
    )
    paths = [invocation.path(path) for path in inputs]
    done = converted(paths, source or "", wanted, named_environment(invocation))
    folder, files = _placed(done, Path(name))
    stopped = strict and bool(done.lost)
    if not force:
        refuse_existing(folder, files, _advice(done))
    if not dry_run and not stopped:
        put_in_place(folder, files)
    written = () if dry_run or stopped else _in_order(files)
    code = RedcapIacError.exit_code if stopped else 0
    if invocation.machine:
        invocation.screen.show(conversion_json(done, folder, written, code))
    else:
        there = replace(invocation, folder=folder)
        lines = conversion_lines(
            done, folder, _in_order(files), is_written=bool(written),
            verbose=invocation.verbose, width=invocation.screen.width,
            following=there.command("check") if done.format == MANIFEST else "",
        )  # fmt: skip
        invocation.screen.show(lines)
    return code


def _in_order(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the paths of files, hidden ones last."""
    return tuple(sorted(files, key=lambda name: (name.startswith("."), name)))


def _placed(done: Conversion, out: Path) -> tuple[Path, dict[str, bytes]]:
    """Return the folder to write into and the files by their paths in it."""
    if done.format not in FOLDERS:
        return out.parent, dict(zip([out.name], done.files.values(), strict=True))
    files = dict(done.files)
    if done.format == MANIFEST and not (out / ".gitignore").exists():
        files[".gitignore"] = IGNORED.encode()
    return out, files


def _advice(done: Conversion) -> str:
    if done.format == MANIFEST and MANIFEST_FILE in done.files:
        return (
            "Name a new folder. A manifest that is there is brought up to date from the live"
            " project by `redcap-iac pull`; --force replaces it."
        )
    return "Name another file, or add --force to replace it."
