"""How long the disk lasts: what is free, what a day costs, and in how many days it is full."""

from __future__ import annotations

import asyncio
import math
import shutil
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

import structlog

from gateway.sqlite_faults import told
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gateway.daemon.health import Health
    from gateway.settings.model import Storage
    from gateway.text import Text

LOOK_EVERY: Final = 600.0
"""Real seconds between looks."""
RECENT: Final = 7
"""Whole days of which the usual one is the mean."""
WARN_DAYS: Final = 30
"""Fewer, and the operator is told: a disk is not bought within days."""
DISK: Final = "disk"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Room:
    """How the disk of the storage directory stands.

    Attributes:
        free_bytes: on it, for our account.
        bytes_a_day: that journal and history of a usual day take; 0: no whole day is known.
        days_to_full: at that rate; ``inf``: it does not fill, for old days go as quickly as new ones come.
    """

    free_bytes: int
    bytes_a_day: float
    days_to_full: float

    def figures(self) -> dict[str, Any]:
        """For the status; days as an empty text where there is no number of them."""
        known = round(self.days_to_full, 1) if math.isfinite(self.days_to_full) else ""
        return asdict(self) | {"bytes_a_day": round(self.bytes_a_day), "days_to_full": known}


def room_of(directory: Path, storage: Storage, now: float) -> Room:
    """Look at the disk, at a time in UTC epoch seconds.

    Days that are kept are added until the oldest is to go; what acts cost once their places are gone is not known
    beforehand, and counted in full.

    Raises:
        OSError: it cannot be looked at.
    """
    today, free = datetime.fromtimestamp(now, UTC).date(), shutil.disk_usage(directory).free
    sizes = _sizes(directory)
    recent = [size for day, size in sizes.items() if 1 <= (today - day).days <= RECENT]
    a_day = sum(recent) / len(recent) if recent else 0.0
    kept = (today - min(sizes, default=today)).days
    yet_to_come = max(0, (storage.alarm_days or storage.keep_days) - kept)
    days = free / a_day if a_day else math.inf
    return Room(free, a_day, days if days < yet_to_come else math.inf)


def _sizes(directory: Path) -> Counter[date]:
    """Bytes of journal and history by the day that stands in the names of their files."""
    sizes: Counter[date] = Counter()
    for path in (*directory.glob("journal/????-??-??*"), *directory.glob("history/????-??-??*")):
        try:
            sizes[date.fromisoformat(path.name[:10])] += path.stat().st_size
        except (ValueError, FileNotFoundError):
            continue  # nobody's, or just removed
    return sizes


async def watch_disk(directory: Path, storage: Storage, now: Callable[[], float], health: Health) -> None:
    """Look now and then, for ever; the health has the figures, and a trouble while the disk lasts for days only."""
    while True:
        try:
            room = await asyncio.to_thread(room_of, directory, storage, now())
        except OSError as fault:
            trouble: Text | None = told(fault)
        else:
            health.disk, trouble = room.figures(), _trouble(room)
        if health.note(DISK, trouble) and trouble:
            log.warning("the disk fills", fault=str(trouble))
        await asyncio.sleep(LOOK_EVERY)


def _trouble(room: Room) -> Text | None:
    if room.days_to_full >= WARN_DAYS:
        return None
    return phrase("disk_fills", days=math.floor(room.days_to_full), free=room.free_bytes >> 20)
