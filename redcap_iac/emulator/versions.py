"""Server versions and the columns and codings that came with them."""

from __future__ import annotations

from typing import NamedTuple


class Version(NamedTuple):
    """A REDCap version, compared number by number."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read `16.1.3`; raises ValueError for anything else."""
        parts = text.strip().split(".")
        if len(parts) != 3 or not all(part.isdigit() for part in parts):
            raise ValueError(f"a REDCap version looks like 16.1.3, not {text!r}")
        return cls(*(int(part) for part in parts))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


USER_RIGHTS_READ_ONLY = Version(14, 1, 0)
API_MODULES = Version(14, 0, 3)
EMAIL_LOGGING = Version(14, 4, 0)
FORM_RIGHT_BITS = Version(15, 6, 0)
PI_EMAIL = Version(15, 8, 2)
ROLE_MAPPING_DAG = Version(13, 0, 0)
DAG_ID = Version(13, 1, 0)
EVENT_ID = Version(12, 5, 0)
DAG_LABEL = Version(16, 0, 0)
FILE_LIST_SIX_COLUMNS = Version(16, 0, 8)
DATA_EXPORT_LOWER_CASE = Version(17, 0, 0)  # in log entries; seen at 17.0.3
