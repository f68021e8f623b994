"""Machine code made ready to run: a relocatable ELF object, placed in memory of its own, its addresses filled in."""

from __future__ import annotations

import ctypes
import mmap
import struct
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_SECTION = np.dtype(
    {
        "names": ["type", "flags", "offset", "size", "link", "info", "align"],
        "formats": ["<u4", "<u8", "<u8", "<u8", "<u4", "<u4", "<u8"],
        "offsets": [4, 8, 24, 32, 40, 44, 48],
        "itemsize": 64,
    }
)
_SYMBOL = np.dtype(
    [("name", "<u4"), ("info", "u1"), ("other", "u1"), ("section", "<u2"), ("value", "<u8"), ("size", "<u8")]
)
_RELOCATION = np.dtype([("offset", "<u8"), ("type", "<u4"), ("symbol", "<u4"), ("addend", "<i8")])
"""Elf64_Ehdr, _Shdr, _Sym, _Rela of the System V ABI, little-endian."""
_MAGIC = b"\x7fELF\x02\x01\x01"
_RELOCATABLE, _X86_64 = 1, 62
_ADDRESS_64 = 1
"""R_X86_64_64: symbol and addend, eight bytes. The compiler makes no other, for its code may lie anywhere."""
_SYMBOLS, _RELOCATIONS, _EMPTY, _UNWIND = 2, 4, 8, 0x70000001
_WRITE, _ALLOC = 1, 2
_ABSOLUTE, _COMMON, _RESERVED = 0xFFF1, 0xFFF2, 0xFF00
_PROT_READ, _PROT_EXEC = 1, 4
_ALIGNED: Final = 64
_WORD: Final = 8


class Unlinkable(ValueError):
    """Code of another machine, or with more in it than is made ready here."""


class Image:
    """An object in memory. It stays there as long as this does.

    Attributes:
        addresses: of what it defines, by symbol.
    """

    def __init__(self, code: bytes, address_of: Callable[[str], int], filled: dict[str, int]) -> None:
        """Place it and make it executable.

        Args:
            code: the object.
            address_of: where a symbol is that it does not define.
            filled: what eight bytes of its own without value are to hold, by symbol.

        Raises:
            Unlinkable: it is not ours to run.
            KeyError: a symbol that nobody defines.
        """
        parts = _Parts(code)
        self._memory = mmap.mmap(-1, parts.size, prot=mmap.PROT_READ | mmap.PROT_WRITE)
        room = np.frombuffer(self._memory, np.uint8)
        base = room.ctypes.data
        for section, place in parts.places.items():
            data = parts.data(section)
            room[place : place + len(data)] = data
        self.addresses = parts.addresses(base)
        for name, value in filled.items():
            _put(room, np.array([self.addresses[name] - base]), np.array([value], np.uint64))
        for at, values in parts.relocated(base, address_of, self.addresses):
            _put(room, at, values)
        _protect(base, parts.size)


def shared_by(code: bytes) -> list[str]:
    """Words without value that an object leaves to whoever links it.

    Raises:
        Unlinkable: it is not ours to run.
    """
    return list(_Parts(code).commons)


class _Parts:
    """What an object is made of, and where in the image each of it goes."""

    def __init__(self, code: bytes) -> None:
        if len(code) < _HEADER.size:
            raise Unlinkable("no object")
        header = _HEADER.unpack_from(code)
        if not header[0].startswith(_MAGIC) or header[1:3] != (_RELOCATABLE, _X86_64):
            raise Unlinkable("an object of another machine")
        self.code = np.frombuffer(code, np.uint8)
        self.sections: NDArray[np.void] = np.frombuffer(code, _SECTION, header[12], header[6])
        self.symbols, self.names = self._named()
        self.places, self.size = self._placed()
        self.commons = self._shared()

    def data(self, section: int) -> NDArray[np.uint8]:
        """Bytes of a section; none where it is all zeros."""
        one = self.sections[section]
        length = 0 if one["type"] == _EMPTY else int(one["size"])
        return self.code[int(one["offset"]) : int(one["offset"]) + length]

    def addresses(self, base: int) -> dict[str, int]:
        """Of each symbol with a name that is defined here."""
        found = {name: base + place for name, place in self.commons.items()}
        for symbol, name in zip(self.symbols, self.names, strict=True):
            section = int(symbol["section"])
            if section in self.places and name:
                found[name] = base + self.places[section] + int(symbol["value"])
        return found

    def relocated(
        self, base: int, address_of: Callable[[str], int], own: dict[str, int]
    ) -> list[tuple[NDArray[np.int64], NDArray[np.uint64]]]:
        """Places in the image, and the addresses that go there."""
        values = np.array([self._value(at, base, address_of, own) for at in range(len(self.symbols))], np.uint64)
        found = []
        for number, section in enumerate(self.sections):
            target = int(section["info"])
            if section["type"] != _RELOCATIONS or target not in self.places:
                continue
            entries = self.data(number).view(_RELOCATION)
            if (entries["type"] != _ADDRESS_64).any():
                raise Unlinkable("addresses of another kind")
            at = self.places[target] + entries["offset"].astype(np.int64)
            found.append((at, values[entries["symbol"]] + entries["addend"].astype(np.uint64)))
        return found

    def _value(self, at: int, base: int, address_of: Callable[[str], int], own: dict[str, int]) -> int:
        section, name = int(self.symbols[at]["section"]), self.names[at]
        if section in self.places:
            return base + self.places[section] + int(self.symbols[at]["value"])
        if section == _COMMON:
            return own[name]
        return address_of(name) if section == 0 and name else 0

    def _named(self) -> tuple[NDArray[np.void], list[str]]:
        table = next((at for at, one in enumerate(self.sections) if one["type"] == _SYMBOLS), None)
        if table is None:
            raise Unlinkable("no symbols")
        symbols = self.data(table).view(_SYMBOL)
        texts = self.data(int(self.sections[table]["link"])).tobytes()
        return symbols, [texts[at : texts.index(b"\0", at)].decode() for at in symbols["name"].tolist()]

    def _placed(self) -> tuple[dict[int, int], int]:
        places, end = {}, 0
        for number, section in enumerate(self.sections):
            if not section["flags"] & _ALLOC or section["type"] == _UNWIND or not section["size"]:
                continue
            if section["flags"] & _WRITE or section["align"] > _ALIGNED:
                raise Unlinkable("variables of its own")
            places[number] = end
            end += -(-int(section["size"]) // _ALIGNED) * _ALIGNED
        return places, end + _WORD * int((self.symbols["section"] == _COMMON).sum())

    def _shared(self) -> dict[str, int]:
        """Places of words without value, which stand behind the sections."""
        section, size = self.symbols["section"], self.symbols["size"]
        chosen = section == _COMMON
        others = (section >= _RESERVED) & ~chosen & (section != _ABSOLUTE)
        if (size[chosen] != _WORD).any() or others.any():
            raise Unlinkable("variables of its own")
        first = self.size - _WORD * int(chosen.sum())
        return {self.names[each]: first + _WORD * rank for rank, each in enumerate(np.flatnonzero(chosen))}


def _put(room: NDArray[np.uint8], at: NDArray[np.int64], values: NDArray[np.uint64]) -> None:
    """Words of eight bytes, wherever they begin."""
    room[at[:, np.newaxis] + np.arange(_WORD)] = values.astype("<u8").view(np.uint8).reshape(-1, _WORD)


def _protect(address: int, size: int) -> None:
    """Readable and executable, and not to be written any more."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(size), _PROT_READ | _PROT_EXEC):
        raise Unlinkable(f"mprotect: errno {ctypes.get_errno()}")
