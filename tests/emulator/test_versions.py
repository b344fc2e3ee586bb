from __future__ import annotations

import pytest

from redcap_iac.emulator.versions import Version


def test_versions_are_compared_by_number() -> None:
    assert Version.parse("9.10.0") < Version.parse("14.5.2") < Version.parse("14.5.10")


def test_a_version_is_written_as_it_is_read() -> None:
    assert str(Version.parse("16.1.3")) == "16.1.3"


@pytest.mark.parametrize("text", ["", "16", "16.1", "16.1.3.4", "v16.1.3", "16.x.1", "16..1"])
def test_anything_else_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match="looks like"):
        Version.parse(text)
