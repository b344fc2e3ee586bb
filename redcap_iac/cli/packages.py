"""Where packages lie: written whole, found again, read only as they were written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from redcap_iac.cli.invocation import Invocation
from redcap_iac.errors import GuardError, ManifestError, RedcapIacError
from redcap_iac.findings import Findings
from redcap_iac.formats.dictionary_csv import read_dictionary
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.plan import Plan
from redcap_iac.plan_json import plan_id
from redcap_iac.production.package import DICTIONARY, Package
from redcap_iac.production.record import NAME, Record, read_record, recorded, sha256
from redcap_iac.safety.private_files import write_private
from redcap_iac.safety.state_folder import PACKAGES, new_folder, prepared
from redcap_iac.views.package_page import package_files
from redcap_iac.workflow import Session
from redcap_iac.workflow.packaging import Draft

_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Written:
    """A package in its folder; `fields` is its dictionary, None when it brings none."""

    folder: Path
    record: Record
    fields: tuple[Field, ...] | None


def write_package(
    invocation: Invocation, session: Session, package: Package, out: str | None, ticket: str
) -> Path:
    """Write a package to a new folder of its owner alone (0700, files 0600); return it.

    Without `out` that is a folder of the state folder. Raises GuardError when there is something.
    """
    files = package_files(package, ticket)
    folder = _named(invocation, out) if out is not None else _kept(session, package.plan)
    for name, text in files.items():
        write_private(folder / name, text)
    # last: a folder without it is no package
    write_private(folder / NAME, recorded(package, plan_id(package.plan), files))
    return folder


def _named(invocation: Invocation, out: str) -> Path:
    folder = invocation.path(out)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise GuardError(
            f"{folder} is there already; it is not overwritten, and nothing was written.",
            "Name another folder.",
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def _kept(session: Session, plan: Plan) -> Path:
    if session.state_dir is None:
        raise GuardError("There is no folder for packages.", "Name one with --out.")
    made = "".join(letter for letter in plan.created if letter.isalnum())
    return new_folder(_packages(session, plan.target.project_id), made)


def _packages(session: Session, project_id: str) -> Path:
    assert session.state_dir is not None
    return prepared(session.state_dir, PACKAGES, f"project-{project_id}")


def read_package(folder: Path) -> Written:
    """Return a package as it was written.

    Raises RedcapIacError when there is none, or a file of it was altered since.
    """
    record = read_record(_text(folder / NAME))
    for name, digest in record.files.items():
        if Path(name).name != name:
            raise RedcapIacError(f"The package names a file outside its folder: {name}.")
        if sha256(_text(folder / name)) != digest:
            raise RedcapIacError(
                f"{folder / name} was altered after the package was written.",
                "Make the package again: redcap-iac package",
            )
    if DICTIONARY not in record.files:
        return Written(folder, record, None)
    return Written(folder, record, read_fields(folder / DICTIONARY, DICTIONARY))


def newest_package(session: Session, project_id: str) -> Written | None:
    """Return the newest package of a project in the state folder, None when there is none."""
    if session.state_dir is None:
        return None
    root = session.state_dir / PACKAGES / f"project-{project_id}"
    found = [path for path in root.glob("*") if (path / NAME).is_file()] if root.is_dir() else []
    if not found:
        return None
    # several of one second are numbered: -10 comes after -9
    return read_package(max(found, key=lambda path: (path.stat().st_mtime_ns, path.name)))


def read_draft(invocation: Invocation, file: str) -> Draft:
    """Return a dictionary downloaded from REDCap; ManifestError when it is none."""
    return Draft(Path(file).name, read_fields(invocation.path(file), file))


def read_fields(path: Path, name: str) -> tuple[Field, ...]:
    """Return the fields of a CSV dictionary; ManifestError with all that is wrong in it."""
    findings = Findings()
    fields = read_dictionary(_bytes(path), name, findings)
    if findings.errors():
        raise ManifestError(findings.all())
    return fields


def say_of_packages(invocation: Invocation, session: Session, plan: Plan) -> None:
    """Say whether the newest package of a project still fits what is live."""
    if not plan.waiting:
        return
    try:
        newest = newest_package(session, plan.target.project_id)
    except RedcapIacError as error:
        invocation.screen.say(f"The newest package cannot be read: {error.message}")
        return
    if newest is None:
        return
    made = f"The package {newest.folder}, made {newest.record.created},"
    stale = newest.record.fingerprint.get("fields") != plan.fingerprint.get("fields")
    if stale:
        again = invocation.command("package")
        invocation.screen.say(f"{made} is stale: the live dictionary changed. Again: {again}")
    elif newest.record.manifest_digest != plan.manifest_digest:
        again = invocation.command("package")
        invocation.screen.say(f"{made} is of other files than these. Again: {again}")
    else:
        invocation.screen.say(f"{made} fits what is live.")


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        raise RedcapIacError(f"{path} is not UTF-8 text.") from None


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise RedcapIacError(f"{path} cannot be read: {error.strerror}.") from None
    if len(data) > _LARGEST:
        raise RedcapIacError(f"{path} is larger than 64 MB.")
    return data
