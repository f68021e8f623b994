"""Whose time the device's clock shows: decided by the session, journaled as a fact, used when frames are decoded.

The maker's document says that some messages carry the local time of the zone in the login. Clones send UTC there. With
``time: auto`` a report tells itself: it cannot come from the future, and a live one is from now.
"""

from __future__ import annotations

from dataclasses import dataclass

PRESENT = 300.0
"""Seconds within which a report counts as live, and by which a clock may be ahead."""


@dataclass(slots=True)
class Zone:
    """The zone of one session's clock.

    Args:
        mode: ``auto``, ``utc``, ``login`` or ``fixed``, as in the profile.
        fixed: seconds ahead of UTC for ``fixed``.
    """

    mode: str
    fixed: int
    ahead: int = 0
    """Seconds by which local messages' clock is ahead of UTC."""
    _of_login: int = 0

    def __post_init__(self) -> None:
        self.ahead = self.fixed

    def logged_in(self, ahead: int) -> None:
        """A login said by how many seconds its clock is ahead of UTC."""
        if self.mode in ("login", "auto"):
            # Under auto it has yet to be shown.
            self._of_login = ahead
            self.ahead = ahead if self.mode == "login" else 0

    def heard(self, shown: float, now: float) -> None:
        """A local message's clock showed this (read as UTC, NaN where it showed nothing) at ``now``."""
        if self.mode != "auto" or not self._of_login:
            return
        behind_utc, behind_login = now - shown, now - (shown - self._of_login)
        possible_utc, possible_login = behind_utc >= -PRESENT, behind_login >= -PRESENT
        if possible_login and (not possible_utc or behind_login <= PRESENT):
            self.ahead = self._of_login
        elif possible_utc and (not possible_login or behind_utc <= PRESENT):
            self.ahead = 0

    @property
    def facts(self) -> str:
        """As it is journaled; empty for UTC and for what the profile says anyway."""
        return str(self.ahead) if self.ahead and self.mode != "fixed" else ""
