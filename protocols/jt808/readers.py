"""What a reader of location items is, and what all of them add to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from formulas.formula import Loop
from protocols.lists import IDENT, SIZE, START, Items
from protocols.report import Flag, ReportBatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

Cleared = Literal["hold", "answer"]
"""When a device takes a flag back: when the condition ends, or as soon as it has been answered."""


def _known(name: str) -> str:
    if name.upper() not in Flag.__members__:
        raise PydanticCustomError(
            "flag_unknown",
            "no such flag: {value}; the names are those of protocols.report.Flag",
            {"value": name, "allowed": ", ".join(known.lower() for known in Flag.__members__)},
        )
    return name


FLAGS = {name.lower(): int(flag) for name, flag in Flag.__members__.items()}
"""Values of flags by their names in lower case."""
FlagName = Annotated[str, AfterValidator(_known)]
"""Name of a flag in lower case."""
FlagNames = dict[int, FlagName]
"""Number of a bit, or a value, onto the flag it states."""


@dataclass(slots=True)
class Collected:
    """What the readers add to: the report columns (written in place) and the ragged parts.

    Attributes:
        cells, wifi: as :func:`protocols.jt808.heard.cells_in` and :func:`~protocols.jt808.heard.wifi_in` take them.
    """

    reports: ReportBatch
    cells: list[Rows] = field(default_factory=list)
    wifi: list[Rows] = field(default_factory=list)

    def flag(self, rows: NDArray[np.int64], flag: int, cleared: Cleared) -> None:
        """State a flag in some reports."""
        if not len(rows):
            return
        self.reports.flags[rows] |= np.uint64(flag)
        if cleared == "answer":
            self.reports.momentary[rows] |= np.uint64(flag)


class Reader(BaseModel):
    """Reads all entries of its id in a batch at once; one that does not fit exactly is left alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: Annotated[int, Field(ge=0, le=0xFFFF)]

    @property
    def is_silent(self) -> bool:
        """Whether it only says what an entry is and gives no column anything."""
        return False

    def collect(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Read entries of this reader's id; bool (n,), which of them fit."""
        raise NotImplementedError


class Reading:
    """Readers that share a list, by the ids they read.

    Args:
        readers: in the order in which they read.
    """

    def __init__(self, readers: Sequence[Reader]) -> None:
        ids = sorted({reader.id for reader in readers})
        self._ids = np.array(ids, np.int64)
        self._readers = [(ids.index(reader.id), reader) for reader in readers]

    def read(self, items: Items, into: Collected) -> NDArray[np.bool_]:
        """Give each reader the entries of its id.

        Returns:
            bool (n,), the entries that some reader took.
        """
        taken = np.zeros(len(items), np.bool_)
        order, found = _by_id(items.rows, self._ids)
        bounds = found.tolist()
        for place, reader in self._readers:
            first, end = bounds[place], bounds[place + 1]
            if first < end:
                mine = order[first:end]
                taken[mine[reader.collect(items.at(mine), into)]] = True
        return taken


def read_items(readers: Sequence[Reader], items: Items, into: Collected) -> NDArray[np.bool_]:
    """:meth:`Reading.read`, for whoever reads once."""
    return Reading(readers).read(items, into)


@Loop
def _by_id(items: Rows, ids: Rows) -> tuple[Rows, Rows]:
    """Entries of each id, one id behind the other, and where each begins; others are left out."""
    place, bounds = np.empty(len(items), np.int64), np.zeros(len(ids) + 1, np.int64)
    for row in range(len(items)):
        place[row] = -1
        for known in range(len(ids)):
            if ids[known] == items[row, IDENT]:
                place[row] = known
                bounds[known + 1] += 1
    at = np.empty(len(ids), np.int64)
    for known in range(len(ids)):
        at[known] = bounds[known]
        bounds[known + 1] += bounds[known]
    order = np.empty(bounds[len(ids)], np.int64)
    for row in range(len(items)):
        if place[row] >= 0:
            order[at[place[row]]] = row
            at[place[row]] += 1
    return order, bounds


def flags_of(bits: dict[int, str]) -> dict[int, int]:
    """Bit number -> :class:`Flag` value, for checked names."""
    return {bit: FLAGS[name] for bit, name in bits.items()}


def each(items: Items) -> Iterable[bytes]:
    """The data of every entry, one after the other: for the rare readers that must look at each."""
    for start, size in items.rows[:, START : SIZE + 1].tolist():
        yield items.buffer[start : start + size].tobytes()
