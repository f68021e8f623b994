"""What stands in the audit log of a request of the control socket: one line a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from gateway.control.messages import Reply
from gateway.journal.controls import Audited, Sought

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from gateway.control.messages import Request
    from gateway.control.rights import Caller
    from gateway.control.server import Answer

    Enter = Callable[[Sequence[Audited]], Awaitable[None]]
    Read = Callable[[Sought, int], Awaitable[list[dict[str, Any]]]]

QUIET: Final = frozenset({"status", "follow", "keep_history", "pending", "audit_enter"})
"""Requests that tell nothing of anybody."""
LOOKS: Final = frozenset({
    "where", "places", "track", "explain", "alarms", "orders", "wait", "unconfirmed", "fitting", "registers",
    "erase_look", "reload_look", "import_look", "audit",
    "papers", "paper", "roll_call_look", "roll_calls", "devices",
})  # fmt: skip
ACTS: Final = frozenset({
    "act", "drill", "resend", "command", "cancel", "confirm", "register", "fitting_begin", "written_back", "erase",
    "erase_confirm", "reload", "reload_confirm", "import", "paper_act",
    "roll_call", "roll_call_confirm", "roll_call_sign",
    "draft_propose", "draft_confirm", "draft_written",
})  # fmt: skip
COVERED: Final = 3600.0
"""Seconds for which a look of the duty desk stands for what its pages ask for again by themselves, and a refusal for
the same one again."""
MOST: Final = 4096
"""Looks and refusals that are remembered."""
LONGEST_PURPOSE: Final = 200
ROWS: Final = 1000
"""Entries that are told at once."""
COVERS: Final[Mapping[str, str]] = {"place": "where", "track": "where", "map": "places"}
"""What a page writes down itself, and what it asks the daemon for then."""
OF_PERSONS: Final = frozenset({"where", "track", "explain", "fitting", "fitting_begin", "erase", "erase_look"})
"""Requests whose ``id`` is a person's."""


@dataclass(slots=True)
class Auditing:
    """Writes down who asked for what, before he is answered; and tells it to those who may read it.

    Attributes:
        enter: has entries made durable in the journal; raises TransientFault where that cannot be.
        whose: the person that an alarm (``act``) or a device (``command``, ``register``) is about; empty: nobody.
        now: receive time, UTC epoch seconds.
        read: so many entries that fit, the latest first, each with ``offset``, ``at`` and what it says.
    """

    enter: Enter
    whose: Callable[[Request], str]
    now: Callable[[], float]
    read: Read
    _known: dict[tuple[str, str, str, bool], float] = field(default_factory=dict)

    async def answered(self, request: Request, caller: Caller, reply: Reply) -> None:
        """Write down what is about to be shown, or was done.

        Raises:
            TransientFault: it cannot be: then nothing may be shown.
        """
        if request.do in QUIET or (request.do == "wait" and not reply.data.get("place")):
            return
        if request.for_staff and request.do in LOOKS and self._is_known(self._key(request, caller, ok=True)):
            return
        await self._entered(request, caller, ok=True)

    async def refused(self, request: Request, caller: Caller) -> None:
        """Write down that somebody was refused something, the same once an hour.

        Raises:
            TransientFault: it cannot be.
        """
        if not self._is_known(self._key(request, caller, ok=False)):
            await self._entered(request, caller, ok=False)

    def answers(self) -> dict[str, Answer]:
        """By request."""
        return {"audit": self._tell, "audit_enter": self._take}

    async def _tell(self, request: Request, caller: Caller) -> Reply:
        del caller
        rows = await self.read(request.sought or Sought(), min(request.count or ROWS, ROWS))
        return Reply(ok=True, data={"rows": rows})

    async def _take(self, request: Request, caller: Caller) -> Reply:
        """What another program of the daemon's account is about to show, with the account that the kernel tells."""
        looks = [msgspec.structs.replace(one, account=caller.account) for one in request.looks]
        await self.enter(looks)
        for one in looks:
            if one.ok and one.what in COVERS:
                self._remember((one.number, COVERS[one.what], one.person, True))
        return Reply(ok=True)

    async def _entered(self, request: Request, caller: Caller, *, ok: bool) -> None:
        person = request.id if request.do in OF_PERSONS else self.whose(request)
        await self.enter([entry_of(request, caller, person, ok=ok)])
        self._remember(self._key(request, caller, ok=ok))

    @staticmethod
    def _key(request: Request, caller: Caller, *, ok: bool) -> tuple[str, str, str, bool]:
        do = "where" if request.do == "track" else request.do
        return caller.number or caller.account, do, request.id, ok

    def _is_known(self, key: tuple[str, str, str, bool]) -> bool:
        return 0 <= self.now() - self._known.get(key, float("-inf")) < COVERED

    def _remember(self, key: tuple[str, str, str, bool]) -> None:
        self._known.pop(key, None)
        self._known[key] = self.now()
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]


def entry_of(request: Request, caller: Caller, person: str, *, ok: bool) -> Audited:
    """What stands of a request in the log."""
    door = "console" if request.for_staff and not request.door else request.door or "socket"
    return Audited(
        request.do, caller.number, caller.account, roles_of(caller), caller.office, door, person, _about(request),
        _since(request), request.until if request.do in {"track", "explain"} else 0.0, _purpose(request), ok=ok,
    )  # fmt: skip


def roles_of(caller: Caller) -> tuple[str, ...]:
    """His roles in a fixed order; of root and the daemon's own account none."""
    return tuple(sorted(caller.roles or ()))


def _since(request: Request) -> float:
    return request.since if request.do in {"track", "explain"} else 0.0


def _about(request: Request) -> str:
    """What a request is about besides a person."""
    said = {
        "act": request.act and f"{request.act.do} {request.act.alarm}",
        "command": request.wish and f"{request.wish.kind} {request.wish.device}",
        "paper_act": request.paper and f"{request.paper.do} {request.paper.paper or request.paper.form}",
        "papers": request.kind, "devices": request.device or request.kind,
        "register": request.deed and f"{request.deed.do} {request.deed.values.get('device', '')}".strip(),
        "explain": request.alarm or request.rule or request.kind, "alarms": request.alarm, "orders": request.device,
    }  # fmt: skip
    return said.get(request.do, "" if request.do in OF_PERSONS else request.id) or ""


def _purpose(request: Request) -> str:
    """What it was for, as far as it was said."""
    said = (request.document, request.why, request.wish.reason if request.wish is not None else "")
    return " ".join(filter(None, said))[:LONGEST_PURPOSE]
