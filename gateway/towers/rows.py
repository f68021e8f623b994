"""One row of a table of cells, as OpenCelliD and the Mozilla Location Service publish them.

Both agreed on the columns ``radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,
averageSignal`` (Ichnaea, "Data Import / Export"): degrees of WGS-84, metres, UTC epoch seconds; what is not known is
left empty. MLS begins with a line that names them, downloads of OpenCelliD by country do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.words.texts import Text


class Radio(IntEnum):
    """What a cell speaks."""

    GSM = 1
    UMTS = 2
    LTE = 3
    NR = 4
    WIFI = 5
    """An access point; no table of cells has it (:mod:`gateway.towers.survey`)."""


RADIOS: Final = {
    "GSM": Radio.GSM, "UMTS": Radio.UMTS, "WCDMA": Radio.UMTS, "TDSCDMA": Radio.UMTS, "TD-SCDMA": Radio.UMTS,
    "LTE": Radio.LTE, "NR": Radio.NR, "5G": Radio.NR,
}  # fmt: skip
LEFT_OUT: Final = frozenset({"CDMA"})
"""Names its cells by system, network and base station; no bracelet that we read does."""
MOST_NETWORK: Final = 999
MOST_AREA: Final = {Radio.GSM: 0xFFFF, Radio.UMTS: 0xFFFF, Radio.LTE: 0xFFFF, Radio.NR: 0xFF_FFFF}
"""LAC and TAC: 16 bits, in 5G 24 (TS 23.003, 4.1 and 19.4.2.3)."""
NO_AREAS: Final = {most: frozenset({0, most - 1}) for most in (0xFFFF, 0xFF_FFFF)}
"""0 and all ones but the last bit are reserved for "none" (as above)."""
MOST_CELL: Final = {
    Radio.GSM: 0xFFFF, Radio.UMTS: (1 << 28) - 1, Radio.LTE: (1 << 28) - 1, Radio.NR: (1 << 36) - 1
}  # fmt: skip
"""CI of 16 bits, RNC and cell of 28, ECI of 28, NCI of 36. 0 is what devices say that do not know theirs."""
MOST_RANGE: Final = 120_000.0
"""Metres: an extended cell of GSM. A range beyond it is of sightings of several cells."""
LATEST: Final = 4_102_444_800
"""2100-01-01: beyond it stand milliseconds, not seconds."""
NOWHERE: Final = 0.01
"""Degrees around 0, 0, in the sea: what stands there is no place."""
WORLD: Final = (-90.0, 90.0, -180.0, 180.0)
BOUNDS: Final = {460: (3.0, 54.5, 73.0, 136.0), 461: (3.0, 54.5, 73.0, 136.0)}
"""Least and greatest latitude and longitude of the countries that this gateway is built for, by MCC."""
SHOWN: Final = 60
"""Characters of a value that are told of."""
NEEDED: Final = ("radio", "mcc", "net", "area", "cell", "lon", "lat")
OPTIONAL: Final = ("range", "samples", "updated")
_WHOLE: Final = re.compile(r"[0-9]{1,15}")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?")


class Tower(NamedTuple):
    """One row that is good; degrees of WGS-84, metres, UTC epoch seconds; 0 where nothing is stated."""

    mcc: int
    net: int
    area: int
    cell: int
    radio: int
    latitude: float
    longitude: float
    range_m: float
    samples: int
    updated: int


class BadRow(ValueError):
    """A row that cannot be used: the reason under which it is counted, and what is wrong in words.

    ``words``: the phrase; empty: the reason's own.
    """

    def __init__(self, reason: str, words: str = "", **values: object) -> None:
        self.reason = reason
        self.said = phrase(words or f"tower_{reason}", **{name: _shown(value) for name, value in values.items()})
        super().__init__(self.said.en)

    @property
    def text(self) -> Text:
        """What is wrong, in both languages."""
        return self.said


def _shown(value: object) -> str:
    """As much of what stands in a file as a terminal is to show."""
    return "".join(each if each.isprintable() else "?" for each in str(value)[:SHOWN])


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column is where; ``width`` is how many there are."""

    columns: dict[str, int]
    width: int

    def read(self, cells: Sequence[str]) -> Tower | str:
        """One row; or the radio of one that is left out without being wrong.

        Raises:
            BadRow: it cannot be used.
        """
        row = named(cells, self.columns, self.width)
        spoken = row["radio"].upper()
        if spoken in LEFT_OUT:
            return spoken
        radio, mcc, net, area, cell = _name(row, spoken)
        latitude, longitude = place_of(row, BOUNDS.get(mcc, WORLD), mcc=mcc)
        return Tower(
            mcc, net, area, cell, radio, latitude, longitude, decimal_of(row.get("range", ""), MOST_RANGE, "range"),
            stated_of(row, "samples", (1 << 31) - 1), stated_of(row, "updated", LATEST),
        )  # fmt: skip


