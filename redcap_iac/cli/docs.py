"""`redcap-iac docs`: the design as one page for people; needs files only, or reads REDCap."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import click

from redcap_iac.cli import connecting
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.options import publish_option
from redcap_iac.cli.root import version
from redcap_iac.cli.written_files import put_in_place
from redcap_iac.design import Design
from redcap_iac.errors import GuardError, RedcapIacError
from redcap_iac.exporter import fingerprint
from redcap_iac.kinds import kind_named
from redcap_iac.manifest.loader import MANIFEST
from redcap_iac.views.docs import MARK, About, docs_html
from redcap_iac.views.docs.page import summary
from redcap_iac.workflow import read

_STDOUT = "-"
#: So much of a file's beginning tells whether it is a page of ours.
_BEGINNING = 4096


@click.command()
@click.option(
    "--out", default="docs.html", show_default=True, metavar="FILE",
    help="Where the page goes; - is standard output.",
)  # fmt: skip
@click.option("--title", default="", metavar="TEXT", help="Its title; without it the project's.")
@click.option("--live", is_flag=True, help="Show the live project, not the files.")
@click.option("--force", is_flag=True, help="Replace a file that is no page of this command.")
@publish_option
@pass_invocation
def docs(
    invocation: Invocation, out: str, title: str, publish: str, *, live: bool, force: bool
) -> int:
    r"""Write the design as one page: codebook, schedule, what depends on what, who may do what.

    One file that needs no network: to be searched in a browser, printed, put beside a protocol.
    From the files alone; with --live from the project in REDCap, of which nothing but the design
    is read. The same design gives the same bytes.

    \b
    Example:
        redcap-iac docs
        redcap-iac docs --out public/index.html --publish public
        redcap-iac --env prod docs --live --title "Sleep diary, as it runs"
    """
    path = invocation.path(out)
    if out != _STDOUT:
        _refuse(path, out, force=force)
    public = publish == "public"
    design, about = (_live if live else _declared)(invocation, title, public)
    page = docs_html(design, about)
    if out == _STDOUT:
        invocation.screen.show(page)
        return 0
    data = f"{page}\n".encode()
    put_in_place(path.parent, {path.name: data})
    invocation.screen.say(f"{path}: {summary(design)} ({_size(data)}).")
    return 0


def _declared(invocation: Invocation, title: str, public: bool) -> tuple[Design, About]:
    manifest = connecting.read_manifest(invocation)
    about = About("the project's files", manifest.digest, _tool(), title, public)
    return Design(manifest.desired.state), about


def _live(invocation: Invocation, title: str, public: bool) -> tuple[Design, About]:
    manifest = None
    if (invocation.folder / MANIFEST).exists():
        manifest = connecting.read_manifest(invocation)
    environment = connecting.environment_of(invocation, manifest)
    session = connecting.connect(invocation, environment)
    host = session.client.connection.host
    with invocation.screen.working(f"Reading the project at {host}"):
        found = read(session)
    unread = tuple(str(kind_named(name).unit) for name in found.unreadable)
    for name, reason in found.unreadable.items():
        unit = kind_named(name).unit
        invocation.screen.say(f"Left out: {unit}, the token may not read: {reason}")
    target = found.target
    source = (
        f"the live project {target.project_id} at {host} ({target.status}, REDCap {target.version})"
    )
    parts = json.dumps(dict(fingerprint(found)), sort_keys=True)
    digest = hashlib.sha256(parts.encode()).hexdigest()
    about = About(source, digest, _tool(), title, public, tuple(dict.fromkeys(unread)))
    return Design(found.state), about


def _tool() -> str:
    return f"redcap-iac {version()}"


def _refuse(path: Path, out: str, *, force: bool) -> None:
    """Raise when something is there that must not be replaced: only pages of ours may be."""
    if path.is_dir():
        raise RedcapIacError(f"{path} is a folder.", f"Name a file in it: --out {out}/index.html")
    if force or not (path.exists() or path.is_symlink()):
        return
    if path.is_symlink() or not _is_ours(path):
        raise GuardError(
            f"{path} is there already and no page of this command; nothing was written.",
            "Name another file with --out, or add --force to replace it.",
        )


def _is_ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return str(MARK).encode() in file.read(_BEGINNING)
    except OSError as error:
        raise RedcapIacError(f"{path} cannot be read: {error.strerror}.") from None


def _size(data: bytes) -> str:
    thousands = max(1, round(len(data) / 1000))
    return f"{thousands:,} kB" if thousands < 1000 else f"{len(data) / 1_000_000:.1f} MB"
