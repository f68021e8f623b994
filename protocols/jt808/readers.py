"""What a reader of location items is, and what all of them add to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from protocols.report import CellColumns, Flag, ReportBatch, WifiColumns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from protocols.columns import Items

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
    """What the readers add to: the report columns (written in place) and the ragged parts."""

    reports: ReportBatch
    cells: list[CellColumns] = field(default_factory=list)
    wifi: list[WifiColumns] = field(default_factory=list)

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


def read_items(readers: Sequence[Reader], items: Items, into: Collected) -> NDArray[np.bool_]:
    """Give each reader the entries of its id, in the order of the readers.

    Returns:
        bool (n,), the entries that some reader took.
    """
    taken = np.zeros(len(items), np.bool_)
    present = set(np.bincount(items.ident).nonzero()[0].tolist())
    for reader in readers:
        if reader.id in present:
            mine = (items.ident == reader.id).nonzero()[0]
            taken[mine[reader.collect(items.at(mine), into)]] = True
    return taken


def flags_of(bits: dict[int, str]) -> dict[int, int]:
    """Bit number -> :class:`Flag` value, for checked names."""
    return {bit: FLAGS[name] for bit, name in bits.items()}


def each(items: Items) -> Iterable[bytes]:
    """The data of every entry, one after the other: for the rare readers that must look at each."""
    for start, size in zip(items.start.tolist(), items.size.tolist(), strict=True):
        yield items.buffer[start : start + size].tobytes()
