"""The five lists of a roll call, and why somebody stands in one: a table."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from gateway.engine import End

if TYPE_CHECKING:
    from collections.abc import Mapping


class Listed(StrEnum):
    """The lists, in the order in which they are read."""

    ODD = "odd"
    NO_ANSWER = "no_answer"
    NOT_LOCATED = "not_located"
    NO_AUTHORITY = "no_authority"
    IN_PLACE = "in_place"


class Reason(StrEnum):
    """Why somebody stands in a list. What a place is held against are the rules that hold at the time."""

    WITHIN = "within"
    BARRED = "barred"
    OUTSIDE = "outside"
    NOT_HOME = "not_home"
    STRAP = "strap"
    UNSURE = "unsure"
    """A place has come, and it lies too near a boundary, or is known too badly, to say."""
    NO_PLACE = "no_place"
    """The device has answered, and brought no place."""
    WAITING = "waiting"
    UNANSWERED = "unanswered"
    UNREACHED = "unreached"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    SILENT = "silent"
    """The order was written to a wire that answers none, and nothing has come since."""
    OFTEN = "often"
    """Not asked: as often as may be on one day already."""
    QUOTA = "quota"
    """Not asked: the carrier locates no more phones in the time."""
    UNABLE = "unable"
    """Not asked: the device takes no such order, or none now."""
    LEAVE = "leave"
    HOSPITAL = "hospital"
    EXAMINATION = "examination"
    REPAIR = "repair"
    NO_DEVICE = "no_device"
    ENDED = "ended"
    NOT_BEGUN = "not_begun"
    OTHER_BASIS = "other_basis"
    """An authority covers the person, and none the kind of device that is worn."""
    NONE = "none"


LIST_OF: Final[Mapping[Reason, Listed]] = {
    Reason.WITHIN: Listed.IN_PLACE,
    Reason.BARRED: Listed.ODD, Reason.OUTSIDE: Listed.ODD, Reason.NOT_HOME: Listed.ODD, Reason.STRAP: Listed.ODD,
    Reason.UNSURE: Listed.ODD,
    Reason.WAITING: Listed.NO_ANSWER, Reason.UNANSWERED: Listed.NO_ANSWER, Reason.UNREACHED: Listed.NO_ANSWER,
    Reason.DECLINED: Listed.NO_ANSWER, Reason.CANCELLED: Listed.NO_ANSWER, Reason.SILENT: Listed.NO_ANSWER,
    Reason.OFTEN: Listed.NO_ANSWER, Reason.QUOTA: Listed.NO_ANSWER, Reason.UNABLE: Listed.NO_ANSWER,
    Reason.NO_PLACE: Listed.NOT_LOCATED, Reason.LEAVE: Listed.NOT_LOCATED, Reason.HOSPITAL: Listed.NOT_LOCATED,
    Reason.EXAMINATION: Listed.NOT_LOCATED, Reason.REPAIR: Listed.NOT_LOCATED, Reason.NO_DEVICE: Listed.NOT_LOCATED,
    Reason.ENDED: Listed.NO_AUTHORITY, Reason.NOT_BEGUN: Listed.NO_AUTHORITY,
    Reason.OTHER_BASIS: Listed.NO_AUTHORITY, Reason.NONE: Listed.NO_AUTHORITY,
}  # fmt: skip
REASONS: Final = tuple(Reason)
"""In columns a reason is its place here; -1: none."""
CODE: Final[Mapping[Reason, int]] = {reason: code for code, reason in enumerate(REASONS)}
OF_END: Final[Mapping[End, Reason]] = {
    End.DONE: Reason.NO_PLACE, End.SENT: Reason.SILENT, End.NO_ANSWER: Reason.UNANSWERED,
    End.EXPIRED: Reason.UNREACHED, End.FAILED: Reason.DECLINED, End.MALFORMED: Reason.DECLINED,
    End.UNSUPPORTED: Reason.DECLINED, End.REFUSED: Reason.DECLINED, End.CANCELLED: Reason.CANCELLED,
}  # fmt: skip
"""How an order ended after which no place has come."""
ENDS: Final = tuple(End)
"""In columns an end is its place here; -1: the order has not ended."""
