"""How the columns of an answer are declared, and what is made of their values.

A column is named by what it holds: ``mcc mnc lac cid pci channel``, a timing advance by its radio: ``ta`` (GSM, 0-63),
``lte_ta`` (3GPP TS 36.213, 0-1282), a level by its unit: ``dbm``, ``rxlev`` (3GPP TS
45.008, 0-63), ``rsrp_index`` (TS 36.133, 0-97), ``tenths`` (dBm, or tenths of it on some modems). ``-`` is passed over,
``/16`` says that the figure is hexadecimal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from protocols.report import SignalUnit
from protocols.rows import Cell, is_cell, is_network
from protocols.text import decimal, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocols.modem.profiles import Profile

_MCC_DIGITS = 3
_WEAKEST_DBM = -157
"""Weakest RSRP there is (3GPP TS 38.133 reaches -156 dBm): a lower figure counts tenths."""
_MOST_RXLEV, _MOST_RSRP_INDEX = 63, 97
_MOST_TIMING = {"ta": 63, "lte_ta": 1282}
_RSRP_BASE = -141


class Unidentified(NamedTuple):
    """A cell known by its radio only (physical cell id, channel): reused every few kilometres, so it is no identity."""

    pci: int | None
    channel: int | None
    dbm: int | None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a line says.

    Attributes:
        cells, unidentified: cells with and without identity.
        serving: they are the serving ones.
        network: (mcc, mnc) the modem is registered in, where the line says it.
        mode: of the lines that follow (+CENG), empty where the line says none.
    """

    cells: tuple[Cell, ...] = ()
    unidentified: tuple[Unidentified, ...] = ()
    serving: bool = False
    network: tuple[int, int] | None = None
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What the lines before have said, and the modem's profile."""

    profile: Profile
    network: tuple[int, int] | None = None
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One row of a maker's table: names of the columns, and how many must be there; further ones are passed over."""

    columns: str
    fewest: int

    def read(self, fields: Sequence[str]) -> dict[str, int | None] | None:
        """Values by name (None: unknown, ``-`` or no number), or None where there are too few columns."""
        if len(fields) < self.fewest:
            return None
        named = zip(self.columns.split(), fields, strict=False)
        return dict(_value(name, text) for name, text in named if name != "-")


def _value(name: str, text: str) -> tuple[str, int | None]:
    name, _, base = name.partition("/")
    if name in ("dbm", "tenths"):
        level = decimal(text)
        return name, None if math.isnan(level) else round(level)
    return name, whole(text, int(base or 10))


def fields_of(text: str) -> list[str]:
    """Columns between commas, without blanks and quotation marks."""
    return [field.strip(' "') for field in text.split(",")]


def is_network_at(fields: Sequence[str], at: int) -> bool:
    """Whether a mobile country code (three digits) and a network code stand at ``at`` and behind it."""
    pair = fields[at : at + 2]
    return len(pair) == 2 and len(pair[0]) == _MCC_DIGITS and is_network(whole(pair[0]), whole(pair[1]))  # noqa: PLR2004  # a pair


def heard(values: dict[str, int | None] | None, *, serving: bool = False) -> Heard:
    """A cell where the values name one; else what is known of its radio."""
    if values is None:
        return Heard(serving=serving)
    mcc, mnc, lac, cid = (values.get(name) for name in ("mcc", "mnc", "lac", "cid"))
    network = (mcc or 0, mnc or 0) if serving and is_network(mcc, mnc) else None
    signal, unit = level_of(values)
    if is_cell(mcc, mnc, lac, cid):
        cell = Cell(mcc or 0, mnc or 0, lac or 0, cid or 0, signal, unit, _timing(values))
        return Heard((cell,), serving=serving, network=network)
    radio = Unidentified(values.get("pci"), values.get("channel"), signal if unit is SignalUnit.DBM else None)
    return Heard((), (radio,) if radio.channel is not None else (), serving=serving, network=network)


def level_of(values: dict[str, int | None]) -> tuple[int, SignalUnit]:
    """The level and its unit; an index of RSRP becomes the lower edge of its step in dBm."""
    dbm, rxlev, index, tenths = (values.get(name) for name in ("dbm", "rxlev", "rsrp_index", "tenths"))
    if rxlev is not None and 0 <= rxlev <= _MOST_RXLEV:
        return rxlev, SignalUnit.RXLEV
    if index is not None and 0 <= index <= _MOST_RSRP_INDEX:
        return index + _RSRP_BASE, SignalUnit.DBM
    if tenths is not None:
        dbm = round(tenths / 10) if tenths < _WEAKEST_DBM else tenths
    dbm = rxlev if dbm is None else dbm
    if dbm is not None and _WEAKEST_DBM < dbm < 0:
        return dbm, SignalUnit.DBM
    return -1, SignalUnit.NONE


def _timing(values: dict[str, int | None]) -> int:
    """The advance in the steps of its radio; -1 for none, or one that its radio cannot have."""
    for name, most in _MOST_TIMING.items():
        advance = values.get(name)
        if advance is not None and 0 <= advance <= most:
            return advance
    return -1
