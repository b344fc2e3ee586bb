"""Reads R's binary files (.rds, .Rdata), as far as recorded answers need it."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

#: What a cell may be; NA is None.
Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class RVector:
    """An R vector or list; attributes by name (`names`, `class`, `row.names`, …)."""

    values: tuple[object, ...]
    attributes: Mapping[str, object] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the members, empty without any."""
        names = self.attributes.get("names")
        return tuple(str(name) for name in names.values) if isinstance(names, RVector) else ()

    def member(self, name: str) -> object:
        """Return a member of a list by its name; raises KeyError."""
        return dict(zip(self.names, self.values, strict=True))[name]


def read(packed: bytes) -> object:
    """Return the object of an .rds, or the first object of an .Rdata file.

    Raises ValueError for what the format has and no recorded answer needs (byte code and such).
    """
    content = gzip.decompress(packed)
    is_workspace = content.startswith((b"RDX2\n", b"RDX3\n"))
    reader = _Reader(content[5:] if is_workspace else content)
    found = reader.start()
    return found[0][1] if is_workspace and isinstance(found, list) else found


_NA_INTEGER = -(2**31)
_NA_REAL = struct.pack(">Q", 0x7FF00000000007A2)
_HAS_ATTRIBUTES, _HAS_TAG = 0x200, 0x400
_NOTHING, _PAIRS = 254, 2


class _Reader:
    """One pass over the bytes; symbols are kept, since later items name them by number."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0
        self._symbols: list[object] = []
        self._readers: Mapping[int, Callable[[int], object]] = {
            1: self._symbol,
            _PAIRS: self._pairs,
            9: self._characters,
            10: lambda flags: self._vector(flags, self._logical),
            13: lambda flags: self._vector(flags, self._number),
            14: lambda flags: self._vector(flags, self._real),
            16: lambda flags: self._vector(flags, self._item),
            19: lambda flags: self._vector(flags, self._item),
            238: self._compact,
            _NOTHING: lambda _: None,
            255: self._reference,
        }

    def start(self) -> object:
        if self._bytes(2) != b"X\n":
            raise ValueError("not the binary form of R data")
        version = self._integer()
        self._bytes(8)  # the versions of R that wrote it and that may read it
        if version == 3:
            self._bytes(self._integer())
        return self._item()

    def _bytes(self, count: int) -> bytes:
        found = self._content[self._at : self._at + count]
        self._at += count
        return found

    def _integer(self) -> int:
        return int(struct.unpack(">i", self._bytes(4))[0])

    def _number(self) -> Scalar:
        value = self._integer()
        return None if value == _NA_INTEGER else value

    def _logical(self) -> Scalar:
        value = self._integer()
        return None if value == _NA_INTEGER else bool(value)

    def _real(self) -> Scalar:
        packed = self._bytes(8)
        return None if packed == _NA_REAL else float(struct.unpack(">d", packed)[0])

    def _item(self) -> object:
        return self._read(self._integer())

    def _read(self, flags: int) -> object:
        kind = flags & 0xFF
        if kind not in self._readers:
            raise ValueError(f"an R object of type {kind} at byte {self._at}")
        return self._readers[kind](flags)

    def _characters(self, _: int) -> str | None:
        length = self._integer()
        return None if length == -1 else self._bytes(length).decode()

    def _symbol(self, _: int) -> object:
        self._symbols.append(self._item())
        return self._symbols[-1]

    def _reference(self, flags: int) -> object:
        return self._symbols[(flags >> 8) - 1]

    def _vector(self, flags: int, read_one: Callable[[], object]) -> RVector:
        values = tuple(read_one() for _ in range(self._integer()))
        found = self._item() if flags & _HAS_ATTRIBUTES else None
        return RVector(values, _named(found))

    def _pairs(self, flags: int) -> list[tuple[object, object]]:
        """Read a pair list as (tag, value); what ends it, mostly nothing, is left out."""
        pairs: list[tuple[object, object]] = []
        while flags & 0xFF == _PAIRS:
            tag = self._item() if flags & _HAS_TAG else None
            pairs.append((tag, self._item()))
            flags = self._integer()
        self._read(flags)
        return pairs

    def _compact(self, _: int) -> RVector:
        """Read a sequence kept by length, start and step, or a vector with its attributes apart."""
        form, state, attributes = self._item(), self._item(), self._item()
        name = form[0][1] if isinstance(form, list) else ""
        if name == "compact_intseq" and isinstance(state, RVector):
            count, first, step = (int(str(value).removesuffix(".0")) for value in state.values)
            return RVector(tuple(first + step * index for index in range(count)))
        wrapped = state[0][1] if isinstance(state, list) else state
        if isinstance(wrapped, RVector):
            return RVector(wrapped.values, {**wrapped.attributes, **_named(attributes)})
        raise ValueError(f"an R object kept as {name}")


def _named(pairs: object) -> Mapping[str, object]:
    return {str(tag): value for tag, value in pairs} if isinstance(pairs, list) else {}
