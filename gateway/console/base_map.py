"""The base map that a county brings: one PMTiles file, of which browsers read stretches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class BaseMap:
    """A PMTiles file, and whom its data are owed to."""

    path: Path
    attribution: str

    @property
    def url(self) -> str:
        """Where the desk serves it."""
        return "/base.pmtiles"
