"""Timers: a bracelet that talks, but is never placed, or whose clock shows what cannot be. A deadline per level.

What has lasted for as long as the wearer's level allows is raised at its due time, before the first entry at or after
it. Neither our downtime counts nor the device's silence, which has an alarm of its own. It ends with the first fix, or
the first live report whose clock is right; a new wearing begins anew.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine import silence
from gateway.engine.given import entered_at, given_since, levels_of
from gateway.engine.ledger import Finding
from gateway.engine.phones import is_phone
from gateway.engine.reports import is_usable
from gateway.engine.whereabouts import last_known, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.episode import Fact
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState


@dataclass(frozen=True, slots=True)
class Lasting:
    """A condition that matters once it lasts: its kind, and its columns of the device bank.

    ``start``: receive time of the first report that showed it, NaN: it is not so; ``offset``: that report's place in
    the log; ``missed``: seconds since then that do not count; ``raised``: it has been said.
    """

    kind: str
    start: str
    offset: str
    missed: str
    raised: str


UNPLACED = Lasting("location_lost", "unplaced_from", "unplaced_offset", "unplaced_missed", "unplaced")
CLOCKLESS = Lasting("clock_fault", "clockless_from", "clockless_offset", "clockless_missed", "clockless")
SAME, OTHER = "same", "other"
"""Whether the network's area that serves a device is the one that did when its last place had been lost."""
CONDITIONS = (CLOCKLESS, UNPLACED)
"""In order of kind, as timers that are due at once fire."""


def due_times(
    state: EngineState, policy: Policy, condition: Lasting, devices: NDArray[np.int64]
) -> NDArray[np.float64]:
    """When the condition of each of ``devices`` has lasted long enough, float64 (n,); inf where it cannot."""
    bank, due = state.device, np.full(len(devices), np.inf)
    running = ~np.isnan(bank[condition.start][devices]) & ~bank[condition.raised][devices]
    if not state.listening or not running.any():
        return due
    device = devices[running]
    start = bank[condition.start][device]
    wearing = policy.wearing_at(device, start)
    allowed = np.append(policy.deadlines[condition.kind], np.inf)[wearing]
    at = start + allowed + bank[condition.missed][device]
    # Whoever falls silent first is not said to be unplaced, too; the rest of the time runs on afterwards.
    to_come = silence.due_times(state, policy, device)
    silent_at = np.where(bank["silent"][device], bank["silent_at"][device], to_come)
    due[running] = np.where(at >= silent_at, np.inf, at)
    return due


def next_due(state: EngineState, policy: Policy) -> float:
    """Earliest due time of all; inf when none runs."""
    if not len(policy.devices) or state.digest != policy.configuration.digest:
        return np.inf
    everyone = np.arange(len(policy.devices))
    return min(float(due_times(state, policy, condition, everyone).min()) for condition in CONDITIONS)


def expire(context: Context, until: NDArray[np.float64], devices: NDArray[np.int64]) -> None:
    """Raise what is due of ``devices`` at or before ``until`` (float64, one a device)."""
    for condition in CONDITIONS:
        due = due_times(context.state, context.policy, condition, devices)
        for index in np.flatnonzero(due <= until):
            _raise(context, condition, int(devices[index]), float(due[index]))


def watch_lasting(context: Context, rows: NDArray[np.int64]) -> None:
    """Take one round's whole reports (at most one a device)."""
    reports = context.reports
    rows = rows[~reports.bare[rows] & (reports.wearing[rows] >= 0) & ~is_phone(context, rows)]
    _begin_wearings(context, rows)
    live = rows[~reports.stored[rows]]
    usable = is_usable(reports)
    placed = rows[usable[rows]]
    _end(context, UNPLACED, placed, reports.time[placed])
    _begin(context, UNPLACED, live[~usable[live]])
    right = live[~reports.clock_fault[live]]
    _end(context, CLOCKLESS, right, reports.received[right])
    _begin(context, CLOCKLESS, live[reports.impossible[live]])


def runs_long(context: Context) -> NDArray[np.bool_]:
    """Reports of a run before which a condition may have lasted long enough, or that end one that was told. bool (n,).

    Only devices that show a condition are looked at, report by report.
    """
    reports, bank = context.reports, context.state.device
    shows, turns = _shows(context), np.zeros(len(reports), np.bool_)
    clockless = reports.impossible | ~np.isnan(bank["clockless_from"][reports.device])
    uneasy = shows | clockless | ~np.isnan(bank["unplaced_from"][reports.device])
    if not uneasy.any():
        return turns
    turns |= np.isin(reports.device, reports.device[clockless])
    fixed = is_usable(reports) & (reports.wearing >= 0)
    for device in np.unique(reports.device[uneasy]).tolist():
        since, is_told = float(bank["unplaced_from"][device]), bool(bank["unplaced"][device])
        rows = np.flatnonzero((reports.device == device) & ~reports.bare)
        for row in rows.tolist():
            received = float(reports.received[row])
            turns[row] |= is_told or received - since >= context.policy.shortest
            if fixed[row] and reports.time[row] >= since:
                since, is_told = math.nan, False
            elif shows[row] and math.isnan(since):
                since = received
    return turns


def _shows(context: Context) -> NDArray[np.bool_]:
    """Reports of a run that show that their device is not placed."""
    reports = context.reports
    shows: NDArray[np.bool_] = ~reports.bare & ~reports.stored & ~is_usable(reports) & (reports.wearing >= 0)
    return shows


