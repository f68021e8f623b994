"""What came of a load."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from firmware_sim.load.terminal import Phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from firmware_sim.load.histogram import Histogram
    from firmware_sim.load.terminal import Terminal

_FAILURES = {
    Phase.CONNECTING: "not connected",
    Phase.REGISTERING: "login unanswered",
    Phase.AUTHENTICATING: "login unanswered",
    Phase.REFUSED: "login refused",
    Phase.GONE: "connection lost",
}
"""What a terminal that is not online at the end has met, by how far it had come."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Quantiles and the maximum in milliseconds, None when nothing was measured."""

    p50: float | None
    p90: float | None
    p99: float | None
    p99_9: float | None
    max: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """A load's figures.

    Attributes:
        connections: asked for. ``logged_in``: of these, when the reports began.
        failures: connections that were not there, or not any more, at the end, by what they met.
        seconds: from the first planned report to the end of the plan or the last answer, whichever is later.
        planned: reports that were to be sent; fewer than asked for if the load was stopped.
        sent: of these; the rest was planned for connections that were lost. ``late``: sent over 10 ms behind the plan.
        acknowledged: answered with result 0. ``refused``: with another. ``lost``: sent and not answered.
        unexpected: answers to no waiting report.
        throughput: acknowledged reports a second.
        latency_ms: from planned moment to acknowledgement. ``lag_ms``: from planned moment to the send, a part of it.
        cpu_share: of one core, taken by this process while it sent.
        stopped: it was ended before its time.
    """

    connections: int
    logged_in: int
    failures: Mapping[str, int]
    seconds: float
    planned: int
    sent: int
    late: int
    acknowledged: int
    refused: int
    lost: int
    unexpected: int
    throughput: float
    latency_ms: Spread
    lag_ms: Spread
    cpu_share: float
    stopped: bool


def spread(histogram: Histogram) -> Spread:
    """The quantiles of a histogram of seconds."""
    quantiles = (histogram.quantile(share) for share in (0.5, 0.9, 0.99, 0.999, 1.0))
    return Spread(*(None if each is None else 1e3 * each for each in quantiles))


def failures(terminals: Iterable[Terminal]) -> dict[str, int]:
    """How many terminals are not online, by what they met."""
    return dict(Counter(_FAILURES[each.phase] for each in terminals if each.phase is not Phase.ONLINE))
