"""What an answer to a posted message means for it, and for whatever else is to go there."""

from __future__ import annotations

from enum import Enum
from typing import Final


class Fate(Enum):
    """What has become of one posted message."""

    TAKEN = "taken"
    REFUSED = "refused"
    """This message, and it will not be otherwise."""
    FAILED = "failed"
    """No answer, or one that says nothing of whose fault it is."""
    AWAY = "away"
    """Nobody is there, or we are shown the door."""
    LATER = "later"
    """It was too much, or too soon: never a message's fault."""


_AWAY: Final = frozenset({401, 402, 403, 404, 405, 407, 421, 502, 503, 504})
"""Of address and credential, or said by who stands before the platform: of any message."""
_LATER: Final = frozenset({408, 409, 425, 429})
_TAKEN, _REDIRECT, _REFUSED, _SERVER = 200, 300, 400, 500


def fate_of(status: int) -> Fate:
    """By the status code of RFC 9110. What leads elsewhere is not followed: nobody has signed for it."""
    if _TAKEN <= status < _REDIRECT:
        return Fate.TAKEN
    if status in _LATER:
        return Fate.LATER
    if status < _REFUSED or status in _AWAY:
        return Fate.AWAY
    return Fate.REFUSED if status < _SERVER else Fate.FAILED
