"""Step: how full the battery is: low, and nearly flat. What ends in silence after that is ``silence``'s to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.discharge import discharge
from gateway.engine.raising import raise_row
from protocols.report import Flag

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context


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
CHARGE_FLAGS: Final = np.uint64(Flag.BATTERY_LOW | Flag.BATTERY_EMPTY)


def watch_charge(context: Context, rows: NDArray[np.int64], rising: NDArray[np.uint64]) -> None:
    """Reports of one round that have a wearer; ``rising``: their flags that are new, uint64 (n,)."""
    device, percent = context.reports.device[rows], context.reports.battery_percent[rows].astype(np.int64)
    battery = context.state.levels["battery"]
    battery[device] = np.where(percent >= 0, percent, battery[device])
    for charge in CHARGES:
        _watch(context, rows, charge, (rising & charge.flag) != 0)


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
    if milder is None:
        raise_row(context, row, charge.kind, discharge(context, row))
    else:
        percent = int(context.reports.battery_percent[row])
        context.ledger.revise(
            milder, context.at(row), {"battery_percent": percent} if percent >= 0 else {}, charge.kind
        )  # fmt: skip
