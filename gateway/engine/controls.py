"""Control entries: start, stop, configuration, and officers' acts. Their payloads, and what they do to the state."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.closer import shift as shift_paces
from gateway.engine.episode import Change, CloseOutcome, Note
from gateway.engine.lasting import add_downtime
from gateway.engine.lasting import shift as shift_lasting
from gateway.engine.number import fence
from gateway.engine.policy import SETTLED
from gateway.engine.regroup import regroup, spread_orders
from gateway.engine.weigh import look_ahead
from gateway.journal.controls import LONGEST_NOTE, Act, ClockStep, printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.engine.episode import Episode
    from gateway.engine.ledger import At, Ledger
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

MOST_ACTS = 10_000
"""Acts remembered to know a repeated one."""


class ActRefused(Exception):
    """The act cannot be done; the text says why. The entry stays in the journal, the episode stays as it was."""


def start(state: EngineState, received: float, engine: int) -> None:
    """Begin to listen, with an engine of this number.

    Our downtime, from the log's last entry on, is nobody's silence; last contacts stay true.
    """
    fence(state, engine, received)
    bank, before = state.device, min(state.now, received)
    if math.isfinite(before):
        bank["missed"][:] += np.maximum(received - np.fmax(bank["heard"], before), 0.0)
        add_downtime(state, before, received)
    state.listening, state.listening_since, state.rings = True, received, -math.inf
    state.first_start = min(state.first_start, received)


def stop(state: EngineState) -> None:
    """Stop listening."""
    state.listening = False


def rebase(state: EngineState, policy: Policy | None, clock: ClockStep) -> None:
    """Move the timers to the new receive time: what had elapsed before a step of the wall clock stays elapsed.

    Shifted are the receive times of the state: last contacts, arrivals of fixes, the first answer that a phone is
    absent, the start of listening, fragments and late reports that wait. Unknown ones (NaN) stay unknown. A device that
    is next worn at a time of the calendar (``silence``) is missed from then on, or from now on if the step has passed
    that time.

    Left as they are: device times, and what is judged by them (tracks, evidence, curfews, levels of flags), though a
    report whose own clock is faulty got its time from ours; after a step back such ones count as late until then.
    Likewise what has been said, and stands in the journal: times of episodes, an order's issue and expiry (the queue
    of orders waits by a clock without steps). Calendars (authority, hand-over) hold by the new time.

    Args:
        state: changed in place.
        policy: the one in force; None before the first configuration.
        clock: the step; timers due at ``clock.old`` have fired.
    """
    shift = clock.new - clock.old
    state.rings = -math.inf
    if policy is not None:
        heard = state.device["heard"]
        moved = np.where(heard > clock.old, np.maximum(heard, clock.new), heard + shift)
        # Of a phone it is the time of a place, told by its carrier.
        heard[:] = np.where(policy.phone, heard, moved)
    state.device["absent_from"][:] += shift
    state.device["silent_at"][:] += shift
    shift_lasting(state, shift)
    state.device["spoke"][:] += shift
    state.watch["arrived"][:] += shift
    state.listening_since += shift
    state.first_start += shift
    shift_paces(state, shift)
    for one in state.fragments.open.values():
        one.touched += shift
    for waiting in state.waiting.values():
        waiting.shift(shift)


def apply_act(ledger: Ledger, act: Act, at: At) -> str:
    """Do an act; returns what happened: ``done``, ``repeated``, or the refusal in words."""
    state = ledger.state
    if act.id in state.acts:
        return "repeated"
    try:
        _act(ledger, act, at)
        result = "done"
    except ActRefused as refusal:
        state.count("act_refused")
        result = str(refusal)
    state.acts[act.id] = result
    while len(state.acts) > MOST_ACTS:
        del state.acts[next(iter(state.acts))]
    return result


def _act(ledger: Ledger, act: Act, at: At) -> None:
    """Refuse first, then change: a refused act leaves the episode as it was."""
    episode = ledger.state.episodes.get(act.alarm)
    note = printable(act.note)
    refusal = _refusal(act, note, episode)
    if refusal or episode is None:
        raise ActRefused(refusal)
    if note:
        episode.notes = [*episode.notes, Note(at.time, act.by, note)]
    change, do = _DEEDS[act.do]
    do(ledger, episode, act, at)
    ledger.say(change, episode, at)


def _refusal(act: Act, note: str, episode: Episode | None) -> str:
    """Why an act cannot be done; empty when it can."""
    if episode is None:
        return f"no unresolved alarm {act.alarm}: the id is wrong, or it has been closed"
    if act.do not in _DEEDS:
        return f"unknown act {act.do!r}: " + ", ".join(_DEEDS)
    if not episode.may(_DEEDS[act.do][0]):
        return f"alarm {act.alarm} is {episode.stage.value}: nothing more can be done with it"
    if act.do == "close" and act.outcome not in {outcome.value for outcome in CloseOutcome}:
        return "a close needs an outcome: " + ", ".join(CloseOutcome)
    if act.do != "acknowledge" and not note:
        return f"a {act.do} needs a note that says something"
    return "" if len(note) <= LONGEST_NOTE else f"the note has {len(note)} characters, at most {LONGEST_NOTE}"


def _acknowledge(ledger: Ledger, episode: Episode, act: Act, at: At) -> None:
    del ledger
    episode.acknowledged = at.time if episode.acknowledged is None else episode.acknowledged
    episode.acknowledged_by = episode.acknowledged_by or act.by


def _close(ledger: Ledger, episode: Episode, act: Act, at: At) -> None:
    """Only a person's close is a finding, and it says which."""
    del ledger
    episode.closed, episode.closed_by, episode.outcome = at.time, act.by, act.outcome


def _note(ledger: Ledger, episode: Episode, act: Act, at: At) -> None:
    del ledger, episode, act, at


_DEEDS: dict[str, tuple[Change, Callable[[Ledger, Episode, Act, At], None]]] = {
    "acknowledge": (Change.ACKNOWLEDGED, _acknowledge),
    "close": (Change.CLOSED, _close),
    "note": (Change.UPDATED, _note),
}
"""What an officer may do: what it is to the episode (``episode.TURNS`` says from where), and what it writes into it."""


def configure(
    state: EngineState, policy: Policy, digest: str, received: float, before: Policy | None = None
) -> None:  # fmt: skip
    """Seat the state's rows for a configuration. Timers that waited for somebody to wear a device look again.

    ``before``: the one that was in force. Where zones or rules differ from it, what is of before is decided by it.
    """
    if before is not None:
        spread_orders(state, before)
    state.seat(policy, digest)
    state.rings = -math.inf
    if before is not None:
        regroup(state, before, policy)
    if before is None or before.rules_digest != policy.rules_digest:
        closed = state.device["closed"]
        closed[:] = closed if not state.epochs else np.maximum(closed, received)
        state.epochs.append((received, digest))
    state.device["ends"][:] = np.inf
    watch = np.flatnonzero(~np.isnan(state.watch["seen"]))
    look_ahead(state, policy, watch, state.watch["seen"][watch])
    heard = state.device["heard"]
    heard[heard > received] = received
    # An end that was entered afterwards is known from here on.
    arrived = state.watch["arrived"]
    arrived[:] = np.maximum(arrived, received - SETTLED)
