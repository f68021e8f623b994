"""Where each kind of entry goes."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Mapping


class Way(IntEnum):
    """To the partitions of its device, to all, or to none: it stays in the county's journal."""

    DEVICE = 0
    ALL = 1
    NONE = 2


WAYS: Final[Mapping[EntryKind, Way]] = {
    EntryKind.FRAME: Way.DEVICE,
    EntryKind.FRAGMENT: Way.DEVICE,
    EntryKind.OPENED: Way.DEVICE,
    EntryKind.CLOSED: Way.DEVICE,
    EntryKind.IMPORTED: Way.DEVICE,
    EntryKind.START: Way.ALL,
    EntryKind.STOP: Way.ALL,
    EntryKind.TICK: Way.ALL,
    EntryKind.CLOCK: Way.ALL,
    EntryKind.CONFIGURATION: Way.ALL,
    EntryKind.TOWERS: Way.ALL,
    # A RESULT names its order alone, an ACT its alarm, a NOTICE itself: who knows them takes them.
    EntryKind.ACT: Way.ALL,
    EntryKind.COMMAND: Way.ALL,
    EntryKind.RESULT: Way.ALL,
    EntryKind.NOTICE: Way.ALL,
    EntryKind.REMINDER: Way.ALL,
    EntryKind.TEST: Way.ALL,
    EntryKind.ERASURE: Way.ALL,
    EntryKind.DEED: Way.ALL,
    EntryKind.RELOAD: Way.ALL,
    # Its offset is of the county's log, and who steps a partition finds out what cannot be stepped there.
    EntryKind.SKIPPED: Way.NONE,
    # Nobody may append one, and nothing is left in it.
    EntryKind.ERASED: Way.NONE,
    # Who saw what, and the office's sheets, say nothing of anybody's whereabouts.
    EntryKind.AUDIT: Way.NONE,
    EntryKind.PAPER: Way.NONE,
}
WAY: Final = np.full(256, Way.ALL, np.uint8)
"""The same by number, :class:`Way` each; an unknown kind goes to all."""
for _kind, _way in WAYS.items():
    WAY[_kind] = _way
