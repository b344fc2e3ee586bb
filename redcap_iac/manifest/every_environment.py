"""Are the files right whichever environment is meant? Its variables may make the difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from redcap_iac.errors import ManifestError
from redcap_iac.findings import Finding, Severity
from redcap_iac.manifest.files import ProjectFiles
from redcap_iac.manifest.loader import Manifest, look_over


def load_for_every(folder: Path, *, files: ProjectFiles | None = None) -> Manifest:
    """Read a project folder as without an environment, and once for each that says otherwise.

    Findings that come with an environment name it. Raises ManifestError when any is an error.
    """
    manifest = look_over(folder, files=files)
    found = (*manifest.findings, *_others(folder, files, manifest))
    if any(finding.severity is Severity.ERROR for finding in found):
        raise ManifestError(found)
    return replace(manifest, findings=found)


def _others(folder: Path, files: ProjectFiles | None, manifest: Manifest) -> Iterator[Finding]:
    """Yield what is found with the variables of the other environments alone."""
    known = set(manifest.findings)
    judged = [manifest.scope.values]
    for name in manifest.scope.own:
        values = manifest.scope.values_of(name)
        if values in judged:
            continue
        judged.append(values)
        for finding in _findings(folder, files, name):
            if finding not in known:
                known.add(finding)
                yield replace(finding, message=f"With the variables of {name}: {finding.message}")


def _findings(folder: Path, files: ProjectFiles | None, name: str) -> tuple[Finding, ...]:
    try:
        return look_over(folder, files=files, environment=name).findings
    except ManifestError as error:
        return error.findings
