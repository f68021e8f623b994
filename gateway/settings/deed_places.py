"""What a deed is called, and which of its values stands at a place of the deeds' text."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from gateway.settings.files import OVERLAY

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from gateway.deeds import Deed
    from gateway.settings.faults import Place


def label_of(deed: Deed, zone: ZoneInfo) -> str:
    """What was done, by whom, when, in one line."""
    return f"{deed.do} {deed.by} {datetime.fromtimestamp(deed.at, zone):%Y-%m-%d %H:%M}"


def field_of(text: str, place: Place) -> str:
    """The value of a deed that stands at a place of the deeds' text; empty: the place is none of a value."""
    lines = text.splitlines()
    if not place.file.startswith(OVERLAY) or place.line > len(lines) or place.column < 2:  # noqa: PLR2004  the deed's own
        return ""
    return lines[place.line - 1][place.column :].partition('"')[0]
