"""Who wrote a change, who runs it, from which commit: claimed by the machine, the job, git.

The one place that knows what CI services call these things.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from redcap_iac.errors import RedcapIacError
from redcap_iac.manifest.commit import asked
from redcap_iac.provenance import Provenance

#: What CI services say of a run, by the name it has here.
_CI: Mapping[str, tuple[str, ...]] = {
    "actor": (
        "GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_REQUESTEDFOR",
        "CIRCLE_USERNAME", "BITBUCKET_STEP_TRIGGERER_UUID", "BUILD_USER_ID",
    ),
    "run": ("GITHUB_RUN_ID", "CI_PIPELINE_ID", "BUILD_BUILDID", "CIRCLE_BUILD_NUM", "BUILD_TAG"),
    "address": ("CI_JOB_URL", "BUILD_URL", "CIRCLE_BUILD_URL"),
    "repository": ("GITHUB_REPOSITORY", "CI_PROJECT_PATH", "BITBUCKET_REPO_FULL_NAME"),
    "commit": ("GITHUB_SHA", "CI_COMMIT_SHA", "BUILD_SOURCEVERSION", "CIRCLE_SHA1", "GIT_COMMIT"),
}  # fmt: skip
_LOGIN = ("USER", "LOGNAME", "USERNAME")
#: What the job itself says; it goes before everything else.
_AUTHOR, _APPROVER = "REDCAP_IAC_AUTHOR", "REDCAP_IAC_APPROVER"
#: Who started a job, under every name its service knows them by; the first service that says it.
_STARTED: tuple[tuple[str, ...], ...] = (
    ("GITLAB_USER_LOGIN", "GITLAB_USER_EMAIL", "GITLAB_USER_NAME"),
    ("GITHUB_TRIGGERING_ACTOR",),
)
#: GitLab's author of the commit, where git itself cannot be asked.
_COMMITTED = "CI_COMMIT_AUTHOR"
#: The address GitHub makes of a login for those who keep their own to themselves.
_GITHUB = re.compile(r"(\d+\+)?(?P<login>[^@+]+)@users\.noreply\.github\.com", re.IGNORECASE)
_NAME_AND_MAIL = re.compile(r"(?P<name>[^<]*)<(?P<mail>[^>]*)>")
#: How git prints the author and those a commit names beside them, one to a line.
_WROTE = "%an <%ae>%n%(trailers:key=Co-authored-by,valueonly,only)"
#: A program that commits: formatters, updates of dependencies.
_BOT = re.compile(r"\[bot\]|^bot[ @]|[-_.]bot[ @>]", re.IGNORECASE)
#: How many commits of programs are looked behind for a person.
_MOST_COMMITS = 50


def provenance(folder: Path, environ: Mapping[str, str]) -> Provenance:
    """Return what is claimed and known; nothing of it is proof, and an auditor is told so."""
    claims = {
        "login": next((environ[name] for name in _LOGIN if environ.get(name)), ""),
        "author": environ.get(_AUTHOR, "").strip(),
        "approver": environ.get(_APPROVER, "").strip(),
    }
    ci = {
        said: environ[name]
        for said, names in _CI.items()
        if (name := next((name for name in names if environ.get(name)), ""))
    }
    commit = _said(folder, environ, "rev-parse", "--verify", "--quiet", "HEAD") or ""
    return Provenance(
        claimed={name: said for name, said in claims.items() if said},
        ci=ci,
        commit=commit,
        author=", ".join(_wrote(folder, environ)) if commit else "",
        is_dirty=_is_dirty(folder, environ) if commit else None,
    )


def authors(folder: Path, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return every name of whoever wrote the change that is to be applied, () when unknown.

    What the job says; else the author of the last commit of a person that touched the folder, and
    whom it names as co-author; merges are nobody's work. Files that differ from the commit are
    nobody's known work either. Outside git, GitLab's author of the commit. Names of git say nothing
    where the approver is known by a login alone, which git knows of no author but by an address
    that GitHub made of it.
    """
    if said := _names([environ.get(_AUTHOR, "")]):
        return said
    dirty = _is_dirty(folder, environ)
    if dirty:
        return ()
    wrote = _names((dirty is not None and _wrote(folder, environ)) or [environ.get(_COMMITTED, "")])
    logins = tuple(found["login"] for name in wrote if (found := _GITHUB.fullmatch(name)))
    only_login = not any(" " in name or "@" in name for name in approvers(environ))
    return () if only_login and not logins else (*wrote, *logins)


def approvers(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return every name of whoever approved: what the job says, else who started it, else ()."""
    for variables in ((_APPROVER,), *_STARTED):
        if names := _names(environ.get(name, "") for name in variables):
            return names
    return ()


def _wrote(folder: Path, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return author and co-authors of the last commit of a person that touched the folder.

    A program's own commit tells of nobody behind it; only where there is no other it is the author.
    """
    last: tuple[str, ...] = ()
    told = _said(
        folder, environ, "log", "--no-merges", f"--max-count={_MOST_COMMITS}",
        f"--format={_WROTE}%x00", "--", ".",
    )  # fmt: skip
    for entry in (told or "").split("\0"):
        wrote = tuple(dict.fromkeys(line.strip() for line in entry.splitlines() if line.strip()))
        people = tuple(name for name in wrote if not _BOT.search(name))
        if people:
            return people
        last = last or wrote
    return last


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the names in texts, each once, and e-mail addresses beside them as names too."""
    parts = (part.strip() for text in texts for part in _parts(text.strip()))
    return tuple(dict.fromkeys(part for part in parts if part))


def _parts(text: str) -> tuple[str, ...]:
    """Return name and e-mail of `Ada Boyd <ada@example.org>`, else the text; commas part names."""
    found = _NAME_AND_MAIL.fullmatch(text)
    return (found["name"], found["mail"]) if found else tuple(text.split(","))


def _is_dirty(folder: Path, environ: Mapping[str, str]) -> bool | None:
    """Tell whether files of a folder differ from its commit; None outside git."""
    changed = _said(folder, environ, "status", "--porcelain", "--", ".")
    return None if changed is None else bool(changed)


def _said(folder: Path, environ: Mapping[str, str], *words: str) -> str | None:
    try:
        answer = asked(folder, environ, *words)
    except RedcapIacError:
        return None
    return None if answer is None else answer.decode("utf-8", "replace").strip()
