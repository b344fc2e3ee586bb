"""`redcap-iac demo`: the whole round on this machine, with the commands themselves."""

from __future__ import annotations

import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from redcap_iac.answers import Wire
from redcap_iac.calls import Call, Cell, Row
from redcap_iac.cli.group import LazyGroup
from redcap_iac.cli.invocation import Invocation, Outside, pass_invocation
from redcap_iac.cli.new_folders import packaged, write_folder
from redcap_iac.client import Client, Connection
from redcap_iac.errors import GuardError, RedcapIacError
from redcap_iac.secret import Secret

if TYPE_CHECKING:
    from redcap_iac.emulator.server import Emulator

TOKEN_FILE = "demo.token"  # noqa: S105 - the name of a file
_URL = "http://127.0.0.1:8765/api/"
_CHANGES = 2


@click.command()
@click.option("--keep", metavar="DIR", help="Keep the project folder there.")
@click.option("--serve", is_flag=True, help="Leave the REDCap stand-in running until Ctrl-C.")
@pass_invocation
@click.pass_context
def demo(ctx: click.Context, invocation: Invocation, keep: str | None, *, serve: bool) -> int:
    r"""Show the whole round on this machine: create, plan, a change made outside, the record of it.

    Needs no server, no token and no network: a REDCap stand-in runs while it takes.

    \b
    Example:
        redcap-iac demo
        redcap-iac demo --keep study --serve
    """
    root = ctx.find_root().command
    assert isinstance(root, LazyGroup)
    with ExitStack() as stack:
        folder = stack.enter_context(_folder(invocation, keep))
        emulator = stack.enter_context(_emulator())
        show = _Show(invocation, root, folder, emulator)
        code = show.run()
        if code == 0 and serve:
            show.keep_serving()
    return code


class _Show:
    """The round, step by step; it stops at the first command that does not end as it should."""

    def __init__(
        self, invocation: Invocation, root: LazyGroup, folder: Path, emulator: Emulator
    ) -> None:
        self._screen = invocation.screen
        self._invocation = invocation
        self._root = root
        self._folder = folder
        self._emulator = emulator

    def run(self) -> int:
        """Return 0 when every step went as told."""
        files = packaged("demo_study")
        files["redcap.yaml"] = files["redcap.yaml"].replace(_URL, self._emulator.url)
        write_folder(self._folder, files, private=True)
        self._tell(
            "A study is described in a few text files: two arms, three visits, two sites, two",
            "roles, three people. A stand-in for REDCap runs on this machine, and it is empty.",
        )
        for name in files:
            self._screen.show(f"  {name}")
        self._tell(
            "1. Create the project. An administrator's super token makes it; then everything the",
            "files say is written, in the right order, and read again to prove it.",
        )
        if self._call("create", "--token-file", TOKEN_FILE, "--auto-approve"):
            return 1
        self._tell("2. Plan again. REDCap is as the files say, so there is nothing to do.")
        if self._call("plan", "--detailed-exitcode"):
            return 1
        self._tell(
            "3. Meanwhile somebody works in REDCap itself: a question is worded anew, and the role",
            "Monitor may now export data for programs. Nobody wrote that down. A plan shows it:",
        )
        self._change_outside()
        if self._call("plan", "--detailed-exitcode") != _CHANGES:
            return 1
        self._tell(
            "Applying this plan would put both back. Or take them over: write them into the files,",
            "and the next plan is empty again. Either way it is you who decides, line by line.",
        )
        return self._what_is_kept()

    def _what_is_kept(self) -> int:
        self._tell(
            "4. What was done is on record: a backup from before the first write, every call, and",
            "the proof lie beside the files in .redcap-iac, which git leaves alone.",
        )
        code = self._call("history")
        self._screen.show("")
        return code or self._call("evidence", "check")

    def keep_serving(self) -> None:
        """Tell how to go on, then wait for an interrupt."""
        self._tell(
            f"The stand-in serves at {self._emulator.url} until Ctrl-C. In another window:",
            f"  redcap-iac -C {self._folder} plan",
            f"  redcap-iac -C {self._folder} apply",
            f"Change {self._folder / 'redcap.yaml'} and plan again.",
        )
        _wait_for_the_end()

    def _tell(self, *lines: str) -> None:
        self._screen.show("\n".join(["", *lines, ""]))

    def _call(self, *words: str) -> int:
        """Run a command as a person would, and show it."""
        self._screen.show(f"$ redcap-iac {' '.join(words)}")
        outside = self._invocation.outside
        # the environment of the demo is the demo's: no switch or address of the person's own
        environ = {k: v for k, v in outside.environ.items() if not k.startswith("REDCAP_")}
        environ["REDCAP_SUPER_API_TOKEN"] = self._emulator.super_token
        inner = Outside(environ, outside.now, outside.sleep, outside.home, lambda: False)
        options = ["-C", str(self._folder), *self._options()]
        code: int = self._root.main(
            [*options, *words], prog_name="redcap-iac", standalone_mode=False, obj=inner
        )
        return code

    def _options(self) -> list[str]:
        chosen = {
            "-v": self._invocation.verbose,
            "-q": self._screen.is_quiet,
            "--no-color": not self._screen.is_colored,
        }
        return [option for option, given in chosen.items() if given]

    def _change_outside(self) -> None:
        token = (self._folder / TOKEN_FILE).read_text(encoding="utf-8").strip()
        somebody = Client(Connection(self._emulator.url), Secret(token))
        fields = somebody.send(Call("metadata")).rows
        somebody.send(Call("metadata", "import", tuple(_reworded(row) for row in fields)))
        roles = somebody.send(Call("userRole")).rows
        widened = tuple(
            {**_row(row), "api_export": "1"} for row in roles if row["role_label"] == "Monitor"
        )
        somebody.send(Call("userRole", "import", widened))


def _reworded(row: Mapping[str, Wire]) -> Row:
    field = _row(row)
    if field["field_name"] == "shift_work":
        field["field_label"] = "Do you work at night or in shifts?"
    return field


def _row(row: Mapping[str, Wire]) -> dict[str, Cell]:
    """Return an exported row as it is imported: numbers as text, maps of rights as they are."""
    return {name: _cell(value) for name, value in row.items()}


def _cell(value: Wire) -> Cell:
    if isinstance(value, Mapping):
        return {name: int(code) for name, code in value.items()}
    return str(value)


@contextmanager
def _folder(invocation: Invocation, keep: str | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="redcap-iac-demo-") as name:
            yield Path(name)
        return
    place = invocation.path(keep)
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise GuardError(f"{place} is there and not empty.", "Name another folder.")
    yield place


@contextmanager
def _emulator() -> Iterator[Emulator]:
    try:
        # Flask and waitress are an extra
        from redcap_iac.emulator.server import Emulator  # noqa: PLC0415
    except ImportError:
        raise RedcapIacError(
            "The demo needs the REDCap stand-in, and its libraries are not installed.",
            'Install them: pip install "redcap-iac[emulator]"',
        ) from None
    with Emulator() as emulator:
        yield emulator


def _wait_for_the_end() -> None:
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    while not ended.wait(3600):  # a wait without end cannot be interrupted on every platform
        pass
