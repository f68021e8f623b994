"""The tables of city.db: one SQL file a version."""

from __future__ import annotations

from typing import Final

VERSION: Final = 2
