"""Step: a bracelet that is worn, as far as it knows, and has not been moved for implausibly long.

It is counted by waking hours (08:00-22:00), so that no night at home is told of; of gaps, leave, charging and time off
with leave nothing counts. What moves it: the device's own word (movement, vibration, a fall), or a fix away from where
it lies. A device that is known to give its word is taken at its silence; any other has to lie under an open sky, as on
a sill: indoors its fixes tell nobody whether it is moved, and where they scatter so it is counted anew. A report that
comes late can end this, and never begins it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.ledger import Finding
from gateway.engine.reports import is_usable
from gateway.engine.shapes import HOME
from gateway.engine.stay import LEAST_RADIUS
from gateway.engine.whereabouts import ANY_REACH, RADIUS95
from gateway.fusion.sigma import variance
from protocols.report import Flag

if TYPE_CHECKING:
    from formulas.formula import Record
    from gateway.engine.context import Context
    from gateway.engine.episode import Episode, Fact
    from gateway.engine.habits import Still
    from gateway.engine.ledger import At, Ledger
    from gateway.engine.policy import Policy
    from gateway.engine.whereabouts import Whereabouts

KIND: Final = "no_motion"
MOVED: Final = np.uint64(Flag.MOVING | Flag.VIBRATION | Flag.FALL | Flag.COLLISION | Flag.ROLLOVER)
"""A device's own word of movement."""
NOT_WORN: Final = np.uint64(Flag.STRAP_CUT | Flag.STRAP_LOOSE | Flag.OFF_BODY | Flag.CASE_OPEN)
OFF_KINDS: Final = ("strap_cut", "strap_loose", "off_body", "case_open")
"""Alarms beside which it is known already why a bracelet lies still."""
GAP: Final = 3600.0
"""Seconds between two reports of which at most so many count."""
AWAY: Final = 100.0
"""Metres beyond both errors at which a fix is elsewhere."""
SIGMAS: Final = 3.0
TRUSTED: Final = 7 * 86400.0
"""Seconds for which a device that has given its word is expected to give it again."""
TABLE: Final = 8.0
"""Metres: fixes of a bracelet that lies under an open sky scatter so far at most, root mean square of both axes. Under
a roof fixes scatter by more, moved or not: of whoever sits by a window by 14 and more;"""
FIXES: Final = 12
"""of so many at least."""
SHOWN: Final = 12
"""Digits of a configuration's digest that an alarm quotes."""


def watch_still(context: Context) -> None:
    """At a run's end: what its reports say, one by one in log order."""
    policy, reports = context.policy, context.reports
    if not policy.stills:
        return
    usable = is_usable(reports)
    off = variance(reports.source, reports.accuracy_m, reports.satellites)
    counted = ~reports.bare & ~reports.clock_fault
    for row in policy.counted.rows(policy.counted.still, reports.wearing, counted):
        for still in policy.counted.stills[int(reports.wearing[row])]:
            _take(context, row, still, float(off[row]), is_placed=bool(usable[row]))


def _take(context: Context, row: int, still: int, off: float, *, is_placed: bool) -> None:
    """One report more; ``off``: variance of its fix, square metres."""
    evidence, one = context.state.banks["still"].open(still), context.policy.stills[still]
    reports, time = context.reports, float(context.reports.time[row])
    flags = reports.flags[row]
    if flags & MOVED:
        evidence.word = np.fmax(evidence.word, time)
    is_over = not one.start <= time < one.until
    is_moved = bool(flags & (MOVED | NOT_WORN)) or (is_placed and _is_elsewhere(context, row, evidence, off))
    if is_over or (is_moved and not time < evidence.since):
        _begin_anew(context, row, still, {"rule_over": time} if is_over else {})
    if time >= evidence.seen or np.isnan(evidence.seen):
        _count(context.policy, one.person, evidence, time, is_charging=bool(flags & np.uint64(Flag.CHARGING)))
        if is_placed:
            _place(context, row, evidence)
            if not evidence.raised and not _gives_word(evidence, time) and _scatter(evidence) > TABLE:
                _begin_anew(context, row, still, {})
        if not evidence.raised and evidence.still_s >= one.longest:
            _raise(context, row, still)


def _is_elsewhere(context: Context, row: int, evidence: Record, off: float) -> bool:
    """Whether a fix is away from where the bracelet lies, errors granted."""
    reports = context.reports
    if not evidence.fixes:
        return False
    away = float(np.hypot(reports.x[row] - evidence.x, reports.y[row] - evidence.y))
    return bool(away > AWAY + SIGMAS * np.sqrt(off))


def _count(policy: Policy, person: str, evidence: Record, time: float, *, is_charging: bool) -> None:
    """The time since the last report, as far as it is of waking hours and anybody may count it."""
    if np.isnan(evidence.since):
        evidence.since = time
    elif not is_charging and not _is_excused(policy, person, time):
        waking = policy.days.waking(time)
        begun = max(float(evidence.seen), time - GAP, waking.begin)
        evidence.still_s += max(min(time, waking.until) - begun, 0.0)
    evidence.seen = time


def _place(context: Context, row: int, evidence: Record) -> None:
    """Running mean and sum of squares of where it lies (Welford 1962)."""
    evidence.fixes += 1
    evidence.placed = context.reports.time[row]
    x, y = float(context.reports.x[row]), float(context.reports.y[row])
    dx, dy = x - evidence.x, y - evidence.y
    evidence.x, evidence.y = evidence.x + dx / evidence.fixes, evidence.y + dy / evidence.fixes
    evidence.square += dx * (x - evidence.x) + dy * (y - evidence.y)


