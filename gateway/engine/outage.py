"""Second step of a run: one cause for many who fall silent is one alarm to the operator, not one of each of them.

Signs of all devices are taken in the order of the log, behind the run's other steps, so that it does not matter how
the log was cut. An engine of a part of the county hands them out instead, and another takes those of all parts.

While an outage lasts ``comms_lost`` of those whom it has gathered is held back, but for those of whom something else is
odd; who was only on the way (``NO_REASON``) is named in it. A group is dark no more once half of those gathered have
been heard again, and the outage is over with the last of its groups; who is still silent when the time allowed has
passed after that is told then. What is said of it: ``outage_told``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine import outage_told
from gateway.engine.ledger import At, Finding
from gateway.engine.outage_told import facts_of, list_one, name_odd, note, tell_doubled, tell_grown
from gateway.engine.role import Role
from gateway.engine.signs import ENDED, What
from gateway.engine.silence import GRACE
from gateway.engine.together import Dark, HeldBack, Outage, dark_group, lately, learn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gateway.engine.context import Context
    from gateway.engine.episode import Fact
    from gateway.engine.policy import Policy
    from gateway.engine.signs import Sign
    from gateway.engine.state import EngineState
    from gateway.engine.together import Faint

KIND, SILENT_KIND = "mass_outage", "comms_lost"
NO_REASON: Final = frozenset({"moving"})
"""Odd, and no reason to miss somebody singly in an outage: many are on their way at any time."""


def next_due(state: EngineState, policy: Policy) -> float:
    """When the first of those who stayed silent after an outage, or its growth, is to be told; inf: neither is."""
    grown = outage_told.next_due(state, policy)
    if not state.listening or not state.after:
        return grown
    return min(grown, max(min(state.after.values()), state.listening_since + GRACE))


def gather(context: Context) -> None:
    """Take a run's signs in their order, and tell who is due between them."""
    received = context.entries.received
    _lighten(context, At(context.first, 0, float(received[0]), ""))
    for sign in sorted([*context.signs, *_given(context)], key=_place):
        _tell_due(context, sign.at.time)
        TAKES[sign.what](context, sign)
    _tell_due(context, float(received[-1]))
    context.signs.clear()


def hand_out(context: Context) -> list[Sign]:
    """A run's signs in their order, each alarm of who is missed unsaid and with its sign."""
    signs = sorted(context.signs, key=_place)
    context.signs.clear()
    return [replace(one, missed=context.ledger.withdraw(one.alarm)) if one.alarm else one for one in signs]


def _given(context: Context) -> list[Sign]:
    """Signs of other engines that stand in this run."""
    state, until = context.state, context.first + len(context.entries)
    given = [one for one in state.signs if one.at.offset < until]
    state.signs = [one for one in state.signs if one.at.offset >= until]
    return given


def _tell_due(context: Context, until: float) -> None:
    tell_grown(context, until)
    _tell_left(context, until)


def _place(sign: Sign) -> tuple[int, int, float, str, int]:
    return (sign.at.offset, sign.at.phase, sign.at.time, sign.device, int(sign.what))


def _fell_silent(context: Context, sign: Sign) -> None:
    state, one, now = context.state, sign.faint, sign.at.time
    if one is None:
        return
    state.faint.pop(sign.device, None)
    state.faint[sign.device] = one
    if state.outage is not None and state.outage.dark_of(one):
        _join(context, state.outage, sign.device, one)
        tell_doubled(context, state.outage, sign.at)
        return
    learn(state.usual, one.groups, now)
    group = dark_group(state.usual, state.faint, one.groups, now, len(context.policy.devices))
    if group:
        _darken(context, group, sign)


