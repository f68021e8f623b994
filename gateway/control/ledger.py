"""The ledger of devices, by request: every bracelet for whoever looks after them, at an office those of its people."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from gateway.control.battery_wear import BEFORE, Wear, wear_of
from gateway.control.device_rows import STATES, DeviceRow, device_rows, with_wear
from gateway.control.messages import Reply
from gateway.control.rights import sees
from gateway.errors import UserFault
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from numpy.typing import NDArray

    from gateway.control.messages import Request
    from gateway.control.rights import Caller
    from gateway.control.server import Answer
    from gateway.engine import EngineState, Policy

    Rows = Callable[[Sequence[str], float, float], Awaitable[NDArray[np.void]]]

MEASURED: Final = 50
"""Batteries whose past is read before an answer; that of the rest behind it (``read_on``)."""
TOGETHER: Final = 10
"""Of which it is read at once."""
FRESH: Final = 43_200.0
"""Seconds for which what was read serves."""


@dataclass(slots=True)
class Ledger:
    """One daemon's.

    Attributes:
        view: what the engine knows, by what it goes by, and the receive time now.
        rows: reports of devices out of the history (``PAST``, by order), since <= order <= until.
    """

    view: Callable[[], tuple[EngineState, Policy, float]]
    rows: Rows
    _wear: dict[str, tuple[float, str, Wear]] = field(default_factory=dict)
    """By device: when it was read, of whom, what it came to."""
    _rest: tuple[Sequence[DeviceRow], float, Policy] | None = None
    """What the last answer has left, as of when, and by what."""
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    def answers(self) -> dict[str, Answer]:
        """By request."""
        return {"devices": self._devices}

    async def _devices(self, request: Request, caller: Caller) -> Reply:
        """Rows of one state (``kind``) or all, or of one ``device``; ``counts`` by state, ``left``: being read behind.

        Raises:
            UserFault: there is no such state.
        """
        if request.kind and request.kind not in STATES:
            raise UserFault(phrase("ledger_no_state", value=request.kind, known=", ".join(STATES)))
        state, policy, now = self.view()
        mine = [one for one in device_rows(state, policy, now) if sees(caller, one.office)]
        found = Counter(one.state for one in mine)
        counts = {name: found[name] for name in STATES}
        shown = [one for one in mine if request.kind in {"", one.state} and request.device in {"", one.device}]
        left = await self._measure([one for one in shown if one.person and one.contact is not None], now, policy)
        zone = ZoneInfo(policy.configuration.county.timezone)
        rows = [with_wear(one, wear, now, zone) if (wear := self._known(one, now)) else one for one in shown]
        return Reply(ok=True, data={"now": now, "counts": counts, "left": left, "rows": msgspec.to_builtins(rows)})

    def _known(self, row: DeviceRow, now: float) -> Wear | None:
        read, person, wear = self._wear.get(row.device, (-np.inf, "", Wear()))
        return wear if person and person == row.person and 0.0 <= now - read < FRESH else None

    async def _measure(self, rows: Sequence[DeviceRow], now: float, policy: Policy) -> int:
        """Read the past of some; returns of how many it is left to :meth:`read_on`."""
        due = [one for one in rows if self._known(one, now) is None]
        for at in range(0, min(len(due), MEASURED), TOGETHER):
            await self._read(due[at : min(at + TOGETHER, MEASURED)], now, policy)
        rest = due[MEASURED:]
        if rest:
            self._rest = rest, now, policy
            self._more.set()
        return len(rest)

    async def read_on(self) -> None:
        """Read what answers have left, half of the time at most, until the daemon stops: a later answer has it all."""
        while True:
            await self._more.wait()
            await self.read_rest()

    async def read_rest(self) -> None:
        """Read what the last answer has left."""
        self._more.clear()
        if self._rest is None:
            return
        rows, now, policy = self._rest
        self._rest = None
        for at in range(0, len(rows), TOGETHER):
            begun = time.monotonic()
            await self._read(rows[at : at + TOGETHER], now, policy)
            await asyncio.sleep(time.monotonic() - begun)

    async def _read(self, some: Sequence[DeviceRow], now: float, policy: Policy) -> None:
        past = await self.rows([one.device for one in some], now - BEFORE[0], now)
        fitted = [_fitted(policy, one.device, now) for one in some]
        zone = ZoneInfo(policy.configuration.county.timezone)
        found = await asyncio.to_thread(_measured, past, fitted, now, zone)
        self._wear |= {one.device: (now, one.person, wear) for one, wear in zip(some, found, strict=True)}


def _measured(past: NDArray[np.void], fitted: Sequence[float], now: float, zone: ZoneInfo) -> list[Wear]:
    """Of each device of a past, in its order."""
    found = []
    for index, since in enumerate(fitted):
        mine = past[(past["device"] == index) & past["sound"]]
        found.append(wear_of(mine["battery_percent"], mine["order"], since, now, zone))
    return found


def _fitted(policy: Policy, device: str, now: float) -> float:
    """Since when a device is worn by who wears it now, UTC epoch seconds."""
    return float(policy.fitted_since(np.array([policy.device_index[device]]), np.array([now]))[0])