def _gives_word(evidence: Record, time: float) -> bool:
    """Whether a device is known to tell of movement, so that its silence says something."""
    return bool(time - evidence.word <= TRUSTED)


def _scatter(evidence: Record) -> float:
    """Metres by which the fixes scatter since it is counted, root mean square; 0 of too few to tell."""
    return math.sqrt(evidence.square / evidence.fixes) if evidence.fixes >= FIXES else 0.0


def _is_excused(policy: Policy, person: str, time: float) -> bool:
    """Leave, which may be a hospital's, or a bracelet that is off with leave."""
    spans = [(each.person, each.start, each.ends) for each in policy.configuration.leave]
    spans += [(each.person, each.start, each.until) for each in policy.configuration.removals]
    return any(who == person and begin <= time < end for who, begin, end in spans)


def _begin_anew(context: Context, row: int, still: int, facts: dict[str, Fact]) -> None:
    """It was moved: what was told is over, and nothing has been counted."""
    bank, one = context.state.banks["still"], context.policy.stills[still]
    word, seen, was_raised = (bank.records[name][still].item() for name in ("word", "seen", "raised"))
    bank.reset(np.array([still]))
    bank["word"][still], bank["seen"][still] = word, seen
    if was_raised:
        for episode in _standing(context.ledger, one):
            ended = max(float(context.reports.time[row]), episode.onset)
            context.ledger.clear(episode, ended, context.at(row), facts)


def _standing(ledger: Ledger, one: Still) -> list[Episode]:
    found = ledger.ongoing(KIND, one.person, one.device, rule=one.rule)
    return [] if found is None else [found]


def _raise(context: Context, row: int, still: int) -> None:
    """Too long, where the evidence is of a bracelet that lies somewhere."""
    evidence, one = context.state.banks["still"].open(still), context.policy.stills[still]
    time = float(context.reports.time[row])
    gives_word = _gives_word(evidence, time)
    if not gives_word and not (evidence.fixes >= FIXES and _scatter(evidence) <= TABLE):
        return
    if any(context.ledger.of_device(kind, one.device) for kind in OFF_KINDS):
        return
    evidence.raised = True
    facts: dict[str, Fact] = {"still_seconds": float(evidence.still_s), "by": "word" if gives_word else "scatter"}
    place: Whereabouts = {"latitude": None, "longitude": None, "radius_m": None}
    if evidence.fixes:
        scatter = math.sqrt(evidence.square / evidence.fixes)
        facts |= {"fixes": int(evidence.fixes), "scatter_m": round(scatter), "placed": float(evidence.placed)}
        facts |= _from_home(context.policy, one.person, float(evidence.x), float(evidence.y))
        place = _lies(context.policy, evidence, scatter)
    context.ledger.raise_(
        Finding(
            kind=KIND, device=one.device, person=one.person, onset=float(evidence.since), evidence_time=time,
            opening=context.opening(row), first_offset=context.offset(row), rule=one.rule, basis=one.basis,
            facts=facts, **place,
        ),
        context.at(row),
    )  # fmt: skip


def _lies(policy: Policy, evidence: Record, scatter: float) -> Whereabouts:
    """The mean of its fixes in WGS-84, with a radius of their scatter."""
    latitude, longitude = policy.plane.inverse(float(evidence.x), float(evidence.y))
    radius = max(LEAST_RADIUS, RADIUS95 * scatter / math.sqrt(2.0))
    return {
        "latitude": round(float(latitude), 7), "longitude": round(float(longitude), 7), "radius_m": round(radius, 1)
    }  # fmt: skip


def _from_home(policy: Policy, person: str, x: float, y: float) -> dict[str, Fact]:
    """How far outside of home that is (metres, negative inside), and which way."""
    if policy.configuration.people[person].home is None:
        return {}
    zone, at = policy.zone_ids.index(f"{HOME}:{person}"), (np.array([x]), np.array([y]))
    inside, place = policy.zones.signed_distance(np.array([zone]), *at, ANY_REACH)
    return {
        "home_m": round(-float(inside[0])),
        "home_deg": round(policy.zones.bearing(zone, int(place[0]), x, y)) % 360,
    }


def end_lost_stills(ledger: Ledger, at: At, digest: str) -> None:
    """Another configuration: what stands of a rule or a bracelet that it does not count ends, or is worn no more."""
    policy = ledger.policy
    seat = {(one.device, one.person, one.rule): row for row, one in enumerate(policy.stills)}
    for episode in sorted(ledger.state.episodes.values(), key=lambda one: one.id):
        if episode.kind != KIND or not episode.is_ongoing:
            continue
        key = (episode.device, episode.person, episode.rule)
        if key not in seat:
            ledger.clear(episode, at.time, at, {"taken_away": at.time, "configuration": digest[:SHOWN]})
        elif not _is_worn(policy, episode, at.time):
            ledger.state.banks["still"].reset(np.array([seat[key]]))
            ledger.clear(episode, at.time, at, {"handed_over": at.time})


def _is_worn(policy: Policy, episode: Episode, time: float) -> bool:
    worn = int(policy.wearing_at(np.array([policy.device_index[episode.device]]), np.array([time]))[0])
    return worn >= 0 and policy.wearings[worn] == (episode.device, episode.person)