def named(cells: Sequence[str], columns: dict[str, int], width: int) -> dict[str, str]:
    """The values of a row by the names of their columns.

    Raises:
        BadRow: there are not as many cells as columns.
    """
    if len(cells) != width:
        raise BadRow("columns", count=len(cells), width=width)
    return {name: cells[at].strip() for name, at in columns.items()}


def _name(row: dict[str, str], spoken: str) -> tuple[Radio, int, int, int, int]:
    if spoken not in RADIOS:
        raise BadRow("radio", value=row["radio"], allowed=", ".join(radio.name for radio in Radio))
    radio = RADIOS[spoken]
    cell = _number(row, "cell", 1, MOST_CELL[Radio.NR], "cell")
    if radio is Radio.GSM and cell > MOST_CELL[radio]:
        radio = Radio.UMTS  # more than 16 bits are of UMTS, whatever the row says (OpenCelliD, "FAQ")
    if cell > MOST_CELL[radio]:
        raise BadRow("cell", name="cell", value=cell, least=1, most=MOST_CELL[radio])
    most = MOST_AREA[radio]
    area = _number(row, "area", 1, most, "area")
    if area in NO_AREAS[most]:
        raise BadRow("area", name="area", value=area, least=1, most=most - 2)
    mcc = _number(row, "mcc", 1, MOST_NETWORK, "network")
    return radio, mcc, _number(row, "net", 0, MOST_NETWORK, "network"), area, cell


def _number(row: dict[str, str], name: str, least: int, most: int, reason: str) -> int:
    text = row[name]
    if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise BadRow(reason, name=name, value=text, least=least, most=most)
    return int(text)


def stated_of(row: dict[str, str], name: str, most: int) -> int:
    """A whole number from 0 to ``most``; 0 where none is stated.

    Raises:
        BadRow: it is another.
    """
    return _number(row, name, 0, most, name) if row.get(name) else 0


def decimal_of(text: str, most: float, reason: str) -> float:
    """Metres from 0 to ``most``; 0 where none are stated.

    Raises:
        BadRow: they are others.
    """
    if text and not (_DECIMAL.fullmatch(text) and 0.0 <= float(text) <= most):
        raise BadRow(reason, value=text, most=int(most))
    return float(text or 0)


def place_of(
    row: dict[str, str], bounds: tuple[float, float, float, float], words: str = "", **more: object
) -> tuple[float, float]:
    """Latitude and longitude within bounds.

    Args:
        row: has ``lat`` and ``lon``, degrees.
        bounds: least and greatest latitude and longitude.
        words: the phrase for a place outside; empty: its own.
        more: what that phrase says besides.

    Raises:
        BadRow: it is no place, or not within them.
    """
    if not (_DECIMAL.fullmatch(row["lat"]) and _DECIMAL.fullmatch(row["lon"])):
        raise BadRow("place", lat=row["lat"], lon=row["lon"])
    latitude, longitude = float(row["lat"]), float(row["lon"])
    if abs(latitude) < NOWHERE and abs(longitude) < NOWHERE:
        raise BadRow("nowhere", lat=row["lat"], lon=row["lon"])
    if not _within(latitude, longitude, bounds):
        if _within(longitude, latitude, bounds):
            raise BadRow("swapped", lat=row["lat"], lon=row["lon"])
        raise BadRow("outside", words, lat=row["lat"], lon=row["lon"], **more)
    return latitude, longitude


def _within(latitude: float, longitude: float, bounds: tuple[float, float, float, float]) -> bool:
    south, north, west, east = bounds
    return south <= latitude <= north and west <= longitude <= east
