"""`redcap-iac pull` into a folder that has a manifest: merge, show, write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from redcap_iac.cli import connecting
from redcap_iac.cli.base import read_base
from redcap_iac.cli.invocation import Invocation
from redcap_iac.errors import GuardError
from redcap_iac.merging.renames import Consent, Proposal
from redcap_iac.merging.verdict import Preference
from redcap_iac.views.merging import Circumstances, merge_json, merge_lines, question_of
from redcap_iac.workflow import Session
from redcap_iac.workflow.placing import kept_copies, place, require_writable
from redcap_iac.workflow.pulling import Pulled, Wish, keep, known_base, present, unsaved
from redcap_iac.workflow.pulling import pull as merge_in

_CHANGES, _OPEN, _STOPPED = 2, 1, 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of a merge."""

    base: str | None
    preference: Preference
    consent: Consent
    sections: tuple[str, ...]
    dry_run: bool
    force: bool
    detailed: bool
    format: str


def merge_into(invocation: Invocation, folder: Path, wanted: Asked) -> int:
    """Merge REDCap into the files of a folder; returns the exit code.

    1 where something stays open (all else is written), 3 where nothing could be.
    """
    invocation = replace(invocation, folder=folder)
    manifest = connecting.read_manifest(invocation)
    environment = connecting.environment_of(invocation, manifest)
    session = connecting.connect(invocation, environment)
    environ = invocation.outside.environ
    if wanted.base is not None:
        base = read_base(invocation, wanted.base, environment.name)
        said = base.said if base is not None else ""
    else:
        base, said = known_base(session, folder, environ)
    wish = Wish(base, wanted.preference, wanted.consent, wanted.sections)
    if base is not None and base.ref != "HEAD":
        wish = replace(wish, commit=present(session, folder, environ))
    if not wanted.dry_run:
        wish = replace(wish, asked=_asking(invocation))
    with invocation.screen.working(f"Reading the project at {session.client.connection.host}"):
        pulled = merge_in(session, folder, manifest, wish)
    kept = "" if wanted.dry_run else _write(invocation, session, pulled, force=wanted.force)
    if not wanted.dry_run:
        keep(session, pulled, base)
    code = _code(pulled, detailed=wanted.detailed)
    about = Circumstances(said, wanted.dry_run, kept)
    if wanted.format == "json":
        invocation.screen.show(merge_json(pulled, about, code))
    else:
        invocation.screen.show(merge_lines(pulled, about, invocation.screen.width))
    return code


def _asking(invocation: Invocation) -> Callable[[Proposal], bool | None]:
    def asked(one: Proposal) -> bool | None:
        if not invocation.outside.is_interactive():
            return None
        return invocation.decided(question_of(one))

    return asked


def _code(pulled: Pulled, *, detailed: bool) -> int:
    if pulled.open_renames:
        return _STOPPED
    if pulled.conflicts:
        return _OPEN
    return _CHANGES if detailed and pulled.after else 0


def _write(invocation: Invocation, session: Session, pulled: Pulled, *, force: bool) -> str:
    """Put the files in place; return where the old ones were kept, "" for nowhere."""
    if not pulled.after:
        return ""
    folder = invocation.folder
    require_writable(folder, pulled.before)
    kept = ""
    if pulled.overwrites:
        loose = unsaved(folder, invocation.outside.environ)
        lost = [name for name in pulled.before if loose is None or name in loose]
        if lost and loose is not None and not force:
            raise GuardError(
                f"{', '.join(lost)}: REDCap's side would take the place of work that is in no"
                " commit; nothing was written.",
                "Commit the files, or add --force: they are kept in the state folder then.",
            )
        if lost and session.state_dir is not None:
            stamp = session.now().strftime("%Y%m%dT%H%M%SZ")
            kept = str(kept_copies(session.state_dir, stamp, pulled.before))
    place(folder, pulled.after)
    return kept
