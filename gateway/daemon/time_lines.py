"""Lines of the log about time: clocks that were set or are off, and what is not known any more of an earlier time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from gateway.clock import iso

if TYPE_CHECKING:
    from gateway.errors import OurFault
    from gateway.journal.controls import ClockStep

log = structlog.get_logger()


def tell_step(step: ClockStep) -> None:
    """The wall clock was set, or nobody could be read."""
    log.warning("the clock was set, the machine slept, or nobody could be read; silence is counted without that time",
                was=iso(step.old), now=iso(step.new), seconds=round(step.new - step.old, 3))  # fmt: skip


def tell_missing(fault: OurFault) -> None:
    """A version of the cells that the journal names is gone."""
    log.error("what was known of cells is not there: reports of that time get no place by cells", fault=str(fault))


def tell_clock(device: str, ahead: float, line: str) -> None:
    """A device's clock is off by so many seconds; ``line``: what would say so in its table."""
    log.warning("a device's clock is off by a constant; its reports are set right from here on",
                device=device, seconds_ahead=ahead, write_in_its_line=line)  # fmt: skip
