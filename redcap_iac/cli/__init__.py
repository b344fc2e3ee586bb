"""The commands; `main` is what `redcap-iac` runs."""

from __future__ import annotations

import sys
from io import TextIOWrapper

from redcap_iac.cli.root import cli


def main() -> None:
    """Run the command line and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # arrows and names are in the text; files and pipes get the same bytes everywhere
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    cli(prog_name="redcap-iac")
