"""One row of a survey of access points: ``bssid,lat,lon`` and, where known, ``accuracy_m`` and ``updated``.

Degrees of WGS-84; ``accuracy_m`` metres per axis, as who stood there knew it; ``updated`` UTC epoch seconds or a day
(2026-11-29). A point becomes a cell of a network that no country has, so that tables, versions and look-up serve it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from gateway.fusion.scan.constants import APART
from gateway.fusion.towers import CELL_BITS, NO_COUNTRY
from gateway.towers.rows import LATEST, WORLD, BadRow, Radio, Tower, decimal_of, named, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

NEEDED: Final = ("bssid", "lat", "lon")
OPTIONAL: Final = ("accuracy_m", "updated")
DAY: Final = "%Y-%m-%d"
GROUP: Final = 1 << 40
LOCAL: Final = 1 << 41
"""Bits of the first octet: for many; made up by whoever sends it, as phones do (IEEE 802, 8.2)."""
_PAIRS: Final = re.compile(r"[0-9a-f]{1,2}(?P<mark>[:-])[0-9a-f]{1,2}(?:(?P=mark)[0-9a-f]{1,2}){4}")
_SECONDS: Final = re.compile(r"[0-9]{1,15}")
_WHOLE: Final = re.compile(r"[0-9a-f]{12}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}")


@dataclass(frozen=True, slots=True)
class SurveyLayout:
    """Which column is where; ``width`` is how many there are."""

    columns: dict[str, int]
    width: int

    def read(self, cells: Sequence[str]) -> Tower:
        """One row; ``range_m`` is the accuracy.

        Raises:
            BadRow: it cannot be used.
        """
        row = named(cells, self.columns, self.width)
        bssid = bssid_of(row["bssid"])
        latitude, longitude = place_of(row, WORLD, "point_outside")
        accuracy = decimal_of(row.get("accuracy_m", ""), APART, "accuracy")
        return Tower(
            NO_COUNTRY, NO_COUNTRY, bssid >> CELL_BITS, bssid & ((1 << CELL_BITS) - 1), Radio.WIFI,
            latitude, longitude, accuracy, 0, _moment(row.get("updated", "")),
        )  # fmt: skip


def bssid_of(text: str) -> int:
    """A BSSID as it is usually written: ``00:00:5e:00:53:01``, with ``-``, ``0000.5e00.5301``, twelve digits.

    Raises:
        BadRow: it is none, or one that belongs to many or to nobody.
    """
    lower = text.lower()
    if _PAIRS.fullmatch(lower):
        number = int.from_bytes(int(pair, 16) for pair in re.split("[:-]", lower))
    elif _WHOLE.fullmatch(lower):
        number = int(lower.replace(".", ""), 16)
    else:
        number = 0
    if not number:
        raise BadRow("bssid", value=text)
    if number & GROUP:
        raise BadRow("bssid_group", value=text)
    if number & LOCAL:
        raise BadRow("bssid_local", value=text)
    return number


def _moment(text: str) -> int:
    """UTC epoch seconds of a time or of a day's beginning; 0 where none is stated."""
    if _SECONDS.fullmatch(text) and int(text) <= LATEST:
        return int(text)
    try:
        return int(datetime.strptime(text, DAY).replace(tzinfo=UTC).timestamp()) if text else 0
    except ValueError:
        raise BadRow("updated", "point_updated", value=text) from None
