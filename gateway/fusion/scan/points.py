"""Access points: like cells, but for names that mean nothing and for those that move about.

They are learnt in versions of their own, a wearer's home in that wearer's. No constant was measured on them yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.fusion.scan.constants import APART, SLOTS, STRAY
from gateway.fusion.scan.heard import slots_of
from gateway.fusion.scan.names import NO_CELL
from gateway.fusion.scan.shapes import Learnt, Scans
from gateway.fusion.scan.sums import ranges

if TYPE_CHECKING:
    from gateway.fusion.scan.shapes import Flags, Integers
    from protocols.report import WifiColumns

_GROUP_OR_LOCAL: Final = np.uint64(0x0300_0000_0000)
"""Bits of a BSSID's first octet: for many, or made up by whoever sends it (IEEE 802, 8.2)."""


def points_of(wifi: WifiColumns, reports: int) -> Scans:
    """The first SLOTS access points of each report, each once; names that are shared, made up or none are left out."""
    key = _keys(wifi)
    rows, slots = slots_of(wifi.report, key)
    cell, level, advance = np.full((reports, SLOTS), NO_CELL), *np.full((2, reports, SLOTS), np.nan)
    at = wifi.report[rows], slots
    cell[at], level[at] = key[rows], np.where(wifi.rssi_dbm[rows] < 0, wifi.rssi_dbm[rows], np.nan)
    return Scans(cell, level, advance)


def _keys(wifi: WifiColumns) -> Integers:
    is_name = (wifi.bssid != 0) & (wifi.bssid & _GROUP_OR_LOCAL == 0)
    keys: Integers = np.where(is_name, wifi.bssid.astype(np.int64), NO_CELL)
    return keys


def settled(learnt: Learnt) -> Learnt:
    """A version without those that were heard at places far from each other: phones, buses, what has moved house."""
    counts = np.diff(learnt.first)
    of = np.repeat(np.arange(len(learnt.cell)), counts)
    east, north = (
        where[learnt.place].astype(np.float64) - middle[of]
        for where, middle in ((learnt.x, learnt.cell_x), (learnt.y, learnt.cell_y))
    )
    far = east * east + north * north > APART * APART
    hits = learnt.hits.astype(np.float64)
    astray, every = (np.bincount(of, weight, len(counts)) for weight in (hits * far, hits))
    return _only(learnt, astray <= STRAY * every)


def _only(learnt: Learnt, kept: Flags) -> Learnt:
    """A version of some of the cells; its places stay."""
    first = learnt.first.astype(np.int64)
    rows = ranges(first[:-1][kept], first[1:][kept])
    counts = np.diff(first)[kept]
    entries = (column[rows] for column in learnt[8:])
    return Learnt(
        learnt.x, learnt.y, learnt.visits, learnt.cell[kept], learnt.cell_x[kept], learnt.cell_y[kept],
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int32), learnt.place[rows], *entries,
    )  # fmt: skip