def follow_stretch(context: Context, rows: NDArray[np.int64]) -> None:
    """Take a stretch of whole reports (ascending) of bracelets, in which nothing can fall due."""
    reports, bank = context.reports, context.state.device
    shows, device = _shows(context)[rows], reports.device[rows]
    uneasy = shows | ~np.isnan(bank["unplaced_from"][device])
    if not uneasy.any():
        return
    usable = is_usable(reports)
    fixed = usable[rows] & (reports.wearing[rows] >= 0)
    since, offset, missed = (bank[name] for name in (UNPLACED.start, UNPLACED.offset, UNPLACED.missed))
    at = rows[np.isin(device, device[uneasy]) & (shows | fixed)]
    columns = (reports.device, usable, reports.time, reports.received, reports.offset, reports.served)
    for seat, is_placed, time, received, entry, area in zip(*(column[at].tolist() for column in columns), strict=True):
        if is_placed and time >= since[seat]:
            since[seat] = math.nan
        elif not is_placed and math.isnan(since[seat]):
            since[seat], offset[seat], missed[seat] = received, entry, 0.0
            bank["unplaced_served"][seat] = area


def _begin_wearings(context: Context, rows: NDArray[np.int64]) -> None:
    """What was so of the last wearer is not yet so of the next, and what was said of it ends with the hand-over."""
    bank, device = context.state.device, context.reports.device[rows]
    for condition in CONDITIONS:
        fitted = given_since(context.state, context.policy, device, context.reports.time[rows])
        begun = fitted > bank[condition.start][device]
        for index in np.flatnonzero(begun & bank[condition.raised][device]):
            _clear(context, condition, int(rows[index]), float(fitted[index]), {"handed_over": float(fitted[index])})
        bank[condition.start][device[begun]], bank[condition.raised][device[begun]] = np.nan, False


def _clear(
    context: Context, condition: Lasting, row: int, ended: float, facts: Mapping[str, Fact] | None = None
) -> None:
    for episode in context.ledger.of_device(condition.kind, context.device_key(row)):
        context.ledger.clear(episode, ended, context.at(row), facts)


def _begin(context: Context, condition: Lasting, rows: NDArray[np.int64]) -> None:
    bank = context.state.device
    rows = rows[np.isnan(bank[condition.start][context.reports.device[rows]])]
    device = context.reports.device[rows]
    bank[condition.start][device] = context.reports.received[rows]
    bank[condition.offset][device] = context.reports.offset[rows]
    bank[condition.missed][device] = 0.0
    if condition is UNPLACED:
        bank["unplaced_served"][device] = context.reports.served[rows]


def _end(context: Context, condition: Lasting, rows: NDArray[np.int64], time: NDArray[np.float64]) -> None:
    """It is over, if these reports are of a time after it began."""
    bank, device = context.state.device, context.reports.device[rows]
    over = time >= bank[condition.start][device]
    for index in np.flatnonzero(over & bank[condition.raised][device]):
        _clear(context, condition, int(rows[index]), float(time[index]))
    bank[condition.start][device[over]], bank[condition.raised][device[over]] = np.nan, False


def _raise(context: Context, condition: Lasting, device: int, due: float) -> None:
    """Say it, where the law still covers the wearing in which it began; else forget it."""
    policy, bank = context.policy, context.state.device
    start = float(bank[condition.start][device])
    then, now = (policy.wearing_at(np.array([device]), np.array([moment])) for moment in (start, due))
    came = entered_at(context.state, policy, policy.fitted.lookup(np.array([device]), np.array([due])))[0]
    if then[0] != now[0] or start < came or not policy.lawful(now, np.array([due]))[0]:
        bank[condition.start][device] = np.nan
        return
    bank[condition.raised][device] = True
    key, person = policy.wearings[int(now[0])]
    first = int(bank[condition.offset][device])
    context.ledger.raise_(
        Finding(
            kind=condition.kind, device=key, person=person, onset=start, evidence_time=due,
            opening=f"{condition.kind} since entry {first}".encode(), first_offset=first,
            facts={**last_known(context.state, policy, int(now[0])), **_seen(context, condition, device, due)},
            **place_of(context.state, policy, int(now[0])),
        ),
        context.due_at(due, key),
    )  # fmt: skip


def _seen(context: Context, condition: Lasting, device: int, due: float) -> dict[str, Fact]:
    """Of who is not placed: when he was heard, with how much charge, and whether in the same area of the network."""
    if condition is not UNPLACED:
        return {}
    bank = context.state.device
    battery = int(levels_of(context.state, context.policy, device, due)["battery"])
    then, now = int(bank["unplaced_served"][device]), int(bank["served"][device])
    cells: dict[str, Fact] = {"cells": SAME if then == now else OTHER} if then and now else {}
    charge: dict[str, Fact] = {"battery_percent": battery} if battery >= 0 else {}
    return {"heard": float(bank["heard"][device]), **charge, **cells}


def add_downtime(state: EngineState, before: float, received: float) -> None:
    """Nobody listened from ``before`` to ``received``."""
    for condition in CONDITIONS:
        start = state.device[condition.start]
        state.device[condition.missed][:] += np.nan_to_num(np.maximum(received - np.fmax(start, before), 0.0))


def add_silence(context: Context, rows: NDArray[np.int64]) -> None:
    """Before ``hear``: of devices that had been silent, that time does not count."""
    bank, device = context.state.device, context.reports.device[rows]
    rows, device = rows[bank["silent"][device]], device[bank["silent"][device]]
    for condition in CONDITIONS:
        missed = context.reports.received[rows] - np.fmax(bank["silent_at"][device], bank[condition.start][device])
        bank[condition.missed][device] += np.nan_to_num(np.maximum(missed, 0.0))


def shift(state: EngineState, seconds: float) -> None:
    """Receive time was set: what had elapsed stays elapsed."""
    for condition in CONDITIONS:
        state.device[condition.start][:] += seconds
