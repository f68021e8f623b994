"""Another system's past is taken in: what the law lets us keep of it is journaled, marked as imported, each fix once.

What the gateway itself has received of a device holds from its first report on: nothing is imported into that time.
The answer is given once all is durable and lies in the history, so that the same file a moment later changes nothing.
"""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from gateway.control.messages import Reply
from gateway.engine import imported_name, imported_reports
from gateway.errors import TransientFault, UserFault
from gateway.journal.controls import printable
from gateway.journal.entries import Origin
from gateway.words.import_words import IMPORTS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from numpy.typing import NDArray

    from gateway.control.messages import Request
    from gateway.control.rights import Caller
    from gateway.control.server import Answer
    from gateway.engine import Policy
    from gateway.journal.controls import Imported

LISTENER: Final = "import"
"""By which way in an origin says that its fixes came."""
MOST: Final = 1000
"""Fixes of one request."""
LONGEST: Final = 200
"""Characters of a file's name, and of a document, that are kept."""
DAY: Final = 86_400.0
LOOKS, BETWEEN = 500, 0.02
"""How often it is looked whether the engine has put all into the history, and real seconds between."""

Key = tuple[float, int]


@dataclass(slots=True)
class Imports:
    """The daemon's side of ``import``.

    Attributes:
        view: the policy in force, and the receive time now.
        rows: reports of devices, as :class:`gateway.history.reader.HistoryReader` gives them.
        keep: puts down what has come, so that it is found there.
        lawful: whether somebody has a device at a time under an authority of its kind.
        keep_days: for how long places are kept.
        put: journals fixes of an origin; done once they are durable.
    """

    view: Callable[[], tuple[Policy, float]]
    rows: Callable[[Sequence[str], float, float], NDArray[np.void]]
    keep: Callable[[], Awaitable[None]]
    lawful: Callable[[str, float], bool]
    keep_days: Callable[[], int]
    put: Callable[[Origin, Sequence[bytes]], Awaitable[None]]
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    def answers(self) -> dict[str, Answer]:
        """By request."""
        return {"import": self._import, "import_look": self._look}

    async def _import(self, request: Request, caller: Caller) -> Reply:
        _check(request)
        async with self._one:
            fresh, reply = await self._judged(request)
            if fresh:
                document, source = (printable(text)[:LONGEST] for text in (request.document, request.source))
                peer = f"{source} sha256:{printable(request.digest)[:LONGEST]} {document} {caller.number}"
                await self.put(Origin(request.device, LISTENER, peer), list(map(msgspec.json.encode, fresh.values())))
                await self._is_there(request.device, fresh)
        return reply

    async def _look(self, request: Request, caller: Caller) -> Reply:
        """What would come of it."""
        del caller
        _check(request)
        return (await self._judged(request))[1]

    async def _judged(self, request: Request) -> tuple[dict[Key, Imported], Reply]:
        """What is new, by its place in the device's order, and what is to be said of all."""
        await self.keep()
        policy, now = self.view()
        seat = policy.device_index.get(request.device, -1)
        if seat < 0 or not request.fixes:
            return {}, _reply({}, 0, {"authority": [*range(len(request.fixes))]})
        reports = imported_reports(policy, np.full(len(request.fixes), seat, np.int64), request.fixes)
        keys = [*zip(reports.order.tolist(), reports.tie.tolist(), strict=True)]
        known, own = await asyncio.to_thread(self._known, request.device, keys)
        fresh: dict[Key, Imported] = {}
        refused: defaultdict[str, list[int]] = defaultdict(list)
        count = 0
        for at, (key, fix) in enumerate(zip(keys, request.fixes, strict=True)):
            if reason := self._objection(request.device, fix.time, now, own):
                refused[reason].append(at)
            elif key in known or key in fresh:
                count += 1
            else:
                fresh[key] = fix
        return fresh, _reply(fresh, count, refused)

    def _known(self, device: str, keys: Sequence[Key]) -> tuple[set[Key], float]:
        """What was imported before, of these times; and when the gateway itself first heard the device by then."""
        since, until = min(keys)[0], max(keys)[0]
        held = self.rows([imported_name(device)], since, until)
        own = self.rows([device], -math.inf, until)
        known = set(zip(held["order"].tolist(), held["tie"].tolist(), strict=True))
        return known, float(own["order"][0]) if len(own) else math.inf

    def _objection(self, device: str, time: float, now: float, own: float) -> str:
        """Why a fix is not taken, a key of ``FIX_FAULTS``; empty: it is."""
        checks = {
            "future": time > now, "old": time < now - DAY * self.keep_days(), "own": time >= own,
            "authority": not self.lawful(device, time),
        }  # fmt: skip
        return next((reason for reason, is_so in checks.items() if is_so), "")

    async def _is_there(self, device: str, fresh: dict[Key, Imported]) -> None:
        """Wait until the history has it.

        Raises:
            TransientFault: it has not, though it is durable.
        """
        for _ in range(LOOKS):
            await self.keep()
            known, _ = await asyncio.to_thread(self._known, device, [*fresh])
            if known.issuperset(fresh):
                return
            await asyncio.sleep(BETWEEN)
        raise TransientFault(IMPORTS["import_waits"])


def _check(request: Request) -> None:
    if not request.document:
        raise UserFault(IMPORTS["import_document"])
    if len(request.fixes) > MOST:
        raise UserFault(IMPORTS["import_many"].filled(most=MOST))


def _reply(fresh: dict[Key, Imported], known: int, refused: dict[str, list[int]]) -> Reply:
    return Reply(ok=True, data={"taken": len(fresh), "known": known, "refused": dict(refused)})