def _darken(context: Context, group: str, sign: Sign) -> None:
    """A group has gone dark: the outage begins, or is wider than was known."""
    state, at = context.state, sign.at
    found = [(device, one) for device, one in lately(state.faint, at.time) if group in one.groups]
    usual = state.usual[group].most(at.time)
    is_new = state.outage is None
    outage = Outage("") if state.outage is None else state.outage
    known = sum(
        one.in_outage and group in one.groups and device not in state.after for device, one in state.faint.items()
    )
    outage.groups[group] = Dark(known, known)
    outage.where += [group] if group not in outage.where else []
    for device, one in reversed(found):
        _join(context, outage, device, one)
        for each in one.groups:
            state.usual[each].skip(at.time)
    if is_new:
        since = max(one.heard for _, one in found)
        outage.alarm = context.ledger.raise_(_finding(outage, since, usual, at), at)
        note(outage, at)
        state.outage = outage
    else:
        tell_doubled(context, outage, at)


def _finding(outage: Outage, since: float, usual: int, at: At) -> Finding:
    return Finding(
        kind=KIND, device="", person="", onset=since, evidence_time=at.time, first_offset=at.offset,
        opening=f"outage at entry {at.offset}".encode(), facts={"usual": usual, **facts_of(outage)},
    )  # fmt: skip


def _join(context: Context, outage: Outage, device: str, one: Faint) -> None:
    """The outage gathers one more."""
    one.in_outage, outage.total = True, outage.total + 1
    for dark in outage.dark_of(one):
        dark.total, dark.silent = dark.total + 1, dark.silent + 1
    list_one(context, outage, device, one)


def _is_missed(context: Context, sign: Sign) -> None:
    """Hold it back, if an outage may be the cause and nothing of it is odd that is a reason to miss somebody singly."""
    state, one = context.state, context.state.faint.get(sign.device)
    if sign.missed is not None:
        context.ledger.enter(sign.missed, sign.at)
    if one is None or not one.in_outage or not NO_REASON.issuperset(one.odd):
        return
    if sign.is_odd:
        one.odd = ("shielded", *one.odd)
        if state.outage is not None and sign.device not in state.after:
            name_odd(context, state.outage, sign.device, "shielded", sign.at.time)
            tell_doubled(context, state.outage, sign.at)
        return
    episode = context.ledger.withdraw(sign.alarm)
    if episode is None:
        return
    state.held[sign.device] = HeldBack(
        episode.person, episode.onset, episode.first_offset,
        {name: fact for name, fact in episode.facts.items() if name != "verify_by"},
        episode.latitude, episode.longitude, episode.radius_m,
    )  # fmt: skip


def _was_heard(context: Context, sign: Sign) -> None:
    """Who is heard again, or has it no more has nothing to be told of; when half of a group are, it is dark no more."""
    state = context.state
    one, held = state.faint.pop(sign.device, None), state.held.pop(sign.device, None)
    state.count("silence_of_outage", int(held is not None))
    was_left = state.after.pop(sign.device, None) is not None
    episode = state.episodes.get(context.told_late.pop(sign.device, ""))
    if episode is not None:
        context.ledger.clear(episode, sign.at.time, sign.at, _why_over(sign))
    if state.role is Role.ACROSS:
        _hear(context, sign)
    if one is not None and one.in_outage and not was_left and state.outage is not None:
        for dark in state.outage.dark_of(one):
            dark.silent -= 1
        _lighten(context, sign.at)


def _hear(context: Context, sign: Sign) -> None:
    """Of a device that another engine hears again: its silence is over, and so is what was told of it."""
    seat = context.policy.device_index.get(sign.device)
    if seat is not None and sign.what is What.WAS_HEARD:
        context.state.device["heard_offset"][seat] = sign.at.offset
    for kind in ENDED:
        for episode in context.ledger.of_device(kind, sign.device):
            context.ledger.clear(episode, sign.at.time, sign.at, _why_over(sign))


def _why_over(sign: Sign) -> dict[str, Fact]:
    return {"handed_over": sign.at.time} if sign.what is What.WAS_GIVEN else {}


