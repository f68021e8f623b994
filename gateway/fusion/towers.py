"""Where cells are heard, as sorted arrays: a base, and an overlay that says what has changed since.

A cell's name has 80 bits: MCC 10, MNC 10, area 24 (LAC and TAC 16, TAC of 5G 24), cell id 36 (GSM 16, UTRAN and ECI 28,
NCI 36; 3GPP TS 23.003). No uint64 holds that. So areas have a table of their own, and a key is the area's row in it (28
bits) with the cell id behind: two cells never have one key, and nothing has to be verified.

Ids of a network crowd, and a search by halves misses the cache a dozen times. Keys are therefore spread over uint64 by
a bijection and lie sorted as they are spread; a bucket by their first bits then holds one of them, seldom more.

Access points are kept as cells of a network that no country has (:func:`point_names`): the same tables, versions and
look-up serve them.

An MNC is a number: 01 and 001 are one, for neither frames nor databases tell them apart, and in no country are they two
networks. The radio is no part of a name: bracelets do not tell it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Number = TypeVar("Number", bound=np.generic)

NETWORK_BITS: Final = 10
"""Of an MCC, and of an MNC: three decimal digits."""
AREA_BITS: Final = 24
CELL_BITS: Final = 36
NO_COUNTRY: Final = (1 << NETWORK_BITS) - 1
"""MCC and MNC of access points: 1023, beyond three decimal digits."""
MOST_AREAS: Final = 1 << 24
"""Of a table, a hundred times what the world has; a key has room for sixteen times that."""
AT_ONCE: Final = 32_768
"""Cells looked up at a time: their columns stay in the processor's cache."""
_ODD: Final = np.uint64(0x9E37_79B9_7F4A_7C15)
"""2^64 divided by the golden ratio, odd: multiplying by it is a bijection of uint64 (Knuth, TAOCP 3, 6.4)."""
_BACK: Final = np.uint64(pow(int(_ODD), -1, 1 << 64))
"""What undoes that."""
_HALF: Final = np.uint64(32)
_END: Final = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
"""Behind the last key. What would be spread to it is no area's name, and of a key the 25 millionth area's."""


