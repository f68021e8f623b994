"""Rows of the benchmark with reports in flight: the gateway beside an echo of the same wire, or beside itself, by turns."""

from __future__ import annotations

import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench_county import write_county
from bench_process import echo, gateway
from bench_table import Figure

from gateway.demo.broker import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bench_process import Server

WINDOW = 16
BEHIND = 12 * 3600
"""Seconds ago, device time, of the first report: an outage began then, and what was stored comes now."""
APART = 10
"""Seconds of device time between reports, so that none lies ahead: no clock goes so fast that it could be taken for a
clock that is off."""


@dataclass(frozen=True)
class Asked:
    """What a run is asked for."""

    rounds: int = 9
    seconds: float = 2.0
    connections: int = 1000
    pace: float = 60.0
    """Measured seconds of rows at a county's pace."""
    many: int = 50_000
    """Bracelets of the largest row."""


def by_turns(turns: Sequence[tuple[Server, dict]], asked: Asked, **how: float | str) -> list[tuple[dict, ...]]:
    """So many rounds, in each of which every server is loaded once; its bracelets' numbers go on from round to round."""
    first: dict[int, int] = {}
    how |= {"start": int(time.time()) - BEHIND, "apart": APART}
    rounds = []
    for _ in range(asked.rounds):
        found = []
        for server, own in turns:
            said = server.load(asked.connections, asked.seconds, **how, **own, first=first.get(server.port, 0))
            first[server.port] = said["last"]
            found.append(said)
        rounds.append(tuple(found))
    return rounds


def rate(result: dict) -> float:
    """Answers a second."""
    return result["answers"] / result["seconds"]


def cost(result: dict) -> float:
    """Microseconds of the server's processor an answer."""
    return 1e6 * result["cpu_s"] / max(1, result["answers"])


def ratio(rounds: Sequence[tuple[dict, ...]], of: Callable[[dict], float]) -> float:
    """Median over the rounds of the last server's figure by the first one's."""
    return statistics.median(of(each[-1]) / of(each[0]) for each in rounds)


def middle(rounds: Sequence[tuple[dict, ...]], which: int, of: Callable[[dict], float]) -> float:
    """Median of one server's figure."""
    return statistics.median(of(each[which]) for each in rounds)


def beside_echo(row: str, protocol: str, asked: Asked, aims: tuple[float, float]) -> Iterator[Figure]:
    """One frame in flight on each connection; ``aims``: most CPU, least throughput, both against the echo."""
    with ExitStack() as stack:
        bare = stack.enter_context(echo(free_port(), protocol))
        ours = stack.enter_context(county(asked.connections, protocol))
        rounds = by_turns([(bare, {}), (ours, {})], asked, protocol=protocol)
        plain = plain_share(ours.status())
    name = {"jt808": "JT/T 808", "gt06": "GT06"}[protocol]
    sizes = f"{name}, {asked.connections:,} connections, one frame in flight"
    costs = f"{middle(rounds, 1, cost):.1f} us beside {middle(rounds, 0, cost):.1f} us"
    rates = f"{middle(rounds, 1, rate):,.0f}/s beside {middle(rounds, 0, rate):,.0f}/s"
    yield Figure(row, f"{sizes}: CPU a report to the echo's", ratio(rounds, cost), most=aims[0], beside=costs)
    yield Figure(row, "the same: throughput to the echo's", ratio(rounds, rate), least=aims[1], beside=rates)
    yield Figure(row, "the same: answer p50", middle(rounds, 1, lambda one: one["p50_ms"]), "ms")
    yield Figure(row, "the same: answer p99", middle(rounds, 1, lambda one: one["p99_ms"]), "ms")
    load = f"{middle(rounds, 0, loads):.1f} us beside the echo"
    yield Figure(row, "the same: CPU of the load itself an answer", middle(rounds, 1, loads), "us", beside=load)
    if protocol == "jt808":
        yield Figure("h", "the same: frames that went plain", plain, "%", least=95.0)


def loads(result: dict) -> float:
    """Microseconds of the load's own processor an answer."""
    return 1e6 * result["load_cpu_s"] / max(1, result["answers"])


def jt808(asked: Asked) -> Iterator[Figure]:
    """Row a, and h with it."""
    return beside_echo("a", "jt808", asked, (2.5, 0.5))


def gt06(asked: Asked) -> Iterator[Figure]:
    """Row c."""
    return beside_echo("c", "gt06", asked, (3.0, 0.45))


def after_outage(asked: Asked) -> Iterator[Figure]:
    """Row b: stored reports with sixteen in flight, beside the same with one."""
    with county(asked.connections) as ours:
        turns = [(ours, {"window": 1}), (ours, {"window": WINDOW})]
        rounds = by_turns(turns, asked)
    rates = f"{middle(rounds, 1, rate):,.0f}/s beside {middle(rounds, 0, rate):,.0f}/s"
    costs = f"{middle(rounds, 1, cost):.1f} us a report"
    yield Figure(
        "b", f"{WINDOW} stored reports in flight, against one, reports/s", ratio(rounds, rate), least=1.5, beside=rates
    )
    yield Figure("b", "the same: CPU a report", ratio(rounds, cost), beside=costs)


class county:  # noqa: N801  a context manager
    """A gateway with so many bracelets, in a directory of its own; ``how``: more for ``write_county``."""

    def __init__(self, devices: int, protocol: str = "jt808", **how: Any) -> None:
        self._devices, self._how = devices, {"protocol": protocol} | how
        self._stack = ExitStack()

    def __enter__(self) -> Server:
        """Written, started, listening."""
        folder, port = Path(self._stack.enter_context(tempfile.TemporaryDirectory())), free_port()
        program = self._how.pop("program", None)
        write_county(folder, self._devices, port, **self._how)
        return self._stack.enter_context(gateway(folder, port, *([program] if program else [])))

    def __exit__(self, *_: object) -> None:
        """Stopped, removed."""
        self._stack.close()


def plain_share(status: dict[str, Any]) -> float | None:
    """Per cent of frames that whole turns of the loop took by columns; None: this build does not say."""
    read = status.get("frames", {})
    return 100.0 * read["in_turns"] / sum(read.values()) if any(read.values()) else None
