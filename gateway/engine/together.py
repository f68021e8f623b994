"""Who has fallen silent, by what he has in common with others: carrier, area of the network, office. Bounded memory.

Somebody has fallen silent once nothing has come from his bracelet for half of what ``comms_lost`` allows
(``faint``), so that a common cause is found before the first is missed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from gateway.engine.episode import Fact
from gateway.engine.usual import WINDOW, Usual

if TYPE_CHECKING:
    from collections.abc import Iterator


EVERYBODY: Final = "all"
CARRIER, AREA, OFFICE = "carrier", "area", "office"
MOST: Final = 1024
"""Groups of which it is learnt what is usual; the one that has been quiet longest goes first."""
COVERS: Final = 0.8
"""Share of all who fell silent together that a group has to hold, so that no wider one is dark."""


class Faint(msgspec.Struct):
    """One who has fallen silent. ``at``: receive time at which he counted as such; ``heard``: his last contact.

    ``groups``: the narrowest first. ``odd``: words for what speaks against a common cause. ``in_outage``: he is one of
    those whom the outage gathers.
    """

    at: float
    heard: float
    groups: tuple[str, ...]
    odd: tuple[str, ...] = ()
    in_outage: bool = False


class HeldBack(msgspec.Struct):
    """A ``comms_lost`` that is not said while an outage may be its cause: what is needed to say it later."""

    person: str
    onset: float
    first_offset: int
    facts: dict[str, Fact]
    latitude: float | None = None
    longitude: float | None = None
    radius_m: float | None = None


class Dark(msgspec.Struct, array_like=True):
    """A group that has gone dark: how many of it the outage has gathered, and who of them is not heard since."""

    total: int = 0
    silent: int = 0

    @property
    def is_over(self) -> bool:
        """Whether half of them have been heard again."""
        return self.total >= 2 * self.silent


class Outage(msgspec.Struct):
    """The outage that lasts.

    Attributes:
        alarm: its identity.
        groups: what is dark now; ``where``: all that has been in it.
        total: bracelets that it has gathered.
        odd: ``PERSON:WORD`` of those who are told singly.
        said, said_odd: how many gathered, and how many odd ones, have been told of; ``said_at``: when, receive time.
        people: the wearers of the first that it has gathered.
    """

    alarm: str
    groups: dict[str, Dark] = {}
    where: list[str] = []
    total: int = 0
    said: int = 0
    odd: list[str] = []
    said_odd: int = 0
    said_at: float = 0.0
    people: list[str] = []

    def dark_of(self, one: Faint) -> list[Dark]:
        """The dark groups that somebody is of."""
        return [self.groups[group] for group in one.groups if group in self.groups]


def groups_of(served: int, office: str) -> tuple[str, ...]:
    """What a bracelet has in common with others, the narrowest first; ``served`` as :func:`serving_cell` packs it."""
    mcc, mnc, area = served >> 34, served >> 24 & 0x3FF, served & 0xFFFFFF
    network = (f"{AREA}:{mcc}-{mnc:02d}-{area}", f"{CARRIER}:{mcc}-{mnc:02d}") if served else ()
    return (*network[:1], *([f"{OFFICE}:{office}"] if office else []), *network[1:], EVERYBODY)


def lately(faint: dict[str, Faint], now: float) -> Iterator[tuple[str, Faint]]:
    """Those who fell silent within a window and are no outage's yet, by device; the newest first."""
    for device in reversed(faint):
        one = faint[device]
        if one.at <= now - WINDOW:
            return
        if not one.in_outage:
            yield device, one


def begin(usual: dict[str, Usual], now: float) -> None:
    """Of everybody it is learnt what is usual, from the first day on."""
    usual.setdefault(EVERYBODY, Usual(int(now // WINDOW)))


def learn(usual: dict[str, Usual], groups: tuple[str, ...], now: float) -> None:
    """One has fallen silent."""
    for group in groups:
        known = usual.pop(group, None) or usual[EVERYBODY].of_a_part(now)
        known.reach(now)
        known.count += 1
        usual[group] = known
    while len(usual) > MOST:
        del usual[next(iter(usual))]


def dark_group(
    usual: dict[str, Usual], faint: dict[str, Faint], groups: tuple[str, ...], now: float, devices: int
) -> str:
    """Which of some groups has gone dark, by who fell silent lately; empty: none."""
    count = dict.fromkeys(groups, 0)
    for _, one in lately(faint, now):
        for group in one.groups:
            count[group] = count.get(group, 0) + 1
    dark = [group for group in groups if usual[group].is_unusual(count[group], now, devices)]
    return next((group for group in dark if count[group] >= COVERS * count[EVERYBODY]), dark[-1] if dark else "")
