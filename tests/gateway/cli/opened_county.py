"""The sample county's files, and the storage directory that they name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from gateway.settings.init import write_sample

if TYPE_CHECKING:
    from pathlib import Path


def county_with(directory: Path) -> tuple[Path, Path]:
    """Written files, and where their gateway would keep all; it has not run yet."""
    files = directory / "county"
    write_sample(files, "en", date(2026, 11, 1))
    storage = files / "data"
    storage.mkdir(exist_ok=True)
    return files, storage
