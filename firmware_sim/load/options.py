"""What a load is to be, and the fault of asking for one that cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from firmware_sim.firmware.wire import Edition

LONGEST_PHONE = 12
"""Digits of a 2013 header's phone."""


class LoadFault(ValueError):
    """The load cannot be made as asked; the text says why and what to do."""


class Editions(StrEnum):
    """Which editions of JT/T 808 the terminals speak; mixed: in turn."""

    Y2013 = "2013"
    Y2019 = "2019"
    MIXED = "mixed"


_TURNS = {
    Editions.Y2013: (Edition.Y2013,),
    Editions.Y2019: (Edition.Y2019,),
    Editions.MIXED: (Edition.Y2013, Edition.Y2019),
}


@dataclass(frozen=True, slots=True)
class Options:
    """A load.

    Attributes:
        port: TCP port of the gateway's listener. ``host``: a loopback address.
        connections: terminals, each with a connection of its own.
        rate: reports a second of all together; above ``connections`` one terminal makes several of the same second.
        seconds: for so long reports are planned.
        ramp: seconds over which the connections are opened.
        first: phone digits of the first terminal; the others follow it one by one.
        editions: which the terminals speak.
        patience: seconds that logins may take after the ramp, and answers after the last planned report.

    Raises:
        LoadFault: one of them is out of its range.
    """

    port: int
    host: str = "127.0.0.1"
    connections: int = 1000
    rate: float = 1000.0
    seconds: float = 10.0
    ramp: float = 5.0
    first: str = "13900000000"
    editions: Editions = Editions.MIXED
    patience: float = 10.0

    def __post_init__(self) -> None:
        ranges = {
            f"connections is {self.connections}: at least 1 is needed": self.connections >= 1,
            f"rate is {self.rate:g}: it must be above 0": self.rate > 0.0,
            f"seconds is {self.seconds:g}: it must be above 0": self.seconds > 0.0,
            f"ramp is {self.ramp:g}: it must not be negative": self.ramp >= 0.0,
            f"patience is {self.patience:g}: it must not be negative": self.patience >= 0.0,
        }
        for text, holds in ranges.items():
            if not holds:
                raise LoadFault(text)
        phone_of(self.first, self.connections - 1)

    def edition(self, number: int) -> Edition:
        """What the terminal of that number speaks."""
        turns = _TURNS[self.editions]
        return turns[number % len(turns)]


def phone_of(first: str, number: int) -> str:
    """Phone digits of a terminal, without leading zeros.

    Raises:
        LoadFault: the first is no phone, or this one is longer than 12 digits.
    """
    if not (first.isascii() and first.isdigit() and len(first) <= LONGEST_PHONE):
        raise LoadFault(f"first identity {first[:40]!r}: 1 to {LONGEST_PHONE} digits are a phone")
    phone = str(int(first) + number)
    if len(phone) > LONGEST_PHONE:
        raise LoadFault(
            f"identity {phone} has {len(phone)} digits: at most {LONGEST_PHONE} fit; choose a lower first one"
        )
    return phone
