"""From a construct schema to numpy columns: fixed layouts read for a whole batch at once.

The construct schema stays the declared truth. Its interpreted ``parse`` and the columns compiled here read the same
bytes to the same values; tests hold the one against the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import construct
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FORMATS = {">B": "u1", ">H": ">u2", ">L": ">u4", ">Q": ">u8", ">b": "i1", ">h": ">i2", ">l": ">i4", ">q": ">i8"}


class Scaled(construct.Adapter):  # type: ignore[misc]  # construct ships no types
    """An integer on the wire that stands for ``integer / per_unit``."""

    def __init__(self, subcon: Any, per_unit: int) -> None:  # noqa: ANN401  # construct ships no types
        super().__init__(subcon)
        self.per_unit = per_unit
        self._unit = np.float64(per_unit)

    def _decode(self, obj: int, _context: object, _path: str) -> float:
        return obj / self.per_unit

    def _encode(self, obj: float, _context: object, _path: str) -> int:
        return round(obj * self.per_unit)

    def column(self, raw: NDArray[Any]) -> NDArray[np.float64]:
        """The same for a whole column: integers (n,) to float64 (n,)."""
        values: NDArray[np.float64] = raw / self._unit
        return values


class Columns:
    """Numpy readers compiled from a construct ``Struct`` of fixed width.

    Fields may be big-endian integers, ``Bytes(n)``, and adapters over them that have a method ``column`` (the
    vectorised twin of their ``_decode``).

    Args:
        schema: the ``Struct``; every field named.

    Raises:
        TypeError: a field has no fixed layout that numpy knows.
    """

    def __init__(self, schema: Any) -> None:  # noqa: ANN401  # construct ships no types
        self._adapters: dict[str, Any] = {}
        layout: list[tuple[str, str] | tuple[str, str, tuple[int]]] = []
        for named in schema.subcons:
            subcon = named.subcon
            if hasattr(subcon, "column"):
                self._adapters[named.name] = subcon
                subcon = subcon.subcon
            layout.append(_field(named.name, subcon))
        self.dtype: np.dtype[np.void] = np.dtype(layout)
        self.width = self.dtype.itemsize
        self._native = {name: self.dtype[name].newbyteorder("=") for name in self.dtype.names or ()}

    def read(self, buffer: NDArray[np.uint8], start: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
        """All fields of the records that begin at ``start``.

        Args:
            buffer: uint8 (bytes,), contiguous.
            start: int64 (n,); every ``start + width`` must lie within the buffer.

        Returns:
            One array of n rows a field: native integers, uint8 (n, k) for ``Bytes(k)``, or what the adapter gives.
        """
        rows = _overlaid(buffer, self.dtype)[start]
        return {name: self._column(name, rows[name]) for name in self._native}

    def _column(self, name: str, raw: NDArray[Any]) -> NDArray[Any]:
        adapter = self._adapters.get(name)
        values: NDArray[Any] = raw.astype(self._native[name].base) if adapter is None else adapter.column(raw)
        return values


def _overlaid(buffer: NDArray[np.uint8], dtype: np.dtype[Any]) -> NDArray[Any]:
    """A record may begin at every byte: a view of overlapping ones, from which rows are taken."""
    places = max(0, len(buffer) - dtype.itemsize + 1)
    return np.ndarray((places,), dtype, np.ascontiguousarray(buffer), strides=(1,))


def _field(name: str, subcon: Any) -> tuple[str, str] | tuple[str, str, tuple[int]]:  # noqa: ANN401  # as above
    if isinstance(subcon, construct.Bytes):
        return name, "u1", (subcon.length,)
    code = _FORMATS.get(getattr(subcon, "fmtstr", ""))
    if code is None:
        raise TypeError(f"field {name}: {type(subcon).__name__} has no fixed numpy layout")
    return name, code


_BY_WIDTH = {1: (">u1",), 2: (">u2",), 3: (">u2", ">u1"), 4: (">u4",), 5: (">u4", ">u1"), 6: (">u4", ">u2"),
             7: (">u4", ">u2", ">u1")}  # fmt: skip
_PIECES = {width: tuple(map(np.dtype, pieces)) for width, pieces in _BY_WIDTH.items()}
"""Of which numbers that numpy knows one of so many bytes consists."""


def read_number(buffer: NDArray[np.uint8], start: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """Big-endian unsigned integers of ``width`` bytes (1 to 7) that begin at ``start``: int64 (n,)."""
    first, *further = _PIECES[width]
    number: NDArray[np.int64] = _overlaid(buffer, first)[start].astype(np.int64)
    offset = first.itemsize
    for piece in further:
        number = number << 8 * piece.itemsize | _overlaid(buffer, piece)[start + offset]
        offset += piece.itemsize
    return number
