"""The base map that a county brings: one PMTiles file (version 3, vector tiles), of which browsers read stretches."""

from __future__ import annotations

import gzip
import json
import struct
import zlib
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from gateway.errors import UserFault
from gateway.words.coordinates import NAMES
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from pathlib import Path

    from fencing.datum import Datum

HEADER: Final = struct.Struct("<7sB11Q6B")
"""Magic, version, eleven places and numbers, six small ones; what follows is not asked for here."""
MAGIC, VERSION = b"PMTiles", 3
VECTOR: Final = 1
PLAIN, GZIP = 1, 2
MOST_METADATA: Final = 1 << 22
"""Bytes."""
MOST_ATTRIBUTION: Final = 200
"""Signs of it that stand on a map."""


@dataclass(frozen=True, slots=True)
class BaseMap:
    """A PMTiles file; whom its data are owed to, in plain words; and the closest zoom that it has."""

    path: Path
    attribution: str
    zoom: int

    @property
    def url(self) -> str:
        """Where the desk serves it."""
        return "/base.pmtiles"


def brought(path: Path, datum: Datum, maps: Datum) -> BaseMap:
    """A county's base map, looked at.

    Args:
        path: the file.
        datum: what its degrees refer to, as the county says; the file does not.
        maps: datum of the county's maps.

    Raises:
        UserFault: it cannot be read, is another kind of file, or lies elsewhere than all that is drawn on it.
    """
    if datum is not maps:
        raise UserFault(phrase("base_map_datum", path=path, base=NAMES[datum], maps=NAMES[maps]))
    try:
        return _read(path)
    except OSError as fault:
        raise UserFault(phrase("base_map_unread", path=path, cause=fault)) from fault


def _read(path: Path) -> BaseMap:
    with path.open("rb") as file:
        head = file.read(HEADER.size)
        if len(head) < HEADER.size:
            raise UserFault(phrase("base_map_kind", path=path))
        magic, version, _, _, at, length, *_, inner, tiles, kind, _, zoom = HEADER.unpack(head)
        if (magic, version, kind) != (MAGIC, VERSION, VECTOR):
            raise UserFault(phrase("base_map_kind", path=path))
        if not {inner, tiles} <= {PLAIN, GZIP}:
            raise UserFault(phrase("base_map_packed", path=path))
        if zoom < 1:  # protomaps-leaflet takes 0 for 15, and draws nothing
            raise UserFault(phrase("base_map_coarse", path=path))
        file.seek(at)
        return BaseMap(path, _owed(file.read(min(length, MOST_METADATA)), packed=inner == GZIP), zoom)


def _owed(metadata: bytes, *, packed: bool) -> str:
    """What the file says of its source; nothing where it says nothing that can be read."""
    try:
        said = json.loads(gzip.decompress(metadata) if packed else metadata)
    except (ValueError, OSError, EOFError, zlib.error):
        return ""
    words = _Words()
    words.feed(str(said.get("attribution") or "") if isinstance(said, dict) else "")
    words.close()
    return "".join(words.heard)[:MOST_ATTRIBUTION]


class _Words(HTMLParser):
    """The words of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def handle_data(self, data: str) -> None:
        self.heard.append(data)
