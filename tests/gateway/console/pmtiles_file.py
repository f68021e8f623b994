"""A PMTiles file, version 3, with a vector tile for each quarter of the world, as its specification has it."""

from __future__ import annotations

import gzip
import json
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

EXTENT = 4096
SQUARE = ((0, 0), (EXTENT, 0), (EXTENT, EXTENT), (0, EXTENT))
POLYGON = 3


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def field(number: int, value: int | bytes) -> bytes:
    """One protobuf field: a number, or a length and bytes."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def zigzag(number: int) -> int:
    return number * 2 if number >= 0 else -number * 2 - 1


def polygon(corners: Iterable[tuple[int, int]]) -> bytes:
    """Commands of a vector tile: move, lines, close."""
    points, x, y, words = list(corners), 0, 0, []
    for at, (right, down) in enumerate(points):
        words += [1 << 3 | 1] if at == 0 else [len(points) - 1 << 3 | 2] if at == 1 else []
        words += [zigzag(right - x), zigzag(down - y)]
        x, y = right, down
    return b"".join(map(varint, [*words, 1 << 3 | 7]))


def layer(name: str, kind: str) -> bytes:
    """A layer that fills the tile, its one feature of a ``kind``."""
    feature = field(2, varint(0) + varint(0)) + field(3, POLYGON) + field(4, polygon(SQUARE))
    value = field(1, kind.encode())
    body = field(15, 2) + field(1, name.encode()) + field(2, feature) + field(3, b"kind")
    return field(3, body + field(4, value) + field(5, EXTENT))


def pmtiles(
    path: Path,
    *,
    layers: bytes = layer("water", "ocean"),
    attribution: str = "",
    kind: int = 1,
    packed: int = 2,
    closest: int = 1,
) -> Path:
    """The whole world, four tiles of zoom 1 that are the same: numbers 1 to 4."""
    pack = gzip.compress if packed == 2 else bytes
    tile = pack(layers)
    root = pack(b"".join(map(varint, (1, 1, 4, len(tile), 1))))
    metadata = pack(json.dumps({"attribution": attribution}).encode())
    first = 127
    places = (first, len(root), first + len(root), len(metadata), first + len(root) + len(metadata), 0)
    data = first + len(root) + len(metadata)
    head = struct.pack(
        "<7sB11Q6B", b"PMTiles", 3, *places, data, len(tile), 4, 1, 1, 1, packed, packed, kind, min(closest, 1), closest
    )
    bounds = struct.pack("<4iB2i", -1800000000, -850000000, 1800000000, 850000000, 0, 0, 0)
    path.write_bytes(head + bounds + root + metadata + tile)
    return path
