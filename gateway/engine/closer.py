"""Closer reports of bracelets that report seldom: wished for while evidence leans, put back afterwards.

The engine sends nothing. It says what it wishes (``Stepped.wishes``), and whoever runs it live makes COMMAND entries of
that; what was asked is what these entries say. So a replay asks for nothing, and a restart for nothing twice.

Evidence leans where a fix may well lie on the wrong side of a boundary while it is not yet found out: of a barred place
or an area, or of home in the hours of a curfew. Nobody is asked of whom no duty holds, whose bracelet is a phone, has
no such order or is low, or has been asked as often as the county wants.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from fencing.verdict import OUT
from gateway.engine.duties import IS_DUTY, duty_at
from gateway.engine.records import GATEWAY, INTERVAL, WELL, Closeness, End, Pace, Wished

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.episode import Fact
    from gateway.engine.ledger import At
    from gateway.engine.policy import Policy
    from gateway.engine.records import Command, Ended
    from gateway.engine.state import EngineState
    from gateway.settings.model import Closer

DAY: Final = 86_400.0
NEAR: Final = -0.5
"""Sigmas beyond the boundary, from which on a fix leans: the wearer is over it with a probability of 31 % and more."""
SELDOM: Final = 1.5
"""Closer intervals; who reports more often than that is not asked."""
FRESH: Final = 300.0
"""Seconds; an older fix asks for nothing."""
AGAIN: Final = 3600.0
"""Seconds until the usual interval is ordered once more, where a device did not take it."""
MOST_TRIES: Final = 24
TOLD_SINCE: Final = 3600.0
"""Seconds before its onset from which on an alarm names that closer reports were asked for."""
NEVER_TAKEN: Final = frozenset({End.REFUSED, End.EXPIRED, End.FAILED, End.MALFORMED, End.UNSUPPORTED})
"""Ends after which there is nothing to put back."""


def keep_pace(context: Context, rows: NDArray[np.int64]) -> None:
    """Reports in their order: how far apart a device's are, by device time.

    A report at once, for an alarm or at a stop, tells nothing of the interval: what was held before fades by halves.
    """
    if context.policy.configuration.commands.closer is None:
        return
    reports, bank = context.reports, context.state.device
    rows = rows[~reports.bare[rows]]
    rows = rows[np.argsort(reports.device[rows], kind="stable")]
    device, first, of, count = np.unique(
        reports.device[rows], return_index=True, return_inverse=True, return_counts=True
    )  # fmt: skip
    before = np.roll(reports.time[rows], 1)
    before[first] = bank["paced"][device]
    later = (first + count)[of] - 1 - np.arange(len(rows))
    gap = bank["gap"][device] * 0.5**count
    np.fmax.at(gap, of, (reports.time[rows] - before) * 0.5**later)
    bank["gap"][device], bank["paced"][device] = gap, reports.time[rows][first + count - 1]


def note_leaning(context: Context, pairs: NDArray[np.void]) -> None:
    """Which pairs (``weigh.PAIR``), just judged, lean to the wrong side and are not found out."""
    if context.leaning is None:
        return
    verdict, fresh = context.state.watch["verdict"][pairs["watch"]], pairs["received"] - pairs["time"] <= FRESH
    leans = (pairs["beyond"] >= NEAR * pairs["sigma"]) & ~pairs["soft"] & ~pairs["leave"] & ~pairs["region"]
    context.leaning += pairs[["row", "watch"]][leans & fresh & (verdict != OUT)].tolist()


def closer_wishes(context: Context) -> Iterator[Wished]:
    """Of whom closer reports are wished for at the end of a run; only the last to lean counts of a device."""
    closer, now = context.policy.configuration.commands.closer, float(context.entries.received[-1])
    for row, watch in context.leaning or ():
        if closer and _is_due(context, row, watch, now) and _may_be_asked(context, row, closer, now):
            device, lasts = context.device_key(row), closer.lasting_seconds
            yield Wished(device, closer.every_seconds, lasts, Closeness.CLOSER, now)


def standing(state: EngineState, policy: Policy, wished: list[Wished]) -> list[Wished]:
    """What is wished once all entries are applied: of ``wished`` what no order has fulfilled, and what is to end."""
    if not wished and not state.paces:
        return []
    busy = {each.command.device for each in state.commands.values() if each.command.kind == INTERVAL}
    paces = {device: pace for device, pace in state.paces.items() if pace.order}
    newest = {wish.device: wish for wish in wished if wish.since > _asked_last(state, wish.device)}
    back = [
        Wished(device, pace.usual, DAY, Closeness.USUAL, state.now)
        for device, pace in paces.items()
        if device in policy.device_index and _is_over(policy, device, pace, state.now)
    ]
    asked = [wish for wish in newest.values() if wish.device not in paces]
    return [wish for wish in (*back, *asked) if wish.device not in busy]


def _asked_last(state: EngineState, device: str) -> float:
    pace = state.paces.get(device)
    return pace.asked[-1] if pace is not None and pace.asked else -math.inf


def _is_over(policy: Policy, device: str, pace: Pace, now: float) -> bool:
    """Whether the closer interval has lasted its time, or nobody may be looked at; and it is time to try."""
    return now >= pace.tried + AGAIN and (now >= pace.until or not _wearing_now(policy, device, now))


def _is_due(context: Context, row: int, watch: int, now: float) -> bool:
    """Whether a watch is still undecided, the law lets us look at its wearer now, and the duty behind it holds."""
    policy, wearing = context.policy, int(context.reports.wearing[row])
    if context.state.watch["verdict"][watch] == OUT:
        return False
    if wearing < 0 or _wearing_now(policy, context.device_key(row), now) != policy.wearings[wearing][1]:
        return False
    if not bool(IS_DUTY[policy.watches.kind[watch]]):
        return True
    return duty_at(context.state, policy, watch, wearing, now).holds


def _may_be_asked(context: Context, row: int, closer: Closer, now: float) -> bool:
    """Whether a bracelet knows the order, reports seldom, is not low, and was not asked often enough."""
    device, key = int(context.reports.device[row]), context.device_key(row)
    configuration, pace = context.policy.configuration, context.state.paces.get(key, Pace())
    battery = int(context.state.levels["battery"][device])
    usual = pace.officers or closer.usual_seconds
    return (
        not context.policy.phone[device]
        and INTERVAL in configuration.families[configuration.devices[key].protocol].orders
        and float(context.state.device["gap"][device]) >= SELDOM * closer.every_seconds
        and usual > closer.every_seconds
        and not 0 <= battery < closer.battery_percent
        and not pace.order
        and len([time for time in pace.asked if time > now - DAY]) < closer.most_a_day
    )


def _wearing_now(policy: Policy, device: str, now: float) -> str:
    """Who wears a device under an authority; empty: nobody."""
    moment = np.array([now])
    wearing = policy.wearing_at(np.array([policy.device_index[device]]), moment)
    return policy.wearings[int(wearing[0])][1] if policy.lawful(wearing, moment)[0] else ""


def note_given(state: EngineState, policy: Policy, command: Command, at: At) -> None:
    """A COMMAND entry: what the gateway orders by itself is in force from then on."""
    closer = policy.configuration.commands.closer
    if not is_own(command):
        return
    pace = state.paces.setdefault(command.device, Pace())
    if command.reason == Closeness.USUAL:
        pace.tries, pace.tried = pace.tries + 1, at.time
    elif closer is not None:
        pace.asked = [*(time for time in pace.asked if time > at.time - DAY), at.time]
        pace.order, pace.until = command.id, at.time + closer.lasting_seconds
        pace.usual, pace.tries, pace.tried = pace.officers or closer.usual_seconds, 0, 0.0


def note_ended(state: EngineState, command: Command, ended: Ended) -> None:
    """A RESULT entry: an interval is taken, or not; an officer's own is the usual one from then on."""
    if command.kind != INTERVAL:
        return
    if not is_own(command):
        _note_officers(state, command, ended)
        return
    pace = state.paces.setdefault(command.device, Pace())
    if command.reason == Closeness.CLOSER:
        pace.order = "" if ended.end in NEVER_TAKEN and pace.order == command.id else pace.order
    elif ended.end in WELL:
        pace.order = ""
    elif pace.tries >= MOST_TRIES:
        pace.order = ""
        state.count("interval_not_put_back")


def is_own(command: Command) -> bool:
    """Whether the gateway gave an order by itself."""
    return command.kind == INTERVAL and command.by == GATEWAY


def _note_officers(state: EngineState, command: Command, ended: Ended) -> None:
    seconds = command.values.get("seconds", "").strip()
    if ended.end in WELL and seconds.isdecimal() and command.values.get("state", "default") == "default":
        pace = state.paces.setdefault(command.device, Pace())
        pace.officers, pace.order = int(seconds), ""


def shift(state: EngineState, seconds: float) -> None:
    """Move the receive times by a step of the wall clock."""
    for pace in state.paces.values():
        pace.asked = [time + seconds for time in pace.asked]
        pace.until, pace.tried = pace.until + seconds, pace.tried + seconds


def asked_before(context: Context, row: int, onset: float) -> dict[str, Fact]:
    """``closer_reports``: when the wearer's bracelet was last asked for closer reports, for an alarm of a row."""
    pace = context.state.paces.get(context.device_key(row))
    received = float(context.reports.received[row])
    asked = [time for time in pace.asked if onset - TOLD_SINCE <= time <= received] if pace is not None else []
    return {"closer_reports": asked[-1]} if asked else {}
