"""Reading R's binary files."""

from __future__ import annotations

import gzip
import struct

import pytest

from tests.emulator.proof import r_binary
from tests.emulator.proof.r_binary import RVector

HEAD = b"X\n" + struct.pack(">iii", 2, 0x030600, 0x020300)


def number(*values: int) -> bytes:
    return struct.pack(f">{len(values)}i", *values)


def word(text: str) -> bytes:
    return number(9, len(text)) + text.encode()


def test_a_vector_of_numbers_with_a_hole() -> None:
    found = r_binary.read(gzip.compress(HEAD + number(13, 3, 7, -(2**31), 9)))
    assert found == RVector((7, None, 9))


def test_a_list_with_names() -> None:
    names = number(0x402) + number(1) + word("names") + number(16, 2) + word("a") + word("b")
    members = number(16, 1) + word("x") + number(10, 1, 1)
    content = HEAD + number(0x213, 2) + members + names + number(254)
    found = r_binary.read(gzip.compress(content))
    assert isinstance(found, RVector)
    assert found.member("a") == RVector(("x",))
    assert found.member("b") == RVector((True,))


def test_the_first_object_of_a_workspace() -> None:
    pairs = number(0x402) + number(1) + word("kept") + number(13, 1, 5) + number(254)
    assert r_binary.read(gzip.compress(b"RDX2\n" + HEAD + pairs)) == RVector((5,))


@pytest.mark.parametrize("content", [b"A\n1\n", HEAD + number(21)])
def test_what_recordings_do_not_hold_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="R"):
        r_binary.read(gzip.compress(content))
