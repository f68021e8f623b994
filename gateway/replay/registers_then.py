"""What the registers said in past weeks, out of the configurations that a journal keeps."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gateway.errors import GatewayFault
from gateway.journal import FileJournal
from gateway.journal.configured import in_force_since
from gateway.settings.registers import Composer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from gateway.settings.model import Authority


def authorities_then(directory: Path, since: float, until: float, zone: ZoneInfo) -> list[tuple[Authority, ...]]:
    """The authorities that stood as each week began, once for those of one configuration.

    What was entered and mended within a week is not among them: it may have been a slip. A configuration that is not
    kept, or that this version does not read, is passed over.

    Args:
        directory: of the journal.
        since: from when on, UTC epoch seconds.
        until: up to when.
        zone: of the county, whose weeks begin on Monday at midnight.

    Raises:
        OurFault: a file of the journal turns out to be damaged.
    """
    told = list(in_force_since(directory))
    digests = (_at(told, week) for week in _weeks(since, until, zone))
    composer, found = Composer(), []
    with closing(FileJournal(directory, read_only=True)) as journal:
        for digest in dict.fromkeys(digest for digest in digests if digest):
            try:
                found.append(composer.loaded(journal.configuration(digest)).authorities)
            except GatewayFault:
                continue
    return found


def _at(told: list[tuple[float, str]], time: float) -> str:
    """The configuration in force at a time; empty: that is not known."""
    return next((digest for since, digest in reversed(told) if since <= time), "")


def _weeks(since: float, until: float, zone: ZoneInfo) -> Iterator[float]:
    day = datetime.fromtimestamp(since, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    day -= timedelta(days=day.weekday())
    while day.timestamp() < until:
        if day.timestamp() >= since:
            yield day.timestamp()
        day += timedelta(days=7)
