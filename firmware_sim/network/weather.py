"""How bad the network is: numbers and stretches of time, nothing that happens."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  a field's type
from dataclasses import dataclass, field

from firmware_sim.schedule import Span  # noqa: TC001  a field's type


@dataclass(frozen=True, slots=True)
class Weather:
    """What a network does to what is sent through it. The default is: nothing.

    Attributes:
        delay_ms, jitter_ms: each piece arrives after the delay and an even share of the jitter.
        loss: chance that a datagram never arrives.
        duplication: chance that a datagram arrives twice.
        reordering: chance that a datagram is overtaken: it takes ``late_ms`` longer.
        late_ms: see above.
        splits: chance that what was written to a stream arrives in pieces, cut at any byte.
        breaks: chance that a write to a stream breaks the connection, after any byte of it.
        dead: by device, stretches without any network.
        outages: the carrier's: stretches without any network for all.
        herd_seconds: all come back this long after an outage at the latest; 0: at the same instant.
    """

    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    loss: float = 0.0
    duplication: float = 0.0
    reordering: float = 0.0
    late_ms: float = 2000.0
    splits: float = 0.0
    breaks: float = 0.0
    dead: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    outages: tuple[Span, ...] = ()
    herd_seconds: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no chance.

        Raises:
            ValueError: a chance outside 0 to 1, or a negative time.
        """
        for name in ("loss", "duplication", "reordering", "splits", "breaks"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} is a chance: 0 to 1, not {getattr(self, name)}")
        for name in ("delay_ms", "jitter_ms", "late_ms", "herd_seconds"):
            if getattr(self, name) < 0.0:
                raise ValueError(f"{name} is a time: 0 or more, not {getattr(self, name)}")


FAIR = Weather()
"""Nothing is lost, nothing is late."""
