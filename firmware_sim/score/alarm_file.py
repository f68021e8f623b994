"""A file of alarms as the gateway writes them: CloudEvents, one a line (docs/alarms.md)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from firmware_sim.score.json_lines import Line, read_lines
from firmware_sim.score.rules import FAMILIES, REPEATED, Family

if TYPE_CHECKING:
    from pathlib import Path

TYPE = "bracelet.alarm."
CHANGES = frozenset({"raised", "updated", "cleared", "retracted", "acknowledged", "closed"})
"""What the rest of a message's type may be."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as its highest revision states it.

    Attributes:
        line: of its ``raised`` message in the file, from 1; the last one, if it was taken back and came back.
        person, zone: empty where the message has none.
        onset, end: the time it states, UTC epoch seconds (``end`` ``inf``: no end).
        decided: the time of that message; ``data.decided`` is of the first one, and stays.
        probability: as stated; ``nan`` where there is none.
        place: latitude, longitude in WGS-84 degrees, if it states one.
        retracted: it was taken back and did not come back.
        retrospective: it came to stand by data that came late.
        urgent: time of the first message that says ``critical``; ``inf``: none does.
        asks: somebody is to act on it: it was more than ``info`` at some time, or says no severity.
    """

    line: int
    identity: str
    kind: str
    person: str
    device: str
    zone: str
    onset: float
    end: float
    decided: float
    probability: float
    place: tuple[float, float] | None
    retracted: bool = False
    retrospective: bool = False
    urgent: float = math.inf
    asks: bool = True


@dataclass(frozen=True, slots=True)
class AlarmFile:
    """What a file of alarms holds: its alarms by line, and how many messages it has, repetitions left out."""

    alarms: tuple[Alarm, ...]
    messages: int


@dataclass(frozen=True, slots=True)
class _Message:
    revision: int
    change: str
    time: float
    alarm: Alarm
    severity: str


def read_alarms(path: Path) -> AlarmFile:
    """Read a file of alarms. A revision that stands there again is the same message, and left out.

    Raises:
        ScoreFault: it cannot be read, a line is no message, or an alarm is not raised once, and again only after it was
            taken back.
    """
    histories: dict[str, dict[int, _Message]] = {}
    for line in read_lines(path):
        message = _message(line)
        histories.setdefault(message.alarm.identity, {}).setdefault(message.revision, message)
    alarms = sorted((_alarm(path, history) for history in histories.values()), key=lambda alarm: alarm.line)
    return AlarmFile(tuple(alarms), sum(map(len, histories.values())))


def _alarm(path: Path, history: dict[int, _Message]) -> Alarm:
    messages = [history[revision] for revision in sorted(history)]
    raised: _Message | None = None
    stands = False
    for message in messages:
        if message.change == "raised":
            raised = _newly_raised(path, message, raised if stands else None)
        stands = message.change == "raised" or (stands and message.change != "retracted")
    if raised is None:
        raise Line(path, messages[0].alarm.line, {}).fault(
            f"alarm {messages[0].alarm.identity} was never raised; score the whole of the gateway's alarms:"
            " replay --alarms, or an upstream of kind file without a severity list"
        )
    urgent = min((message.time for message in messages if message.severity == "critical"), default=math.inf)
    asks = any(message.severity != "info" for message in messages)
    return replace(
        messages[-1].alarm, line=raised.alarm.line, decided=raised.time, retracted=not stands, urgent=urgent, asks=asks
    )  # fmt: skip


def _newly_raised(path: Path, message: _Message, standing: _Message | None) -> _Message:
    """What is raised, if it does not stand already."""
    if standing is not None:
        first, second = sorted((standing.alarm.line, message.alarm.line))
        raise Line(path, second, {}).fault(
            f"alarm {message.alarm.identity} is raised again (first on line {first});"
            " one identity is raised once: these are two runs in one file, or the gateway minted an identity twice"
        )
    return message


def _message(line: Line) -> _Message:
    change = line.text("type").removeprefix(TYPE)
    if change not in CHANGES or not line.text("type").startswith(TYPE):
        raise line.fault(f"unknown type {line.text('type')!r}; known: {TYPE}{{{'|'.join(sorted(CHANGES))}}}")
    data = line.inner("data")
    stated = _stated(data)
    time, severity = line.moment_or("time", stated.decided), data.text_or_empty("severity")
    return _Message(int(data.number("revision")), change, time, stated, severity)


def _stated(data: Line) -> Alarm:
    kind, onset = data.text("kind"), data.moment("onset")
    return Alarm(
        line=data.row, identity=data.text("alarm"), kind=kind, person=data.text_or_empty("person"),
        device=data.text_or_empty("device"), zone=data.text_or_empty("zone"), onset=onset,
        end=max(onset, _end(data, kind)), decided=data.moment("decided"),
        probability=_probability(data), place=_place(data, kind),
        retrospective=data.flag_or("retrospective", otherwise=False),
    )  # fmt: skip


def _probability(data: Line) -> float:
    probability = data.number_or("probability", math.nan)
    if probability < 0.0 or probability > 1.0:
        raise data.fault(f"data.probability is {probability}; it has to be from 0 to 1")
    return probability


def _end(data: Line, kind: str) -> float:
    closed = data.moment_or("closed", math.inf)
    if FAMILIES.get(kind) is Family.CURFEW:
        closed = min(closed, data.inner("facts").moment_or("until", math.inf))
    return data.moment_or("ended", closed)


def _place(data: Line, kind: str) -> tuple[float, float] | None:
    """The stated position; of a repeated place without one the place among its facts (``latitude,longitude``)."""
    coordinates = data.inner("position").fields.get("coordinates")
    written = data.inner("facts").text_or_empty("place") if kind == REPEATED else ""
    if coordinates is None and written:
        coordinates = written.split(",")[::-1]
    if coordinates is None:
        return None
    try:
        return float(coordinates[1]), float(coordinates[0])
    except (TypeError, ValueError, IndexError, KeyError):
        raise data.fault(f"{coordinates!r} is no place; it has to be a longitude and a latitude") from None
