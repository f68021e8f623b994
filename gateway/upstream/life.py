"""Signs of life: a message at intervals, however quiet it is, so that a silent county is noticed within a minute.

They say how the gateway is and where its journal's chain stands, nothing of any person, device or place. Whoever keeps
them has a witness of the journal beside its own machine: what was sealed then cannot be written anew unseen.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.clock import iso

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ENCODER: Final = msgspec.json.Encoder(order="deterministic")


class Sign(Enum):
    """What a sign of life says; the last part of its type."""

    HEARTBEAT = "heartbeat"
    STOPPED = "stopped"
    """On purpose: no more come until the next start."""
    LOST = "lost"
    """Said by the broker in our name, once we are gone without a word."""


@dataclass(slots=True)
class Life:
    """One process's. ``told``: what is said of it; ``now``: the county's clock, UTC epoch seconds."""

    county: str
    told: Callable[[], Mapping[str, object]]
    now: Callable[[], float]
    run: str = field(default_factory=lambda: uuid.uuid4().hex)
    """Tells this process from those before it."""
    _number: int = 0

    def sign(self, what: Sign, every: float) -> tuple[str, bytes]:
        """The next one: its CloudEvents id and its bytes.

        Args:
            what: the kind; of what is said of us later nothing is known now.
            every: seconds until the next one.
        """
        self._number += 1
        identity = f"{self.run}.{self._number}"
        said = {} if what is Sign.LOST else {"time": iso(self.now()), **self.told()}
        body = {
            "specversion": "1.0", "id": identity, "source": f"/bracelet/{self.county}",
            "type": f"bracelet.gateway.{what.value}", "datacontenttype": "application/json",
            "data": {"county": self.county, "run": self.run, "every_seconds": every, **said},
        }  # fmt: skip
        return identity, _ENCODER.encode(body)
