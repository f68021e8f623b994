"""What a county's gateway tells, read: CloudEvents as docs/alarms.md and docs/webhook.md have them.

Of an alarm is kept what says that it is there and how it was dealt with. Places, texts, facts and what staff wrote in
free words are not taken over: they stay with the county.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from gateway.decoded import from_json
from gateway.errors import PeerFault
from gateway.kinds import TRIALS, Severity
from gateway.signing import CLOCKS

LONGEST: Final = 1 << 20
"""Bytes of one message."""
_ALARM, _SIGN = "bracelet.alarm.", "bracelet.gateway."
_MILD: Final = ("info", "warning")
Word = Annotated[str, msgspec.Meta(max_length=64)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class _Act(msgspec.Struct):
    at: Moment
    do: Word
    by: Word = ""
    outcome: Word = ""
    verified_by: Word = ""
    whom: Word = ""
    result: Word = ""
    to: Word = ""
    cause: Word = ""
    due: Moment | None = None


class _Alarm(msgspec.Struct):
    alarm: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
    revision: Annotated[int, msgspec.Meta(ge=1, le=1 << 40)]
    kind: Word
    severity: Severity
    onset: Moment
    latched: bool
    person: Word | None = None
    office: Word | None = None
    ended: Moment | None = None
    acknowledged: Moment | None = None
    owner: Word | None = None
    closed: Moment | None = None
    outcome: Word | None = None
    disputed: Moment | None = None
    acts: Annotated[list[_Act], msgspec.Meta(max_length=10_000)] = []


class _Sign(msgspec.Struct):
    time: Moment | None = None
    healthy: bool = True


class _Event(msgspec.Struct):
    specversion: Literal["1.0"]
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    source: str
    type: str
    data: msgspec.Raw
    time: Moment | None = None


class Alarm(msgspec.Struct, frozen=True):
    """An alarm as it was last told; times are UTC epoch seconds, texts empty where there is nothing to say.

    Attributes:
        county: whose gateway told it.
        person: an opaque id.
        resolved: nobody has to look at it any more; ``over``: since when.
        acts: what was done, oldest first: ``at``, ``do`` and what else an act has, without free words.
    """

    county: str
    id: str
    revision: int
    kind: str
    severity: Severity
    person: str
    office: str
    onset: float
    ended: float | None
    acknowledged: float | None
    owner: str
    closed: float | None
    outcome: str
    disputed: float | None
    retracted: bool
    resolved: bool
    over: float | None
    acts: list[dict[str, str | float]]

    @property
    def is_taken(self) -> bool:
        """Whether somebody of the county has answered it."""
        return bool(self.owner) or self.acknowledged is not None


class Sign(msgspec.Struct, frozen=True):
    """A sign of life: ``heartbeat``, ``stopped`` or ``lost``; ``at``: when it was given, None: that is not known."""

    county: str
    sign: str
    at: float | None
    healthy: bool


def taken(body: bytes, county: str, received: float, stored: float | None = None) -> Alarm | Sign | None:
    """What a message says; None: nothing that a city keeps (a test, a place, what a newer gateway tells).

    Args:
        body: as it came.
        county: who is known to have sent it.
        received: UTC epoch seconds.
        stored: when a server of ours stored it, which alone says how old it is then; None: it came straight.

    Raises:
        PeerFault: it is no such message, or speaks for another county; what of it is wrong, and none of its values.
    """
    if len(body) > LONGEST:
        raise PeerFault("too_long", f"{len(body)} bytes, at most {LONGEST}")
    try:
        event = from_json(body, _Event)
        if event.source != f"/bracelet/{county}":
            raise PeerFault("foreign", "source is another county")
        if event.type.startswith(_ALARM):
            return _alarm(event, county)
        if event.type in {f"{_SIGN}{sign}" for sign in ("heartbeat", "stopped", "lost")}:
            return _sign(event, county, received, stored)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        # What is wrong is said by its path alone: the rest may repeat a value.
        raise PeerFault("malformed", f"no message of a gateway: {str(fault).partition(' - at ')[2] or '$'}") from fault
    return None


def _alarm(event: _Event, county: str) -> Alarm | None:
    one = from_json(event.data, _Alarm)
    if event.id != f"{one.alarm}.{one.revision}":
        raise PeerFault("malformed", "id is not that of the alarm and its revision")
    if one.kind in TRIALS:
        return None
    retracted = event.type == f"{_ALARM}retracted"
    over = _over(one, event.time if retracted else None)
    return Alarm(
        county, one.alarm, one.revision, one.kind, one.severity, one.person or "", one.office or "",
        one.onset.timestamp(), _at(one.ended), _at(one.acknowledged), one.owner or "", _at(one.closed),
        one.outcome or "", _at(one.disputed), retracted, over is not None, over, [_act(each) for each in one.acts],
    )  # fmt: skip


def _over(one: _Alarm, retracted: datetime | None) -> float | None:
    """Since when nobody has to look at it any more: closed, taken back, or a mild one that ended by itself."""
    if one.closed is not None:
        return one.closed.timestamp()
    if retracted is not None:
        return retracted.timestamp()
    mild = one.severity in _MILD and not one.latched and one.disputed is None
    return one.ended.timestamp() if one.ended is not None and mild else None


def _act(one: _Act) -> dict[str, str | float]:
    said: dict[str, str | float] = {
        name: value.timestamp() if isinstance(value, datetime) else value
        for name, value in msgspec.structs.asdict(one).items()
        if value
    }
    return said


def _sign(event: _Event, county: str, received: float, stored: float | None) -> Sign:
    one = from_json(event.data, _Sign)
    given = _at(one.time) if stored is None else stored
    sign = event.type.removeprefix(_SIGN)
    return Sign(county, sign, None if given is None else given_at(given, received), one.healthy)


def given_at(given: float, received: float) -> float:
    """When something was given that says so itself: as it says where no clock explains it, else when it came."""
    return given if received - given > CLOCKS else received


def _at(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