@dataclass(frozen=True, slots=True)
class TowerTable:
    """Cells, n of them in k areas, each name once.

    Attributes:
        areas: uint64 (k,), names of areas (:func:`area_of`), spread and sorted.
        keys: uint64 (n,), spread and sorted.
        latitude, longitude: float64 (n,), degrees of WGS-84: the middle of where the cell was heard. NaN: nowhere; such
            a row of an overlay takes back one of the base.
        sigma_m: float32 (n,), metres per axis from there to whoever hears it.
        samples: int32 (n,), how many sightings the place is of.
    """

    areas: NDArray[np.uint64]
    keys: NDArray[np.uint64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    sigma_m: NDArray[np.float32]
    samples: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class Places:
    """What is known of cells that were looked up, row by row; as in :class:`TowerTable`, NaN and 0 of unknown ones."""

    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    sigma_m: NDArray[np.float32]
    samples: NDArray[np.int32]


def area_of(mcc: NDArray[np.int64], mnc: NDArray[np.int64], lac: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Names of areas; LAC or TAC. Each number within its bits."""
    named = (mcc << (NETWORK_BITS + AREA_BITS)) | (mnc << AREA_BITS) | lac
    return named.view(np.uint64)


def point_names(bssid: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """MCC, MNC, area and cell of access points: of their 48 bits the last 36 are the cell.

    Args:
        bssid: 0 and above; what is below stays below, and is no cell's name.
    """
    network = np.full(len(bssid), NO_COUNTRY)
    return network, network, bssid >> CELL_BITS, np.where(bssid < 0, bssid, bssid & ((1 << CELL_BITS) - 1))


def spread(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A bijection of uint64 after which the first bits tell keys apart that differ in their last."""
    first = keys * _ODD
    return (first ^ (first >> _HALF)) * _ODD


def gathered(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """What :func:`spread` was given."""
    first = keys * _BACK
    return (first ^ (first >> _HALF)) * _BACK


def table_of(area: NDArray[np.uint64], cell: NDArray[np.int64], places: Places) -> TowerTable:
    """A table of cells in any order, each name once.

    Raises:
        ValueError: a name is there twice, or there are more areas than a key can number.
    """
    areas = np.unique(area)
    if len(areas) > MOST_AREAS:
        raise ValueError(f"{len(areas)} areas, a key has room for {MOST_AREAS}")
    areas = np.sort(spread(areas))
    keys = _keys(KeyIndex(areas).search(spread(area))[0], cell)
    order = np.argsort(keys)
    keys = keys[order]
    if (keys[1:] == keys[:-1]).any():
        raise ValueError("a cell is there twice")
    return TowerTable(
        areas, keys, places.latitude[order], places.longitude[order], places.sigma_m[order], places.samples[order]
    )


def empty() -> TowerTable:
    """A table without cells."""
    none, names = np.empty(0), np.empty(0, np.uint64)
    return TowerTable(names, names, none, none, np.empty(0, np.float32), np.empty(0, np.int32))


def _keys(area: NDArray[np.int64], cell: NDArray[np.int64]) -> NDArray[np.uint64]:
    return spread(((area << CELL_BITS) | cell).view(np.uint64))


def _names(table: TowerTable) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Areas and cell ids of a table's rows."""
    keys = gathered(table.keys)
    area = gathered(table.areas)[(keys >> np.uint64(CELL_BITS)).astype(np.int64)]
    return area, (keys & np.uint64((1 << CELL_BITS) - 1)).astype(np.int64)


class KeyIndex:
    """Finds keys among sorted ones that are spread, each there once: a bucket by its first bits, and on from there."""

    def __init__(self, keys: NDArray[np.uint64]) -> None:
        bits = max(1, (len(keys) - 1).bit_length())
        self._shift = np.uint64(64 - bits)
        self._keys = np.append(keys, _END)
        held = np.bincount((keys >> self._shift).astype(np.int64), minlength=1 << bits)
        self._begins = np.cumsum(held, dtype=np.int64).astype(np.int32) - held.astype(np.int32)

    def search(self, wanted: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Rows of spread keys, and whether they are there; of one that is not, some row, or the one behind the last."""
        at = self._begins[wanted >> self._shift].astype(np.int64)
        key = self._keys[at]
        behind = np.flatnonzero(key < wanted)
        while behind.size:
            at[behind] += 1
            key[behind] = self._keys[at[behind]]
            behind = behind[key[behind] < wanted[behind]]
        return at, key == wanted


class _Finder:
    """The two indices of a table."""

    def __init__(self, table: TowerTable) -> None:
        self._areas, self._keys = KeyIndex(table.areas), KeyIndex(table.keys)

    def search(self, area: NDArray[np.uint64], cell: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """As :meth:`KeyIndex.search`, of cells by their areas and ids."""
        row, is_area = self._areas.search(spread(area))
        at, is_cell = self._keys.search(_keys(row, cell))
        return at, is_area & is_cell


class Towers:
    """A version of what is known of cells: what the overlay says holds, and else what the base says."""

    def __init__(self, base: TowerTable, overlay: TowerTable) -> None:
        self.base, self.overlay = base, overlay
        self._in_base, self._in_overlay = _Finder(base), _Finder(overlay)
        self._gone = np.append(np.isnan(overlay.latitude), False)
        self._overlaid = np.zeros(len(base) + 1, np.bool_)
        """By row of the base, whether the overlay may know better; behind the last, of what is in none: row -1."""
        row, is_there = self._in_base.search(*_names(overlay))
        self._overlaid[row[is_there]] = True
        self._overlaid[-1] = len(overlay) > 0

    def look_up(self, mcc: ArrayLike, mnc: ArrayLike, lac: ArrayLike, cid: ArrayLike) -> NDArray[np.int64]:
        """Rows of cells, for :meth:`at`; -1 of what is unknown, absent (-1) or no cell's name.

        Args:
            mcc: whole numbers, (m,), as ``CellColumns`` has them; so are the others.
            mnc: of the network.
            lac: or TAC.
            cid: CI, RNC and cell, ECI or NCI.
        """
        columns = [np.asarray(each, np.int64) for each in (mcc, mnc, lac, cid)]
        if len(columns[0]) <= AT_ONCE:
            return self._found(*columns)
        parts = range(0, len(columns[0]), AT_ONCE)
        return np.concatenate([self._found(*(each[part : part + AT_ONCE] for each in columns)) for part in parts])

    def _found(
        self, mcc: NDArray[np.int64], mnc: NDArray[np.int64], lac: NDArray[np.int64], cell: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        is_name = (((mcc | mnc) >> NETWORK_BITS) | (lac >> AREA_BITS) | (cell >> CELL_BITS)) == 0
        area = area_of(mcc, mnc, lac)
        row, is_there = self._in_base.search(area, cell)
        found = np.where(is_there & is_name, row, -1)
        asked = np.flatnonzero(self._overlaid[found])
        if asked.size:
            row, is_there = self._in_overlay.search(area[asked], cell[asked])
            said = np.where(self._gone[row], -1, row + len(self.base))
            found[asked] = np.where(is_there & is_name[asked], said, found[asked])
        return found

    def at(self, index: NDArray[np.int64]) -> Places:
        """Places of rows that were found."""
        return Places(
            _gathered(self.base.latitude, self.overlay.latitude, index, np.nan),
            _gathered(self.base.longitude, self.overlay.longitude, index, np.nan),
            _gathered(self.base.sigma_m, self.overlay.sigma_m, index, np.nan),
            _gathered(self.base.samples, self.overlay.samples, index, 0),
        )


def _gathered(
    base: NDArray[Number], overlay: NDArray[Number], index: NDArray[np.int64], absent: float
) -> NDArray[Number]:
    found = np.full(len(index), absent, base.dtype)
    first, second = (index >= 0) & (index < len(base)), index >= len(base)
    found[first], found[second] = base[index[first]], overlay[index[second] - len(base)]
    return found
