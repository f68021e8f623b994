"""Step: how full the battery is: low, and nearly flat. What ends in silence after that is ``silence``'s to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.at_first import severity_of
from gateway.engine.notice import CHARGING, REMIND, TELL
from gateway.engine.pace import lasts_until, spend
from gateway.engine.raising import raise_row
from gateway.engine.removal import MILD
from protocols.report import Flag

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.episode import Fact


@dataclass(frozen=True, slots=True)
class Charge:
    """A level of charge: its kind, the flag by which a device tells it, the columns of the level bank.

    ``low``: it is so; ``lasting``: by a flag that lasts. It begins at ``spent`` percent and is over at ``well``.
    ``graver``: kinds beside which it need not be told. ``milder``: the kind of an alarm that becomes this one.
    """

    kind: str
    flag: np.uint64
    low: str
    lasting: str
    spent: int
    well: int
    graver: tuple[str, ...] = ()
    milder: str = ""


CHARGES: Final = (
    Charge(
        "battery_critical", np.uint64(Flag.BATTERY_EMPTY), "critical", "critical_lasting", 5, 25, milder="battery_low"
    ),
    Charge("battery_low", np.uint64(Flag.BATTERY_LOW), "low", "low_lasting", 15, 25, graver=("battery_critical",)),
)
"""The graver first: one discharge is one alarm, which grows graver. Some 5 % are half an hour of a bracelet that lasts
for ten hours."""
REMIND_AHEAD: Final = 3600.0
"""Seconds before its end at which the wearer is reminded: the way to a socket. Most have charged by themselves then."""
TELL_AHEAD: Final = 1800.0
"""Seconds before its end at which staff are told of who has not charged: they can still call."""
FILLS: Final = 7200.0
"""Seconds within which a battery that is being charged is no more low."""
CHARGE_FLAGS: Final = np.uint64(Flag.BATTERY_LOW | Flag.BATTERY_EMPTY)


def watch_charge(context: Context, rows: NDArray[np.int64], rising: NDArray[np.uint64]) -> None:
    """Reports of one round that have a wearer; ``rising``: their flags that are new, uint64 (n,)."""
    device, percent = context.reports.device[rows], context.reports.battery_percent[rows].astype(np.int64)
    battery = context.state.levels["battery"]
    battery[device] = np.where(percent >= 0, percent, battery[device])
    for index in np.flatnonzero(percent >= 0).tolist():
        level = context.state.levels.open(int(device[index]))
        spend(level, int(percent[index]), float(context.reports.time[rows[index]]))
        if level.low and level.full_at == context.reports.time[rows[index]]:
            _charges(context, int(rows[index]))
    for charge in CHARGES:
        _watch(context, rows, charge, (rising & charge.flag) != 0)


def runs_low(context: Context, root: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Reports of a run, of groups of which a device calls its battery low in it: each is looked at by itself.

    bool (n,); ``root``: the group of each. What begins in the run may be due in it.
    """
    reports = context.reports
    spent = (reports.battery_percent >= 0) & (reports.battery_percent <= max(one.spent for one in CHARGES))
    says = spent | (reports.flags & CHARGE_FLAGS != 0)
    found: NDArray[np.bool_] = np.isin(root, root[says]) if says.any() else says
    return found


def _watch(context: Context, rows: NDArray[np.int64], charge: Charge, newly: NDArray[np.bool_]) -> None:
    """One level: by the device's own flag or by percent; well again only with hysteresis.

    A flag that lasts ends what it began. One that the device takes back once it is answered tells nothing by its
    absence: what it began, as what a percentage began, is ended by a percentage.
    """
    reports, bank = context.reports, context.state.levels
    device, percent = reports.device[rows], reports.battery_percent[rows].astype(np.int64)
    flagged = (reports.flags[rows] & charge.flag) != 0
    lasting = (reports.stated[rows] & ~reports.momentary[rows] & charge.flag) != 0
    spent = (percent >= 0) & (percent <= charge.spent)
    bank[charge.lasting][device] = np.where(flagged, lasting, ~spent & bank[charge.lasting][device])
    ended = lasting & bank[charge.lasting][device]
    well = ~flagged & np.where(percent < 0, ended, percent >= charge.well)
    low, was = flagged | spent, bank[charge.low][device].copy()
    bank[charge.low][device] = low | (was & ~well)
    for row in rows[low & (~was | newly)].tolist():
        _begin(context, row, charge)
    for row in rows[well & was].tolist():
        for episode in context.ledger.of_device(charge.kind, context.device_key(row)):
            context.ledger.clear(episode, float(reports.time[row]), context.at(row))


def _begin(context: Context, row: int, charge: Charge) -> None:
    """Raise, or let a milder alarm of the same discharge become this one; nothing where it stands, or a graver one."""
    who, time = (context.person(row), context.device_key(row)), float(context.reports.time[row])
    if any(context.ledger.ongoing(kind, *who, time=time) is not None for kind in (charge.kind, *charge.graver)):
        return
    milder = context.ledger.ongoing(charge.milder, *who, time=time) if charge.milder else None
    known, now = _lasts(context, row), float(context.reports.received[row])
    if milder is None:
        raise_row(context, row, charge.kind, known, severity=severity_of(known, now))
        return
    percent = int(context.reports.battery_percent[row])
    told: dict[str, Fact] = {name: now for name in (REMIND, TELL) if name in milder.facts}
    told |= {**known, **({"battery_percent": percent} if percent >= 0 else {})}
    mild = severity_of(told, now) if milder.severity == MILD else ""
    context.ledger.revise(milder, context.at(row), told, charge.kind, mild)


def _charges(context: Context, row: int) -> None:
    """Its charge rises: who plugs it in by himself needs no reminder, and has time to fill it."""
    at = context.at(row)
    for charge in CHARGES:
        for episode in context.ledger.of_device(charge.kind, context.device_key(row)):
            if episode.severity == MILD and TELL in episode.facts and CHARGING not in episode.facts:
                context.ledger.revise(episode, at, {
                    CHARGING: at.time, REMIND: at.time + FILLS, TELL: at.time + FILLS,
                })  # fmt: skip


def _lasts(context: Context, row: int) -> dict[str, Fact]:
    """Until when it lasts by its own pace, and from when on people need to be told; nothing where it is not known.

    A device that calls itself empty is believed.
    """
    level = context.state.levels.open(int(context.reports.device[row]))
    end = lasts_until(level)
    if np.isnan(end) or context.reports.flags[row] & np.uint64(Flag.BATTERY_EMPTY):
        return {}
    return {"lasts_until": end, "charged": float(level.full_at), REMIND: end - REMIND_AHEAD, TELL: end - TELL_AHEAD}
