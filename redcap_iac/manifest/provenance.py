"""Who runs this and from which commit: claimed by the machine, known by the CI service."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from redcap_iac.errors import RedcapIacError
from redcap_iac.manifest.commit import asked
from redcap_iac.provenance import Provenance

#: What CI services say of a run, by the name it has here.
_CI: Mapping[str, tuple[str, ...]] = {
    "actor": (
        "GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_REQUESTEDFOR", "CIRCLE_USERNAME",
        "BITBUCKET_STEP_TRIGGERER_UUID", "BUILD_USER_ID",
    ),
    "run": ("GITHUB_RUN_ID", "CI_PIPELINE_ID", "BUILD_BUILDID", "CIRCLE_BUILD_NUM", "BUILD_TAG"),
    "address": ("CI_JOB_URL", "BUILD_URL", "CIRCLE_BUILD_URL"),
    "repository": ("GITHUB_REPOSITORY", "CI_PROJECT_PATH", "BITBUCKET_REPO_FULL_NAME"),
    "commit": ("GITHUB_SHA", "CI_COMMIT_SHA", "BUILD_SOURCEVERSION", "CIRCLE_SHA1", "GIT_COMMIT"),
}  # fmt: skip
_LOGIN = ("USER", "LOGNAME", "USERNAME")


def provenance(folder: Path, environ: Mapping[str, str]) -> Provenance:
    """Return what is claimed and known; nothing of it is proof, and an auditor is told so."""
    login = next((environ[name] for name in _LOGIN if environ.get(name)), "")
    ci = {
        said: environ[name]
        for said, names in _CI.items()
        if (name := next((name for name in names if environ.get(name)), ""))
    }
    commit = _said(folder, environ, "rev-parse", "--verify", "--quiet", "HEAD") or ""
    author = _said(folder, environ, "show", "-s", "--format=%an <%ae>", "HEAD") if commit else ""
    changed = _said(folder, environ, "status", "--porcelain", "--", ".") if commit else None
    return Provenance(
        claimed={"login": login} if login else {},
        ci=ci,
        commit=commit,
        author=author or "",
        is_dirty=None if changed is None else bool(changed),
    )


def _said(folder: Path, environ: Mapping[str, str], *words: str) -> str | None:
    try:
        answer = asked(folder, environ, *words)
    except RedcapIacError:
        return None
    return None if answer is None else answer.decode("utf-8", "replace").strip()
