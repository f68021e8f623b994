"""One file of alarms against the truth: the gateway's, or a baseline's."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from firmware_sim.score import tally
from firmware_sim.score.approaches import approaches
from firmware_sim.score.breaches import breaches, counted_of, latencies
from firmware_sim.score.calibration import calibration
from firmware_sim.score.figures import Events, Gathered, Strap
from firmware_sim.score.matching import overlaps
from firmware_sim.score.result import Column
from firmware_sim.score.rules import FAMILIES, PROTECTED, SILENCE, STRAP, SUSPECTED_STRAP, Reason
from firmware_sim.score.scenes import by_scene
from firmware_sim.score.sorts import event_kind, is_near_event, judge_sorts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from firmware_sim.score.alarm_file import Alarm, AlarmFile
    from firmware_sim.score.figures import Rate, Told
    from firmware_sim.score.matching import Discovery, Happening, Judgement
    from firmware_sim.score.records import Event, Truth
    from firmware_sim.score.sorts import Verdicts


def column(name: str, truth: Truth, file: AlarmFile, told: Told | None = None) -> Column:
    """All figures of a file of alarms; ``told``: what its notices come to."""
    alarms = [alarm for alarm in file.alarms if alarm.decided <= truth.scenario.until]
    months = truth.scenario.device_months
    verdicts = judge_sorts(truth, alarms)
    zones = verdicts.zones
    false = [one.alarm for one in zones.judgements if one.reason is not None]
    events, asking = _events(truth, verdicts), [alarm for alarm in alarms if alarm.asks]
    counted = counted_of(truth.breaches, truth.scenario.until)
    return Column(
        name=name, messages=file.messages, after_the_end=len(file.alarms) - len(alarms),
        notices=tally.rate(len(alarms), months), notices_by_kind=_by_kind(alarms, months),
        asking=tally.rate(len(asking), months), asking_by_kind=_by_kind(asking, months), told=told,
        zones=tally.judged(zones.judgements), false_zones=tally.rate(len(false), months),
        false_zones_by_kind=_by_kind(false, months, FAMILIES),
        doubles=sum(one.reason is Reason.DOUBLE for one in verdicts.judgements),
        retracted=sum(alarm.retracted for alarm in alarms),
        breaches=breaches(truth.breaches, zones.found, truth.scenario.until),
        scenes=by_scene(truth.trace, counted, zones), latency=latencies(truth.breaches, zones.found), events=events,
        strap=_strap(truth, verdicts, events[STRAP]),
        approaches=approaches(truth, alarms, events.get(PROTECTED)),
        outages=_gathered(truth, verdicts),
        repeated=_both(truth.repeated, verdicts.places.found, verdicts.places.judgements),
        calibration=calibration(zones.judgements),
        unjudged=dict(sorted(Counter(alarm.kind for alarm in verdicts.others).items())),
    )  # fmt: skip


def _by_kind(alarms: Iterable[Alarm], device_months: float, always: Iterable[str] = ()) -> dict[str, Rate]:
    """Rates by kind: of the kinds that are there, and of those that are to be shown always."""
    counts = Counter(dict.fromkeys(always, 0))
    counts.update(alarm.kind for alarm in alarms)
    return {kind: tally.rate(counts[kind], device_months) for kind in sorted(counts)}


def _events(truth: Truth, verdicts: Verdicts) -> dict[str, Events]:
    happened = {event.kind for event in truth.events}
    by_kind: dict[str, list[Judgement]] = {}
    for one in verdicts.devices.judgements:
        by_kind.setdefault(event_kind(one.alarm, happened), []).append(one)
    return {
        kind: _both(
            [event for event in truth.events if event.kind == kind], verdicts.devices.found, by_kind.get(kind, [])
        )
        for kind in verdicts.kinds
    }


def _both(happened: Sequence[Happening], found: Mapping[int, Discovery], judgements: Sequence[Judgement]) -> Events:
    """Both sides of a match: what was found, and what the alarms are worth."""
    return Events(tally.found(happened, found), tally.judged(judgements), tally.latency(happened, found))


def _gathered(truth: Truth, verdicts: Verdicts) -> Gathered:
    silences = [
        event.line
        for event in truth.events
        if event.kind == SILENCE and any(outage.has(event) for outage in truth.outages)
    ]
    told = [verdicts.devices.found[line].spanned for line in silences if line in verdicts.devices.found]
    return Gathered(len(silences), told.count(True), told.count(False))


def _strap(truth: Truth, verdicts: Verdicts, events: Events) -> Strap:
    judged = [one for one in verdicts.devices.judgements if one.alarm.kind == STRAP]
    without = sum(not one.held for one in judged)
    cuts = [event for event in truth.events if event.kind == STRAP]
    suspected = [alarm for alarm in verdicts.others if alarm.kind == SUSPECTED_STRAP]
    at_cut = sum(any(is_near_event(alarm, cut) for cut in cuts if cut.device == alarm.device) for alarm in suspected)
    share = without / len(judged) if judged else None
    return Strap(
        len(judged), without, share, events.happened.missed, len(suspected), at_cut,
        max(_waits([one.alarm for one in judged], cuts), default=None),
    )  # fmt: skip


def _waits(alarms: Sequence[Alarm], cuts: Iterable[Event]) -> Iterator[float]:
    """Seconds from each cut to the first critical message of an alarm that is about it; one that stood before: 0."""
    for cut in cuts:
        mine = [one for one in alarms if one.device == cut.device and (is_near_event(one, cut) or overlaps(one, cut))]
        told = min((one.urgent for one in mine), default=math.inf)
        if math.isfinite(told):
            yield max(0.0, told - cut.onset)
