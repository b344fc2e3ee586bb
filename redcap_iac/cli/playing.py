"""Scenario files of a folder, read and played: what `test` and `check` share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from redcap_iac.cli.invocation import Invocation
from redcap_iac.design import Design
from redcap_iac.errors import ManifestError
from redcap_iac.findings import Finding, Severity
from redcap_iac.manifest.files import Folder
from redcap_iac.manifest.loader import Manifest
from redcap_iac.manifest.scenarios import read_suites
from redcap_iac.scenarios import Run, Suite, run
from redcap_iac.suggestions import nearest_or_all


def played(
    invocation: Invocation, manifest: Manifest, paths: Sequence[str] = (),
    only: Sequence[str] = (), *, dialects: bool = False,
) -> Run:  # fmt: skip
    """Return the run of a folder's scenario files; without any it has no scenarios.

    `only` are names or patterns of scenarios, whatever their case. Raises ManifestError for files
    that cannot be read, and for a name no scenario has.
    """
    suites = read_suites(Folder(invocation.folder), paths)
    chosen = _chosen(suites, only)
    clock = invocation.outside.now().replace(tzinfo=None)
    return run(Design(manifest.desired.state), chosen, clock, dialects=dialects)


def _chosen(suites: tuple[Suite, ...], only: Sequence[str]) -> tuple[Suite, ...]:
    if not only:
        return suites
    names = [scenario.name.text for suite in suites for scenario in suite.scenarios]
    unknown = [word for word in only if not any(_matches(name, word) for name in names)]
    if unknown:
        raise ManifestError(
            tuple(
                Finding(
                    "T116", Severity.ERROR, f'There is no scenario "{word}".',
                    advice=nearest_or_all(word, names) if names else "There are no scenarios.",
                )
                for word in unknown
            )
        )  # fmt: skip
    found = []
    for suite in suites:
        kept = tuple(
            scenario
            for scenario in suite.scenarios
            if any(_matches(scenario.name.text, word) for word in only)
        )
        if kept:
            found.append(replace(suite, scenarios=kept))
    return tuple(found)


def _matches(name: str, word: str) -> bool:
    return fnmatchcase(name.lower(), word.lower()) or name.lower() == word.lower()
