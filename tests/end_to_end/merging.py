"""A study kept in files, changed here and in REDCap, and merged by `pull`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from redcap_iac.manifest.loader import load
from redcap_iac.merging.renames import Consent
from redcap_iac.merging.verdict import Preference
from redcap_iac.state import Desired
from redcap_iac.workflow.placing import place
from redcap_iac.workflow.pulling import Pulled, Wish, keep, pull
from redcap_iac.workflow.session import Base
from tests.emulator.served import Project
from tests.end_to_end.study import NOW, Study


@dataclass(slots=True)
class Kept:
    """A folder of files, its project, and the design both had at the base."""

    study: Study
    base: Desired | None = None
    state_dir: Path | None = None

    @classmethod
    def of(cls, project: Project, folder: Path, files: Mapping[str, str]) -> Kept:
        """Write the files and apply them: the base is what both sides have now."""
        kept = cls(Study(project, folder))
        kept.write(files)
        applied = kept.study.apply(kept.study.goal())
        assert applied.outcomes[-1].error is None, applied.outcomes[-1].error
        assert applied.proof is not None
        assert applied.proof.changes == (), applied.proof.changes
        kept.base = load(folder).desired
        return kept

    @property
    def folder(self) -> Path:
        return self.study.folder

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())

    def read(self, name: str = "redcap.yaml") -> str:
        return (self.folder / name).read_bytes().decode()

    def edit(self, old: str, new: str, name: str = "redcap.yaml") -> None:
        """Change one place in a file, as a person would."""
        text = self.read(name)
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        self.write({name: text.replace(old, new)})

    def outside(self, content: str, *rows: Mapping[str, object]) -> None:
        """Import rows past the manifest, as somebody on REDCap's pages would change them."""
        action = None if content == "metadata" else "import"
        answer = self.study.project.post(content, action, data=json.dumps(rows))
        assert answer.status_code == 200, answer.text

    def field(self, name: str, **columns: str) -> None:
        """Change columns of a field in REDCap."""
        rows = self.study.project.rows("metadata")
        next(row for row in rows if row["field_name"] == name).update(columns)
        self.outside("metadata", *rows)

    def dictionary(self, change: Any) -> None:  # noqa: ANN401 - a function of rows
        """Change the rows of the dictionary in REDCap."""
        rows = self.study.project.rows("metadata")
        self.outside("metadata", *(change(rows) or rows))

    def pull(self, **wishes: Any) -> Pulled:  # noqa: ANN401 - fields of `Wish`
        """Merge and put the files in place."""
        base = None
        if self.base is not None:
            base = Base("base", "1" * 40, NOW, self.base)
        wish = Wish(
            wishes.get("base", base),
            wishes.get("preference", Preference()),
            wishes.get("consent", Consent()),
            wishes.get("sections", ()),
            wishes.get("commit"),
        )
        session = replace(self.study.session, state_dir=self.state_dir)
        pulled = pull(session, self.folder, load(self.folder), wish)
        place(self.folder, pulled.after)
        keep(session, pulled, wish.base)
        return pulled

    def left(self) -> list[str]:
        """Return the addresses of what a plan of the files would change."""
        return [change.address for change in self.study.plan(self.study.goal()).plan.changes]


def row_of(row: Mapping[str, Any], **columns: str) -> dict[str, Any]:
    """Return a row of the dictionary with other columns, the rest empty."""
    return {**dict.fromkeys(row, ""), **columns}
