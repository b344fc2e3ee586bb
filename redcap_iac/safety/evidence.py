"""What an apply leaves for an auditor: a folder that vouches for its bytes, chained to the last.

`evidence.json` names the sha256 of each file beside it and of the `evidence.json` of the bundle
before, and is itself written in one form only, so that a changed byte anywhere shows. Somebody who
rewrites the whole chain is found out by any digest kept elsewhere: each apply prints its own.
Never a token, never a record value.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redcap_iac.errors import RedcapIacError
from redcap_iac.safety.private_files import settle, write_private
from redcap_iac.safety.state_folder import EVIDENCE, new_folder

#: The file of a bundle that vouches for the others, and the file of the folder that names the last.
MANIFEST, HEAD = "evidence.json", "head.json"
FORMAT_VERSION = "1.0"
_LARGEST = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle of evidence: its folder, the digest of its manifest, what it says of itself."""

    folder: Path
    digest: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: the bundles looked at, how many files, and what is wrong, if anything."""

    bundles: tuple[Bundle, ...]
    files: int
    problems: tuple[str, ...]


def write_bundle(
    parent: Path, name: str, files: Mapping[str, bytes], about: Mapping[str, Any]
) -> Bundle:
    """Write a bundle and chain it to the last one; files are on the disk before they are named.

    The folder's name is `name` with a number before it, so that bundles sort as they were written;
    `files` may lie in subfolders (`/`). Raises GuardError or RedcapIacError when it cannot be
    written.
    """
    before = _head(parent)
    number = 1 + int((before or {"name": "0"})["name"].partition("-")[0])
    folder = new_folder(parent, f"{number:06}-{name}")
    for path, data in sorted(files.items()):
        place = folder.joinpath(*path.split("/"))
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(place, data.decode(), durable=True)
    body = {
        "format_version": FORMAT_VERSION,
        **about,
        "files": {
            path: {"sha256": _digest(data), "bytes": len(data)}
            for path, data in sorted(files.items())
        },
        "previous": before,
    }
    text = _canonical(body)
    write_private(folder / MANIFEST, text, durable=True)
    digest = _digest(text.encode())
    write_private(parent / HEAD, _canonical({"name": folder.name, "sha256": digest}), durable=True)
    settle(parent)
    return Bundle(folder, digest, body)


def bundles(parent: Path) -> tuple[Bundle, ...]:
    """Return the bundles of a folder that can be read, the oldest first; vouches for nothing."""
    found = []
    for path in sorted(parent.glob(f"*/{MANIFEST}")):
        data = _read(path)
        body = _parsed(data)
        if data is not None and body is not None:
            found.append(Bundle(path.parent, _digest(data), body))
    return tuple(found)


def check(folder: Path) -> Checked:
    """Verify a bundle, a folder of bundles, or a state folder; offline.

    Raises RedcapIacError when there is no evidence at all.
    """
    if (folder / MANIFEST).exists():
        problems = list(_check_bundle(folder))
        found = bundles(folder.parent)
        own = tuple(bundle for bundle in found if bundle.folder == folder)
        problems += _check_link(own, found)
        return Checked(own, _counted(own), tuple(problems))
    parent = folder / EVIDENCE if (folder / EVIDENCE).is_dir() else folder
    names = sorted(path for path in parent.iterdir() if path.is_dir()) if parent.is_dir() else []
    if not names:
        raise RedcapIacError(
            f"There is no evidence in {folder}.",
            "Name the folder that an apply printed, or the state folder.",
        )
    problems = [problem for name in names for problem in _check_bundle(name)]
    found = bundles(parent)
    problems += _check_chain(parent, found)
    return Checked(found, _counted(found), tuple(problems))


def _check_bundle(folder: Path) -> Iterator[str]:
    data = _read(folder / MANIFEST)
    body = _parsed(data)
    if data is None:
        yield f"{folder.name}: {MANIFEST} is missing"
        return
    if body is None or _canonical(body).encode() != data:
        yield f"{folder.name}: {MANIFEST} was altered"
        return
    known: Mapping[str, Any] = body["files"]
    there = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    } - {MANIFEST}
    if folder.is_symlink() or (folder / MANIFEST).is_symlink():
        yield f"{folder.name}: it is a link, or {MANIFEST} is one: it vouches for nothing"
    for name in sorted(there - known.keys()):
        yield f"{folder.name}: {name} does not belong to it"
    for name, vouched in sorted(known.items()):
        place = folder.joinpath(*name.split("/"))
        content = _read(place) if name in there and not place.is_symlink() else None
        if content is None:
            yield f"{folder.name}: {name} is missing"
        elif (_digest(content), len(content)) != (vouched["sha256"], vouched["bytes"]):
            yield f"{folder.name}: {name} was altered"


def _check_link(own: Sequence[Bundle], found: Sequence[Bundle]) -> Iterator[str]:
    """Look whether the bundle before is the one that was there, where it still lies beside it."""
    by_name = {bundle.folder.name: bundle for bundle in found}
    for bundle in own:
        previous = bundle.body["previous"]
        beside = by_name.get(previous["name"]) if previous else None
        if beside is not None and beside.digest != previous["sha256"]:
            yield f"{bundle.folder.name}: the bundle before it, {beside.folder.name}, was altered"


def _check_chain(parent: Path, found: Sequence[Bundle]) -> Iterator[str]:
    last: Mapping[str, str] | None = None
    for bundle in _in_order(found):
        if bundle.body["previous"] != last:
            wanted = (bundle.body["previous"] or {}).get("name", "none")
            yield f"{bundle.folder.name}: it follows on {wanted}, which is not what is there"
        last = {"name": bundle.folder.name, "sha256": bundle.digest}
    if last is None or _read(parent / HEAD) != _canonical(last).encode():
        yield f"{HEAD}: the last bundle it names is not what is there"


def _in_order(found: Sequence[Bundle]) -> Iterator[Bundle]:
    """Yield bundles along their chain; those that hang on nothing come last, by name."""
    following = {(b.body["previous"] or {}).get("name", ""): b for b in reversed(found)}
    waiting = {bundle.folder.name: bundle for bundle in found}
    name = ""
    while (bundle := following.get(name)) is not None and bundle.folder.name in waiting:
        name = bundle.folder.name
        yield waiting.pop(name)
    yield from waiting.values()


def _head(parent: Path) -> Mapping[str, str] | None:
    """Return the name and digest of the last bundle, None for the first."""
    data = _read(parent / HEAD)
    if data is None:
        return None
    try:
        head = json.loads(data)
        int(head["name"].partition("-")[0])
        return {name: str(head[name]) for name in ("name", "sha256")}
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise RedcapIacError(
            f"{parent / HEAD} was altered or is damaged: no evidence can be chained to it.",
            "Look with `redcap-iac evidence check`, and keep this folder aside.",
        ) from None


def _parsed(data: bytes | None) -> dict[str, Any] | None:
    """Return a manifest, None for what has not the shape of one."""
    try:
        body = json.loads(data or b"")
        previous = body["previous"]
        named = {} if previous is None else {previous["name"]: previous["sha256"]}
        vouched = {name: file["sha256"] for name, file in body["files"].items()}
        sizes = [file["bytes"] for file in body["files"].values()]
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None
    texts = [*named, *named.values(), *vouched.values()]
    is_whole = all(isinstance(text, str) for text in texts) and None not in sizes
    return body if is_whole and isinstance(body, dict) else None


def _counted(found: Sequence[Bundle]) -> int:
    return sum(len(bundle.body["files"]) + 1 for bundle in found)


def _canonical(body: Mapping[str, Any]) -> str:
    return json.dumps(body, indent=1, sort_keys=True) + "\n"


def _read(path: Path) -> bytes | None:
    if not path.is_file():  # a pipe would never end
        return None
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError:
        return None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