def _lighten(context: Context, at: At) -> None:
    """Groups that are dark no more: who of them stays silent is waited for; with the last one the outage is over."""
    state, outage = context.state, context.state.outage
    if outage is None or not (any(dark.is_over for dark in outage.groups.values()) or not outage.groups):
        return
    outage.groups = {group: dark for group, dark in outage.groups.items() if not dark.is_over}
    wait_for_left(state, at.time + context.policy.silence_after)
    if outage.groups:
        return
    state.outage = None
    for each in state.usual.values():
        each.skip(at.time)
    episode = state.episodes.get(outage.alarm)
    if episode is not None:
        context.ledger.clear(episode, at.time, at, facts_of(outage))


def wait_for_left(state: EngineState, due: float) -> None:
    """Whoever was gathered, is silent still and of no dark group any more is told when it is ``due``."""
    outage = state.outage
    for device, one in state.faint.items():
        if one.in_outage and device not in state.after and not (outage is not None and outage.dark_of(one)):
            state.after[device] = due


def _tell_left(context: Context, until: float) -> None:
    """Who stayed silent for the time allowed after the end is missed as anybody is."""
    state = context.state
    floor = state.listening_since + GRACE
    if not state.listening or not state.after or min(state.after.values()) > until or floor > until:
        return
    due = sorted((max(time, floor), device) for device, time in state.after.items() if max(time, floor) <= until)
    for time, device in due:
        del state.after[device]
        held = state.held.pop(device, None)
        if held is not None:
            _tell_one(context, device, held, time)


def _tell_one(context: Context, device: str, held: HeldBack, due: float) -> None:
    """Raise what was held back, of whoever still wears it lawfully."""
    policy, moment = context.policy, np.array([due])
    wearing = policy.wearing_at(np.array([policy.device_index[device]]), moment)
    if not policy.lawful(wearing, moment)[0] or policy.wearings[int(wearing[0])][1] != held.person:
        return
    first = held.first_offset
    context.told_late[device] = context.ledger.raise_(
        Finding(
            kind=SILENT_KIND, device=device, person=held.person, onset=held.onset, evidence_time=due,
            opening=f"silence since entry {first}".encode(), first_offset=first,
            facts=held.facts, latitude=held.latitude, longitude=held.longitude, radius_m=held.radius_m,
        ),
        context.due_at(due, device),
    )  # fmt: skip


TAKES: Final[Mapping[What, Callable[[Context, Sign], None]]] = {
    What.FELL_SILENT: _fell_silent, What.IS_MISSED: _is_missed, What.WAS_HEARD: _was_heard,
    What.WAS_GIVEN: _was_heard,
}  # fmt: skip


def restart(state: EngineState, before: float, received: float) -> None:
    """Nobody listened from ``before`` to ``received``: that time is no part of any silence, nor of what is usual."""
    for each in state.usual.values():
        each.reach(before)
    shift(state, received - before, received)


def shift(state: EngineState, seconds: float, now: float) -> None:
    """Receive time goes on at ``now``, ``seconds`` later than it would: what had elapsed stays elapsed."""
    for each in state.usual.values():
        each.skip(now)
    for one in state.faint.values():
        one.at += seconds
    state.after = {device: due + seconds for device, due in state.after.items()}
    if state.outage is not None:
        state.outage.said_at += seconds


def forget_gone(state: EngineState, policy: Policy) -> None:
    """Devices that a configuration no longer has are missed by nobody; an outage of none is over (``gather``)."""
    for device in [each for each in state.faint if each not in policy.device_index]:
        one = state.faint.pop(device)
        state.held.pop(device, None)
        was_left = state.after.pop(device, None) is not None
        if one.in_outage and not was_left and state.outage is not None:
            for dark in state.outage.dark_of(one):
                dark.total, dark.silent = dark.total - 1, dark.silent - 1


def take_up(state: EngineState, policy: Policy, alarm: str, *, holds: bool) -> None:
    """An older engine has said that an outage lasts, or has not: whom it gathered this one does not know."""
    state.outage = Outage(alarm) if holds else None
    wait_for_left(state, state.now + policy.silence_after)
