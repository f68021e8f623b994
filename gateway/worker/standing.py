"""How a worker stands: which partitions it has, and how far it has come with each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from gateway.errors import TransientFault
from gateway.text import text_of

if TYPE_CHECKING:
    from gateway.errors import GatewayFault
    from gateway.text import Text

log = structlog.get_logger()


@dataclass(slots=True)
class Standing:
    """Of one partition.

    Attributes:
        is_owner: whether the server has given it to us.
        pin: by which the server knows us as its owner; empty: we are none.
        waits: whether we ask the server for it.
        offset: the next entry that is stepped.
        received: receive time of the last one, UTC epoch seconds; -inf: none was.
        said: events that we have put into the alarm stream since the start.
        trouble: why it waits; None: it does not.
    """

    county: str
    partition: int
    is_owner: bool = False
    pin: str = ""
    waits: bool = False
    offset: int = 0
    received: float = float("-inf")
    said: int = 0
    trouble: Text | None = None

    def own(self, pin: str) -> None:
        """The server has given it to us."""
        self.is_owner, self.pin, self.trouble = True, pin, None

    def give_up(self) -> None:
        """It is ours no more, or may be."""
        self.is_owner, self.pin = False, ""

    def note(self, fault: GatewayFault) -> None:
        """It waits for what may pass, or until somebody mends what does not; either is tried again."""
        is_new = self.trouble != (said := text_of(fault))
        self.trouble = said
        where = {"county": self.county, "partition": self.partition, "fault": said.en}
        if isinstance(fault, TransientFault):
            log.warning("partition waits", **where)
        elif is_new:
            log.error("partition cannot be worked on until somebody mends it", **where)
