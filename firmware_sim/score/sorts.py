"""The three sorts of alarms that are judged, each with its way of being held against the truth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from firmware_sim.score.distance import metres
from firmware_sim.score.matching import Discovery, Matched, Matching, in_window, judge, overlaps
from firmware_sim.score.rules import (
    EVENT_WINDOWS,
    FAMILIES,
    GRAVER,
    JUDGED_KINDS,
    NEAR,
    PROTECTED,
    REPEATED,
    REPEATED_WINDOW,
    SAME_PLACE,
    SILENCE,
    USUAL_WINDOW,
)

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from firmware_sim.score.alarm_file import Alarm
    from firmware_sim.score.matching import Judgement
    from firmware_sim.score.records import Breach, Event, Repeated, Truth


def _near_breach(alarm: Alarm, breach: Breach) -> bool:
    """What came late is decided late; what says that it looks back may be at any time after the breach began."""
    last = math.inf if alarm.retrospective else max(breach.until, breach.heard)
    return breach.onset - NEAR <= alarm.decided <= last + NEAR and overlaps(alarm, breach, NEAR)


def event_kind(alarm: Alarm, happened: Container[str]) -> str:
    """The kind of device event that an alarm tells of: its own where the truth has such, else what it began as."""
    return alarm.kind if alarm.kind in happened else GRAVER.get(alarm.kind, alarm.kind)


def is_near_event(alarm: Alarm, event: Event) -> bool:
    """Whether an alarm is near enough in time to be about an event of its device."""
    window = EVENT_WINDOWS.get(event.kind, USUAL_WINDOW)
    told = in_window(alarm.decided, event, window) or in_window(alarm.onset, event, window)
    return told and alarm.decided >= event.onset - window[0]


def _near_repeated(alarm: Alarm, repeated: Repeated) -> bool:
    return in_window(alarm.decided, repeated, REPEATED_WINDOW) and overlaps(alarm, repeated, NEAR)


def _same_place(alarm: Alarm, repeated: Repeated) -> bool:
    true = (repeated.latitude, repeated.longitude)
    return alarm.place is not None and float(metres(alarm.place, true)) <= SAME_PLACE


BREACHES: Matching[Breach] = Matching(
    happening_key=lambda breach: (breach.person, breach.family, breach.zone),
    alarm_key=lambda alarm: (alarm.person, FAMILIES[alarm.kind], alarm.zone),
    near=_near_breach,
)
"""Zone alarms, by person, family and zone."""
REPEATED_PLACES: Matching[Repeated] = Matching(
    happening_key=lambda repeated: (repeated.person,),
    alarm_key=lambda alarm: (alarm.person,),
    near=_near_repeated,
    same=_same_place,
)
"""Repeated places, by person and place."""


def _events(happened: Container[str]) -> Matching[Event]:
    """Device alarms, by device and kind."""
    return Matching(
        happening_key=lambda event: (event.device, event.kind),
        alarm_key=lambda alarm: (alarm.device, event_kind(alarm, happened)),
        near=is_near_event,
    )


@dataclass(frozen=True, slots=True)
class Verdicts:
    """A file of alarms judged, by sort.

    Attributes:
        kinds: the kinds of device alarms that are judged.
        others: alarms of kinds without a truth.
    """

    zones: Matched
    devices: Matched
    places: Matched
    kinds: tuple[str, ...]
    others: tuple[Alarm, ...]

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """Those of all sorts."""
        return self.zones.judgements + self.devices.judgements + self.places.judgements


def judge_sorts(truth: Truth, alarms: Sequence[Alarm]) -> Verdicts:
    """Judge all alarms, each by its sort."""
    happened = {event.kind for event in truth.events}
    kinds = JUDGED_KINDS | happened | ({PROTECTED} if truth.pairs else set())
    judged_kinds = {*FAMILIES, *kinds, *GRAVER, REPEATED}
    device_alarms = [alarm for alarm in alarms if event_kind(alarm, happened) in kinds]
    return Verdicts(
        judge(truth.breaches, [alarm for alarm in alarms if alarm.kind in FAMILIES], BREACHES),
        _gathered(truth, judge(truth.events, device_alarms, _events(happened))),
        judge(truth.repeated, [alarm for alarm in alarms if alarm.kind == REPEATED], REPEATED_PLACES),
        tuple(sorted(kinds)),
        tuple(alarm for alarm in alarms if alarm.kind not in judged_kinds),
    )


def _gathered(truth: Truth, matched: Matched) -> Matched:
    """With the silences that an outage's alarm tells of."""
    found = dict(matched.found)
    for outage in truth.outages:
        told = found.get(outage.line)
        if told is None:
            continue
        for event in truth.events:
            if event.kind == SILENCE and outage.has(event):
                found.setdefault(event.line, Discovery(told.decided, spanned=True))
    return Matched(matched.judgements, found)
