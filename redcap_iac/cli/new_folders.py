"""Files of a new project folder: all of them or none, and never over what is there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from redcap_iac.errors import GuardError
from redcap_iac.manifest.loader import MANIFEST

IGNORED = "# what redcap-iac keeps for itself, and tokens\n.redcap-iac/\n*.token\n.env\n"


def refuse_taken(folder: Path, names: tuple[str, ...] = (MANIFEST,)) -> None:
    """Raise GuardError when a file is there that would be written."""
    for name in names:
        if (folder / name).exists() or (folder / name).is_symlink():
            raise GuardError(
                f"{folder / name} is there already; nothing was written.", "Name another folder."
            )


def write_folder(folder: Path, files: Mapping[str, str], *, private: bool = False) -> None:
    """Write files by their paths; `private` ones only their owner may read.

    `.gitignore` is written too, unless there is one. Raises GuardError when any of the files is
    there, OSError when one cannot be written.
    """
    refuse_taken(folder, tuple(files))
    mode = 0o700 if private else 0o777
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    ignored = {} if (folder / ".gitignore").exists() else {".gitignore": IGNORED}
    for name, text in {**files, **ignored}.items():
        path = folder / name
        path.parent.mkdir(mode=mode, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            if private:
                path.chmod(0o600)
            file.write(text)


def packaged(folder: str) -> dict[str, str]:
    """Return the files of a folder that comes with the tool, by their paths."""
    root = Path(__file__).parent / folder
    found = (path for path in root.rglob("*") if path.suffix in (".yaml", ".csv"))
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(found)
    }
