"""What the control socket answers besides orders: how the daemon is, alarms and orders as stored, officers' acts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.control.messages import Reply
from gateway.control.rights import alarms_of, orders_of
from gateway.errors import UserFault
from gateway.journal.controls import OF_CLOSED, printable
from gateway.words.act_phrases import refusal
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gateway.control.messages import Request
    from gateway.control.offices import Offices
    from gateway.control.rights import Caller
    from gateway.control.server import Answer
    from gateway.engine import Episode
    from gateway.journal.controls import Act
    from gateway.store.state_db import StateStore
    from gateway.writer import Writer

ORIGIN, CONSOLE = "command line", "console"
_DONE = ("done", "repeated")


@dataclass(frozen=True, slots=True)
class Answers:
    """The daemon's side of the window; every method answers one kind of request.

    ``alarm``: one that nobody has closed, as it stands; None: there is no such one.
    """

    store: StateStore
    writer: Writer
    on_act: Callable[[Act], Awaitable[str]]
    on_status: Callable[[], dict[str, Any]]
    on_resend: Callable[[], Awaitable[dict[str, int]]]
    on_pending: Callable[[], list[dict[str, object]]]
    offices: Offices
    alarm: Callable[[str], Episode | None]

    def answers(self) -> dict[str, Answer]:
        """By request."""
        return {
            "status": self._status, "act": self._act, "resend": self._resend, "alarms": self._alarms,
            "orders": self._commands, "pending": self._pending,
        }  # fmt: skip

    async def _status(self, request: Request, caller: Caller) -> Reply:
        del request, caller
        return Reply(ok=True, data=self.on_status())

    async def _pending(self, request: Request, caller: Caller) -> Reply:
        del request, caller
        return Reply(ok=True, data={"pending": self.on_pending()})

    async def _act(self, request: Request, caller: Caller) -> Reply:
        """Whoever asks has done it: what the request says of that does not count."""
        if request.act is None:
            raise UserFault(phrase("alarm_unknown", value=""))
        alarm = self.alarm(request.act.alarm)
        if alarm is None and request.act.do in OF_CLOSED:
            alarm = await self.writer.run(self.store.episode, request.act.alarm)
        self.offices.check_alarm(caller, alarm)
        origin = CONSOLE if request.for_staff else ORIGIN
        act = msgspec.structs.replace(request.act, by=caller.number, account=caller.account, origin=origin)
        result = await self.on_act(act)
        if result not in _DONE:
            raise UserFault(refusal(printable(result)))
        return Reply(ok=True)

    async def _resend(self, request: Request, caller: Caller) -> Reply:
        del request, caller
        return Reply(ok=True, data=dict(await self.on_resend()))

    async def _alarms(self, request: Request, caller: Caller) -> Reply:
        found = await self.writer.run(partial(self.store.episodes, unresolved=not request.everything))
        meant = (one for one in found if one.id.startswith(request.alarm))
        mine = alarms_of(caller, meant, self.offices.of_alarm)
        return Reply(ok=True, data={"alarms": msgspec.to_builtins(mine)})

    async def _commands(self, request: Request, caller: Caller) -> Reply:
        found = await self.writer.run(partial(self.store.commands, request.device, pending=not request.everything))
        mine = orders_of(caller, found, self.offices.of_order)
        return Reply(ok=True, data={"orders": msgspec.to_builtins(mine)})
