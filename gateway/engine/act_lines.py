"""What officers did about an alarm, an entry an act, and what was agreed with a wearer."""

from __future__ import annotations

import msgspec


class ActLine(msgspec.Struct, frozen=True):
    """One act on an alarm, as it was done. Times are UTC epoch seconds.

    Attributes:
        at: when; ``by``: by whom; ``do``: what, as :class:`gateway.journal.controls.Act` has it.
        revision: of the alarm that this act made: the event that tells of it has this number.
        outcome, verified_by: of a close. ``whom``, ``result``: of an attempt. ``due``, ``expects``: of a follow-up.
        to: of an assignment. ``cause``: why it was none. ``note``: free words.
    """

    at: float
    by: str
    do: str
    revision: int
    outcome: str = ""
    verified_by: str = ""
    whom: str = ""
    result: str = ""
    due: float = 0.0
    expects: str = ""
    to: str = ""
    note: str = ""
    cause: str = ""


class FollowUp(msgspec.Struct, frozen=True):
    """What is to be so at a time; the newest one of an alarm counts.

    Attributes:
        at: when, UTC epoch seconds; a time of the calendar, which no step of the wall clock moves.
        expects: ``home``, ``reports``, ``calls`` or ``visit``; ``by``: who agreed it.
        offset: of the act in the log: what came since then, came after it.
        checked: when it was looked at, UTC epoch seconds; None: not yet.
        verdict: ``met``, ``not_met`` or ``unknown``; empty: not yet.
    """

    at: float
    expects: str
    by: str
    offset: int = 0
    checked: float | None = None
    verdict: str = ""

    @property
    def is_pending(self) -> bool:
        """Whether nobody has looked yet."""
        return self.checked is None
