"""What there is to say of each bracelet: where it is, who wears it, how its battery does. No place of anybody."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from gateway.control.battery_wear import Wear, replace_by
from gateway.engine import full_hours, lasts_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from zoneinfo import ZoneInfo

    from gateway.engine import EngineState, Policy
    from gateway.settings.model import Device

STATES: Final = ("worn", "lost", "repair", "due_back", "put_away", "stock")
"""Worn; worn and not heard for long; at repair by leave; entered for somebody who may not be located any more; in the
cupboard; in stock, nobody's."""
LOST_AFTER: Final = 3 * 86_400.0
"""Seconds without a report after which a bracelet is looked for."""
REPAIR: Final = "repair"


class DeviceRow(msgspec.Struct, frozen=True):
    """One bracelet. Times are UTC epoch seconds; None: not known, or not to be told.

    Attributes:
        state: one of :data:`STATES`; ``since`` when it is so, ``until`` when it will be.
        contact: when it was last heard. ``battery``: percent.
        hours: that a full charge lasts, ``hours_before``: a month ago; ``aged``: it lasts clearly shorter.
        charged_at: minute of the local day at which it is charged as a rule.
        flat_at: when it will be empty; ``charged_before``: its habit is to be charged before that.
        replace_by: when it will not last from one charge to the next any more.
        measured: its past charges were looked at.
    """

    device: str
    protocol: str
    profile: str
    state: str
    person: str = ""
    office: str = ""
    since: float | None = None
    until: float | None = None
    contact: float | None = None
    battery: int | None = None
    hours: float | None = None
    hours_before: float | None = None
    aged: bool | None = None
    charged_at: int | None = None
    flat_at: float | None = None
    charged_before: bool = False
    replace_by: float | None = None
    measured: bool = False


def device_rows(state: EngineState, policy: Policy, now: float) -> Iterator[DeviceRow]:
    """Every bracelet of the configuration, in its order, as far as the engine knows it; phones are no bracelets."""
    seats, known = np.arange(len(policy.devices)), policy.configuration
    times = np.full(len(seats), now)
    wearing = policy.wearing_at(seats, times)
    lawful, fitted = policy.lawful(wearing, times), policy.fitted_since(seats, times)
    repairs = {
        one.person: (one.start, one.until)
        for one in known.removals if one.reason.value == REPAIR and one.start <= now < one.until
    }  # fmt: skip
    for seat, (key, worn) in enumerate(zip(policy.devices, wearing.tolist(), strict=True)):
        device = known.devices[key]
        if not device.is_phone:
            person = policy.wearings[worn][1] if worn >= 0 else ""
            since = float(fitted[seat])
            yield _row(_Seen(state, policy, now, seat), device, person, since, repairs, lawful=bool(lawful[seat]))


@dataclass(frozen=True, slots=True)
class _Seen:
    """Where one device stands in what the engine knows."""

    state: EngineState
    policy: Policy
    now: float
    seat: int

    @property
    def heard(self) -> float:
        return float(self.state.device["heard"][self.seat])

    def lost_since(self, fitted: float) -> float | None:
        """When the silence began of a device that is missed; time in which nobody listened does not count."""
        if math.isnan(self.heard):
            return fitted if self.now - fitted >= LOST_AFTER else None
        is_silent = bool(self.state.device["silent"][self.seat])
        return self.heard if is_silent and self.now - self.heard >= LOST_AFTER else None


def _row(
    seen: _Seen, device: Device, person: str, fitted: float, repairs: Mapping[str, tuple[float, float]], *, lawful: bool
) -> DeviceRow:  # fmt: skip
    base = DeviceRow(device.device, device.protocol, device.profile, "put_away" if device.put_away else "stock")
    if not person or device.put_away:
        return base
    office = seen.policy.configuration.people[person].office
    base = msgspec.structs.replace(base, state="due_back", person=person, office=office, since=fitted)
    if not lawful:
        return base
    heard = _charge(msgspec.structs.replace(base, state="worn", contact=_known(seen.heard)), seen)
    if person in repairs:
        start, until = repairs[person]
        return msgspec.structs.replace(heard, state="repair", since=start, until=until)
    lost = seen.lost_since(fitted)
    return heard if lost is None else msgspec.structs.replace(heard, state="lost", since=lost)


def _charge(row: DeviceRow, seen: _Seen) -> DeviceRow:
    battery = int(seen.state.levels["battery"][seen.seat])
    if battery < 0:
        return row
    level = seen.state.levels.open(seen.seat)
    return msgspec.structs.replace(
        row, battery=battery, hours=_known(full_hours(level)),
        flat_at=_known(lasts_until(level)),
    )  # fmt: skip


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def with_wear(row: DeviceRow, wear: Wear, now: float, zone: ZoneInfo) -> DeviceRow:
    """A row, with what its past charges say.

    Where this discharge tells too little of its pace, it is foretold by the last ones, from its last contact on.
    """
    hours = row.hours if wear.hours is None else wear.hours
    flat = row.flat_at
    if flat is None and wear.hours is not None and row.battery is not None and row.contact is not None:
        flat = row.contact + row.battery / 100.0 * wear.hours * 3600.0
    charged = None if wear.minute is None else _next(wear.minute, row.contact or now, zone)
    return msgspec.structs.replace(
        row, hours=hours, hours_before=wear.before, aged=wear.has_aged, charged_at=wear.minute, flat_at=flat,
        charged_before=bool(flat is not None and charged is not None and charged < flat),
        replace_by=replace_by(wear, now), measured=True,
    )  # fmt: skip


def _next(minute: int, after: float, zone: ZoneInfo) -> float:
    """When a minute of the local day comes next, UTC epoch seconds."""
    local = datetime.fromtimestamp(after, zone)
    at = local.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
    return (at if at > local else at + timedelta(days=1)).timestamp()
