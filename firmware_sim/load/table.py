"""A load's figures as JSON and on the terminal."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from firmware_sim.load.result import Result, Spread


def as_json(result: Result) -> str:
    """All figures, under the names of :class:`Result`."""
    return json.dumps(asdict(result), indent=1) + "\n"


def as_table(result: Result) -> Table:
    """A short table to print with rich."""
    table = Table(title="Load stopped early" if result.stopped else "Load", title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for row in _rows(result):
        table.add_row(*row)
    return table


def _rows(result: Result) -> Iterator[tuple[str, str]]:
    yield "connections logged in", f"{result.logged_in:,} of {result.connections:,}"
    yield from ((reason, f"{count:,}") for reason, count in result.failures.items())
    counts = ("planned", "sent", "late", "acknowledged", "refused", "lost", "unexpected")
    yield from ((name, f"{getattr(result, name):,}") for name in counts)
    yield "acknowledged a second", f"{result.throughput:,.1f}"
    yield from _quantiles("latency", result.latency_ms)
    yield from _quantiles("of it lag", result.lag_ms)
    yield "own CPU, of one core", f"{100.0 * result.cpu_share:.1f} %"


def _quantiles(name: str, spread: Spread) -> Iterator[tuple[str, str]]:
    for quantile, value in asdict(spread).items():
        if value is not None:
            yield f"{name} {quantile.replace('_', '.')}", f"{value:,.2f} ms"
