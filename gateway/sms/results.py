"""Why a modem or the network does not take a text: 3GPP TS 27.005, 3.2.5 (``+CMS ERROR``), TS 24.011, E.2."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

TIMEOUT: Final = -1
"""In place of a code: the modem did not answer. Whether the text went out nobody knows."""
RESTARTED: Final = -2
"""It was started anew meanwhile; the same."""
LOST: Final = -3
"""The line was pulled; the same."""
UNSPECIFIED: Final = 500
"""Also for an ``ERROR`` that says no more."""


class Blame(StrEnum):
    """Whom a refusal is about: the number or text; the card, its contract or the modem's setting; nobody for long."""

    MESSAGE = "message"
    SETTING = "setting"
    PASSING = "passing"


_MESSAGE: Final = frozenset({1, 8, 10, 28, 30, 81, 95, 96, 97, 98, 99, 111, 304, 305})
"""Unassigned, barred, unknown and wrong numbers; what is no sound PDU."""
_SETTING: Final = frozenset({
    21, 29, 50, 69, 302, 303, 310, 311, 312, 313, 315, 316, 317, 318, 330,
})  # fmt: skip
"""No contract for it; no card, a card that is locked, no service centre."""


def blame_of(code: int) -> Blame:
    """Whom a code is about. What is not known passes: a text is tried again rather than lost."""
    if code in _MESSAGE:
        return Blame.MESSAGE
    return Blame.SETTING if code in _SETTING else Blame.PASSING


def words_of(code: int) -> str:
    """A code for status and journal: ``cms 331``, ``no answer``, ``restarted`` or ``line lost``."""
    return {TIMEOUT: "no answer", RESTARTED: "restarted", LOST: "line lost"}.get(code, f"cms {code}")
