"""Fixes of another system's past leave the journal by their own time: they came long after what they tell of."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gateway.decoded import from_json
from gateway.journal import row2
from gateway.journal.controls import Imported
from gateway.journal.entries import EntryKind
from gateway.journal.erasure import Erasure, erase, finish, recorded
from gateway.journal.expiry import ALL_GOES, Kept
from gateway.journal.origins import Shelf, origin_said
from gateway.journal.segment import HAS_IMPORTED, has_index, reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gateway.journal.entries import Origin
    from gateway.journal.erasure import Spans
    from gateway.journal.past_days import PastDays

_ROWS = f"SELECT first, body FROM batch INDEXED BY imported WHERE {HAS_IMPORTED} ORDER BY first"  # noqa: S608  ours


def expire_past(days: PastDays, horizon: float, below: int, record: Erasure, kept: Kept = ALL_GOES) -> list[str]:
    """Take fixes of before a time out of the files that nobody writes any more, whenever they were imported.

    Each file is rewritten as often as this finds some, so that the time had better move by days. One is not opened
    again before the next of its fixes is over.

    Args:
        days: of the journal.
        horizon: UTC epoch seconds, of the fixes' own time.
        below: offset before which the files have to end: what comes behind it may still be needed.
        record: when, by whom, and why; what stands beside each entry that went.
        kept: what stays all the same: what was received in its spans, or is of them.

    Returns:
        The names of the files of which something was taken out.

    Raises:
        TransientFault: a file cannot be written now, or somebody reads it; to be tried again.
        OurFault: a file is damaged.
    """
    done = []
    for day in days.over():
        if day.until > below:
            break
        if day.fixes is not None and day.fixes[0] >= horizon and day.fixes[1] == kept.spans:
            continue
        past, next_over = _past(day.path, horizon, kept.spans)
        if past:
            erase(day.path, past, record)
            done.append(day.path.name)
        elif _was_left(day.path) and recorded(day.path, record.why):
            finish(day.path)
        day.fixes = next_over, kept.spans
    return done


def _was_left(path: Path) -> bool:
    """Whether somebody who read the file kept what was taken out beside it: it has no other reason to have a log."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _past(path: Path, horizon: float, held: Spans) -> tuple[list[int], float]:
    """Offsets of the fixes of a file that are of before a time and not held; and when the next of the others is of."""
    past, next_over = [], math.inf
    for offset, time in _fixes(path, held):
        if time < horizon:
            past.append(offset)
        else:
            next_over = min(next_over, time)
    return past, next_over


def _fixes(path: Path, held: Spans) -> Iterator[tuple[int, float]]:
    """Offsets and own times of the fixes of a file that are not held."""
    with reading(path) as connection:
        if not has_index(connection, "imported"):
            return
        said = Shelf(connection, origin_said)
        for first, body in connection.execute(_ROWS):
            if body[:4] != row2.MAGIC:
                continue
            one = row2.unpack(body)
            origins, ends = said(one.references.tolist()), np.cumsum(one.length)
            for at in np.flatnonzero(one.kind == EntryKind.IMPORTED).tolist():
                payload = one.payload[ends[at] - one.length[at] : ends[at]]
                time = from_json(payload, Imported).time
                if not _is_held(origins[int(one.origin[at])], (time, float(one.received[at])), held):
                    yield first + at, time


def _is_held(origin: Origin, times: tuple[float, float], held: Spans) -> bool:
    return any(begin <= time <= end for begin, end in held.get(origin.device, ()) for time in times)
