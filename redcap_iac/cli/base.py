"""`--base REF`: the manifest as it was at a commit tells outside changes from your own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from redcap_iac.cli.connecting import guards_of
from redcap_iac.cli.invocation import Invocation
from redcap_iac.errors import ManifestError
from redcap_iac.findings import Finding
from redcap_iac.manifest.commit import Commit
from redcap_iac.manifest.loader import load
from redcap_iac.workflow import Base

_Command = Callable[..., Any]


def base_option(command: _Command) -> _Command:
    """Add `--base REF`."""
    return click.option(
        "--base", "base", metavar="REF",
        help="The commit that was applied last: what differs between it and REDCap was done"
        " outside, the rest is yours.",
    )(command)  # fmt: skip


def read_base(invocation: Invocation, ref: str | None, environment: str = "") -> Base | None:
    """Return the manifest as it was at a commit; None without a name of one.

    `environment` is the name of the one whose guards are compared, and whose variables counted.

    Raises RedcapIacError when git does not know it, ManifestError when it was not valid there.
    """
    if ref is None:
        return None
    commit = Commit(invocation.folder, ref, invocation.outside.environ)
    try:
        manifest = load(invocation.folder, files=commit, environment=environment)
    except ManifestError as error:
        raise ManifestError(tuple(_at(finding, ref) for finding in error.findings)) from None
    guards = (guards_of(one) for one in manifest.environments if one.name == environment)
    return Base(ref, commit.name, commit.when, manifest.desired, next(guards, None))


def _at(finding: Finding, ref: str) -> Finding:
    """Return a finding that says at which commit its file is meant."""
    at = finding.position
    return (
        finding if at is None else replace(finding, position=replace(at, file=f"{ref}:{at.file}"))
    )
