"""Readings of the past: the track of a person over a stretch, worked out behind everybody else's work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from gateway.control.messages import Request
from gateway.engine import Past

if TYPE_CHECKING:
    from gateway.console.link import Link
    from gateway.console.visitor import Visitor


@dataclass(slots=True)
class Tracks:
    """Tracks of people."""

    link: Link

    async def of(self, visitor: Visitor, person: str, since: float, until: float) -> Past:
        """The track of a person, since <= time < until (UTC epoch seconds), the oldest fix first.

        Raises:
            GatewayFault: it cannot be had; the text says why.
        """
        asked = Request(do="track", id=person, since=since, until=until)
        return msgspec.convert(await self.link.ask(asked, visitor), Past)
