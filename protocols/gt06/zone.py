"""Whose time the device's clock shows: decided by the session, journaled as a fact, used when frames are decoded.

The maker's document says that some messages carry the local time of the zone in the login. Clones send UTC there. With
``time: auto`` a report tells itself: it cannot come from the future, and a live one is from now. What has been shown so
holds on, in the device's later sessions too; a report out of its memory may be of any age and shows nothing.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field
from enum import Enum

PRESENT = 300.0
"""Seconds within which a report counts as live, and by which a clock may be ahead."""
_BY_LOGIN = ("auto", "login")
"""Modes in which the login's zone matters."""


class Age(Enum):
    """What a report says of itself."""

    LIVE = 0
    STORED = 1
    UNSAID = -1


class Watch(Enum):
    """What the next local message may tell of the zone."""

    SETTLED = 0
    """Nothing."""
    SHOWN = 1
    """That it is another than the one shown: one of the present, or out of the device's memory, tells nothing."""
    OPEN = 2


@dataclass(slots=True)
class Zone:
    """The zone of one device's clock.

    Args:
        mode: ``auto``, ``utc``, ``login`` or ``fixed``, as in the profile.
        fixed: seconds ahead of UTC for ``fixed``.
        known: the facts of the device's session before this one; empty: there are none.
    """

    mode: str
    fixed: int
    known: InitVar[str] = ""
    ahead: int = field(init=False)
    """Seconds by which local messages' clock is ahead of UTC."""
    _of_login: int = field(init=False)
    _is_shown: bool = field(init=False)

    def __post_init__(self, known: str) -> None:
        self._of_login = zone_in(known) if self.mode in _BY_LOGIN else 0
        self._is_shown = bool(self._of_login)
        self.ahead = self._of_login or self.fixed

    def logged_in(self, ahead: int | None) -> None:
        """A login said by how many seconds its clock is ahead of UTC, or did not say (None)."""
        if self.mode not in _BY_LOGIN or ahead is None or ahead == self._of_login:
            return
        self._of_login, self._is_shown = ahead, False
        # Under auto it has yet to be shown.
        self.ahead = ahead if self.mode == "login" else 0

    def heard(self, shown: float, now: float, age: Age) -> None:
        """A local message's clock showed this (read as UTC, NaN where it showed nothing) at ``now``.

        What has been shown is overturned by a report that says that it is live, or that could not be otherwise.
        """
        if (watch := self.watch) is Watch.SETTLED:
            return
        if watch is Watch.SHOWN and (age is Age.STORED or abs(now - shown + self.ahead) <= PRESENT):
            return
        behind = {ahead: now - shown + ahead for ahead in (self._of_login, 0)}
        readings = [ahead for ahead, seconds in behind.items() if seconds >= -PRESENT]
        if len(readings) > 1:
            may_be_now = age is Age.LIVE or (age is Age.UNSAID and not self._is_shown)
            readings = [ahead for ahead in readings if may_be_now and behind[ahead] <= PRESENT]
        if readings:
            self.ahead, self._is_shown = readings[0], age is not Age.STORED

    @property
    def watch(self) -> Watch:
        """What a message could change."""
        if self.mode != "auto" or not self._of_login:
            return Watch.SETTLED
        return Watch.SHOWN if self._is_shown else Watch.OPEN

    @property
    def facts(self) -> str:
        """As it is journaled; empty for UTC and for what the profile says anyway."""
        return str(self.ahead) if self.ahead and self.mode != "fixed" else ""


def zone_in(facts: str) -> int:
    """Seconds ahead of UTC that a session's facts say; 0 where they say nothing."""
    return int(facts) if facts.lstrip("-").isdecimal() else 0
