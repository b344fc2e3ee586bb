"""What the shell offers while somebody types: files, folders, environments, codes.

A parameter says by its metavar what it takes, and so what can be offered: nothing to write beside
the parameter. Completing must never print an error: what cannot be read is not offered.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import click
from click.shell_completion import CompletionItem

_C = TypeVar("_C", bound=click.Command)


class _Offered(click.types.StringParamType):
    """Text for which the shell has something to offer."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return what begins like what is typed so far."""
        del param
        if self._kind in ("file", "dir"):
            return [CompletionItem(incomplete, type=self._kind)]
        known = _codes() if self._kind == "code" else _environments(ctx)
        return [
            CompletionItem(name, help=said)
            for name, said in known
            if name.lower().startswith(incomplete.lower())
        ]


def offering(command: _C) -> _C:
    """Return the command itself, whose parameters the shell can complete from now on."""
    for parameter in command.params:
        kind = _kind(parameter)
        if kind and type(parameter.type) is click.types.StringParamType:
            parameter.type = _Offered(kind)
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        offering(inner)
    return command


def _kind(parameter: click.Parameter) -> str:
    metavar = (parameter.metavar or "").strip("[].").upper()
    if parameter.name in ("code", "codes", "select", "ignore") or metavar in ("CODE", "CODES"):
        return "code"
    if parameter.name in ("environment", "environment_name"):
        return "environment"
    if metavar == "DIR" or parameter.name == "folder":
        return "dir"
    if metavar in ("FILE", "FILES", "PATH", "PATHS", "IN", "OUT") or parameter.name == "file":
        return "file"
    return ""


def _codes() -> Iterable[tuple[str, str]]:
    from redcap_iac.explanations import explanations  # noqa: PLC0415 - read only when asked for

    return ((code, found.title) for code, found in explanations().items())


def _environments(ctx: click.Context) -> Iterable[tuple[str, str]]:
    """Yield the environments of the manifest that is meant."""
    # YAML takes a while to import, and nothing else here needs it
    from redcap_iac.document import Map  # noqa: PLC0415
    from redcap_iac.findings import Findings  # noqa: PLC0415
    from redcap_iac.manifest.loader import MANIFEST  # noqa: PLC0415
    from redcap_iac.manifest.nodes import read_yaml  # noqa: PLC0415

    folder = Path(str(ctx.find_root().params.get("folder") or "."))
    try:
        root = read_yaml((folder / MANIFEST).read_bytes(), MANIFEST, Findings())
    except (OSError, ValueError):
        return
    known = root.map("environments") if isinstance(root, Map) else None
    for key, value in known.named() if known is not None else ():
        url = value.text("url") if isinstance(value, Map) else None
        yield key.text, url.text if url is not None else ""
