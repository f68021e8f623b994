"""Notices: what people are to be told of an alarm by SMS, and how each stands. Without names and numbers."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.engine.episode import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.engine.episode import Episode

WEARER: Final = "wearer"
"""Whom a notice is for, where it is not a staff number."""
REMIND: Final = "remind_from"
TELL: Final = "tell_from"
"""Facts of an alarm that may well end by itself: from when on the wearer, and staff, are told of it."""
CHARGING: Final = "charging"
"""Fact of an alarm of a battery: since when its charge rises."""
SAID: Final = (
    "home_m", "battery_percent", "from", "until", "verify_by", "away_m", "lasts_until", REMIND, TELL, CHARGING,
)  # fmt: skip
"""Facts of an alarm that a notice may say: no coordinates, no zone."""


class NoticeState(StrEnum):
    """How a notice stands.

    OWED: to be sent. SENT: on its way; where no report comes that is all that is known. WITHDRAWN: it was not needed
    any more before it went. UNREACHABLE: nobody knows a number, or it is none. FAILED: the network or the device has
    given it up. EXPIRED: it could not be sent in time.
    """

    OWED = "owed"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"


OPEN: Final = frozenset({NoticeState.OWED, NoticeState.SENT})
ARRIVED: Final = frozenset({NoticeState.SENT, NoticeState.DELIVERED})
"""What may have reached somebody."""


class Topic(StrEnum):
    """What a notice is about: an alarm, that it is void, or what is to come for the wearer."""

    ALARM = "alarm"
    VOID = "void"
    REMINDER = "reminder"


class About(msgspec.Struct, frozen=True):
    """What the text of a notice is made of. Times are UTC epoch seconds. ``is_past``: it was raised of late data."""

    kind: str
    severity: str
    person: str
    device: str
    office: str
    onset: float
    minor: bool = False
    is_past: bool = False
    facts: dict[str, Fact] = {}


class Notice(msgspec.Struct, frozen=True):
    """One text for one person.

    Attributes:
        id: 16 hexadecimal digits, the same at every replay.
        alarm: its identity, empty: of none; ``rung``: of its ladder.
        to: a staff number, or WEARER.
        code: by which staff acknowledge; empty: nothing is to be answered.
        owed: since when, receive time.
    """

    id: str
    alarm: str
    to: str
    owed: float
    about: About
    rung: int = 0
    code: str = ""
    topic: Topic = Topic.ALARM


class NoticeRecord(msgspec.Struct, frozen=True):
    """A notice as it stands: a row of state.db.

    Attributes:
        at: when it came to stand so, receive time.
        by: ``sms`` or ``device``; empty: nothing yet.
        why: of one that did not arrive, a word.
        references: by which the modem's reports name it.
    """

    notice: Notice
    state: NoticeState = NoticeState.OWED
    at: float = 0.0
    by: str = ""
    why: str = ""
    references: tuple[int, ...] = ()


class Ladder(msgspec.Struct):
    """How far an alarm has come in telling people.

    Attributes:
        code: unique among the alarms that are not resolved.
        kind, severity: of the alarm as it began; ``about``: what its notices say.
        rung: the next one: 0 notify, 1 to, 2 leaders.
        due: when that is reached, receive time; None: never by itself.
        held: of quiet hours: when to tell whom, and of which rung.
        told: staff who have been told; ``had``: of what it was before it became graver.
        by: the kind whose rungs it goes by; empty: its own.
        is_stopped: it goes up no more. reminded: the wearer has been told.
    """

    code: str
    kind: str
    severity: str
    about: About
    rung: int = 0
    due: float | None = None
    held: list[tuple[float, str, int]] = []
    told: list[str] = []
    had: list[str] = []
    is_stopped: bool = False
    reminded: bool = False
    by: str = ""

    @property
    def goes_by(self) -> str:
        """The kind whose rungs it goes by."""
        return self.by or self.kind


def about(episode: Episode, *, minor: bool) -> About:
    """What is said of an alarm."""
    return About(
        episode.kind, episode.severity, episode.person, episode.device, episode.office, episode.onset, minor,
        episode.retrospective,        facts_said(episode.facts),
    )  # fmt: skip


def facts_said(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Of facts those that a notice may say."""
    return {name: facts[name] for name in SAID if name in facts}
