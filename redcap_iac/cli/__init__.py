"""The commands; `main` is what `redcap-iac` runs."""

from __future__ import annotations

import codecs
import sys
from io import TextIOWrapper

from redcap_iac.cli.root import cli
from redcap_iac.views.printable import in_ascii


def main() -> None:
    """Run the command line and end the process with its exit code."""
    codecs.register_error("redcap_iac", in_ascii)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # arrows and names are in the text; files and pipes get the same bytes everywhere
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="redcap_iac")
    cli(prog_name="redcap-iac")
