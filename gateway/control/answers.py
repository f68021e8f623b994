"""What the control socket answers besides orders: how the daemon is, alarms and orders as stored, officers' acts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.control.messages import Reply
from gateway.errors import UserFault
from gateway.journal.controls import printable
from gateway.words.act_phrases import refusal
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gateway.control.messages import Request
    from gateway.control.rights import Caller
    from gateway.control.server import Answer
    from gateway.journal.controls import Act
    from gateway.store.state_db import StateStore
    from gateway.writer import Writer

ORIGIN = "command line"
_DONE = ("done", "repeated")


@dataclass(frozen=True, slots=True)
class Answers:
    """The daemon's side of the window; every method answers one kind of request."""

    store: StateStore
    writer: Writer
    on_act: Callable[[Act], Awaitable[str]]
    on_status: Callable[[], dict[str, Any]]
    on_resend: Callable[[], Awaitable[dict[str, int]]]
    on_pending: Callable[[], list[dict[str, object]]]

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
        act = msgspec.structs.replace(request.act, by=caller.number, account=caller.account, origin=ORIGIN)
        result = await self.on_act(act)
        if result not in _DONE:
            raise UserFault(refusal(printable(result)))
        return Reply(ok=True)

    async def _resend(self, request: Request, caller: Caller) -> Reply:
        del request, caller
        return Reply(ok=True, data=dict(await self.on_resend()))

    async def _alarms(self, request: Request, caller: Caller) -> Reply:
        del caller
        found = await self.writer.run(partial(self.store.episodes, unresolved=not request.everything))
        return Reply(ok=True, data={"alarms": msgspec.to_builtins(found)})

    async def _commands(self, request: Request, caller: Caller) -> Reply:
        del caller
        found = await self.writer.run(partial(self.store.commands, request.device, pending=not request.everything))
        return Reply(ok=True, data={"orders": msgspec.to_builtins(found)})
