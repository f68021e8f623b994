"""By what a configuration is worked out: the same texts mean the same only to the same code."""

from __future__ import annotations

import sys
import zoneinfo
from functools import lru_cache
from hashlib import sha256
from importlib import metadata, resources
from pathlib import Path
from typing import Final

_LIBRARIES: Final = (
    "bracelet-gateway", "msgspec", "numpy", "pydantic", "pydantic_core", "pyproj", "python-dateutil",
    "ruamel.yaml", "shapely",
)  # fmt: skip
_CODE: Final = (
    "gateway/*.py",
    "gateway/engine/*.py",
    "gateway/settings/*.py",
    "fencing/*.py",
    "formulas/*.py",
    "protocols/**/*.py",
)
"""Whose text counts."""


@lru_cache(8)
def made_by(timezone: str) -> str:
    """A digest of the code, the libraries, the interpreter, and of what is known of a time zone."""
    found = sha256(sys.version.encode())
    for name in _LIBRARIES:
        found.update(f"{name} {metadata.version(name)}\n".encode())
    root = Path(__file__).parents[2]
    for pattern in _CODE:
        for path in sorted(root.glob(pattern)):
            found.update(f"{path.relative_to(root)}\n".encode() + sha256(path.read_bytes()).digest())
    found.update(_zone_data(timezone))
    return found.hexdigest()


def _zone_data(timezone: str) -> bytes:
    """What the system knows of a time zone, where :class:`zoneinfo.ZoneInfo` looks for it."""
    for folder in zoneinfo.TZPATH:
        if (Path(folder) / timezone).is_file():
            return (Path(folder) / timezone).read_bytes()
    area, _, name = timezone.rpartition("/")
    return (resources.files(".".join(["tzdata", "zoneinfo", *filter(None, area.split("/"))])) / name).read_bytes()
