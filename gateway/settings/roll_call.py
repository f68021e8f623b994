"""What limits a roll call in a county."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.settings.entries import Entry
    from gateway.settings.raw_roll_call import RollCallEntry


@dataclass(frozen=True, slots=True)
class RollCalls:
    """Limits of roll calls.

    Attributes:
        per_day: how often one person may be asked on one day of the county.
        quiet: first and last minute of the local day between which nobody is asked; the same twice: no such hours.
        share: percent of a random share that is offered, and that one person alone may have asked of the whole county.
    """

    per_day: int = 3
    quiet: tuple[int, int] = (22 * 60, 7 * 60)
    share: int = 20


def roll_calls(entry: Entry[RollCallEntry] | None) -> RollCalls:
    """The section as written, or the defaults."""
    if entry is None:
        return RollCalls()
    value = entry.value
    return RollCalls(value.per_day, (value.quiet.start, value.quiet.until), value.share)
