"""An audit log that is a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gateway.control.audit import Auditing
from gateway.errors import TransientFault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gateway.control.messages import Request
    from gateway.journal.controls import Audited, Sought


class Kept(list["Audited"]):
    """What was entered; while it ``fails`` nothing can be."""

    fails = False
    now = 1000.0

    async def enter(self, looks: Sequence[Audited]) -> None:
        if self.fails:
            raise TransientFault("disk full")
        self.extend(looks)

    async def read(self, sought: Sought, most: int) -> list[dict[str, Any]]:
        return [{"what": one.what} for one in self if sought.person in {"", one.person}][:most]


def auditing(kept: Kept | None = None, whose: Callable[[Request], str] = lambda _: "") -> Auditing:
    log = Kept() if kept is None else kept
    return Auditing(log.enter, whose, lambda: log.now, log.read)
