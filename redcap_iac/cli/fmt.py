"""`redcap-iac fmt`: YAML files in one layout, every comment kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from redcap_iac.cli.connecting import named_environment
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.errors import EditError, ManifestError, RedcapIacError
from redcap_iac.manifest.editing import Overlaid
from redcap_iac.manifest.files import Folder, OutsideError
from redcap_iac.manifest.formatting import formatted, to_format
from redcap_iac.manifest.loader import MANIFEST, load
from redcap_iac.manifest.replacing import replace_files
from redcap_iac.state import State
from redcap_iac.views.file_diff import diff_lines
from redcap_iac.views.findings import counted
from redcap_iac.views.printable import printable

_YAML = (".yaml", ".yml")


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 when a file would change.")
@click.option("--diff", "diff", is_flag=True, help="Write nothing; show what would change.")
@pass_invocation
def fmt(invocation: Invocation, paths: tuple[str, ...], *, check: bool, diff: bool) -> int:
    r"""Lay YAML files out in one way; what they say, and every comment, stays.

    Without PATH: redcap.yaml, the files it includes, policy.yaml and the scenarios. A folder
    stands for the YAML files in it. CSV files are never touched.

    \b
    Example:
        redcap-iac fmt
        redcap-iac fmt --check
        redcap-iac fmt --diff instruments/vitals.yaml
    """
    files = Folder(invocation.folder)
    names = tuple(dict.fromkeys(_named(invocation, paths))) if paths else to_format(files)
    if not names:
        raise RedcapIacError(
            f"There is no {MANIFEST} here, and no file is named.",
            "Name the files to lay out, or the project folder with -C.",
        )
    changed: dict[str, bytes] = {}
    failed = 0
    for name in names:
        try:
            old = files.read(name)
            new = formatted(old, name)
        except (EditError, OutsideError) as error:
            invocation.fail(_said(error, name))
            failed += 1
            continue
        if new != old:
            changed[name] = new
            invocation.screen.show(diff_lines(name, old, new) if diff else printable(name))
    if not (check or diff):
        _write(invocation, files, changed)
    _say(invocation, len(names), len(changed), failed, wrote=not (check or diff))
    return int(bool(failed or (check and changed)))


def _said(error: EditError | OutsideError, name: str) -> RedcapIacError:
    if isinstance(error, EditError):
        return error
    return EditError(f"{name} is a link that leads out of the project folder.")


def _named(invocation: Invocation, paths: tuple[str, ...]) -> Iterator[str]:
    """Yield the files of the command line, by their path inside the folder."""
    root = invocation.folder.resolve()
    for given in paths:
        path = invocation.path(given).resolve()
        if not path.is_relative_to(root):
            raise RedcapIacError(
                f"{given} is outside the project folder.", "Name its folder with -C."
            )
        if path.is_dir():
            yield from sorted(_inside(path, root))
        elif not path.exists():
            raise RedcapIacError(f"There is no file {given}.")
        elif path.suffix.lower() not in _YAML:
            raise RedcapIacError(
                f"{given} is not a YAML file.", "`fmt` lays out YAML files; others stay as they are"
            )
        else:
            yield path.relative_to(root).as_posix()


def _inside(folder: Path, root: Path) -> Iterator[str]:
    """Yield the YAML files of a folder, without hidden ones."""
    for place, names, files in os.walk(folder):
        names[:] = [name for name in names if not name.startswith(".")]
        for name in files:
            if name.lower().endswith(_YAML) and not name.startswith("."):
                yield (Path(place) / name).relative_to(root).as_posix()


def _write(invocation: Invocation, files: Folder, changed: dict[str, bytes]) -> None:
    """Write the files, once it is sure that the project as a whole says the same."""
    if not changed:
        return
    folder, name = invocation.folder, named_environment(invocation)
    before = _declared(folder, files, name)
    if before is not None and _declared(folder, Overlaid(files, changed), name) != before:
        raise EditError("Another layout would change what the project says; nothing was written.")
    replace_files(folder, changed)


def _declared(folder: Path, files: Folder | Overlaid, environment: str) -> State | None:
    """Return what the files declare, None where they are wrong as they are."""
    try:
        return load(folder, files=files, environment=environment).desired.state
    except ManifestError:
        return None


def _say(invocation: Invocation, files: int, changed: int, failed: int, *, wrote: bool) -> None:
    same = files - changed - failed
    verb = "laid out anew" if wrote else "would be laid out anew"
    parts = [f"{counted(changed, 'file')} {verb}"] if changed else []
    left = "it is" if same == 1 else "they are"
    parts += [f"{counted(same, 'file')} left as {left}"] * bool(same)
    parts += [f"{counted(failed, 'file')} cannot be read"] * bool(failed)
    invocation.screen.say(f"{', '.join(parts)}.")
