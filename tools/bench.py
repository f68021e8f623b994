"""make bench: the whole way, durable, alarms on, beside a bare echo server of the same loop in the same run.

Prints medians and ratios with their aims; these machines are noisy, so nothing here is a gate.
"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from bench_alarm import at_the_broker
from bench_beside import beside_hostile
from bench_pace import few, very_many
from bench_process import machine
from bench_rows import Asked, after_outage, gt06, jt808
from bench_table import as_json, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bench_table import Figure

ROWS: dict[str, Callable[[Asked], Iterable[Figure]]] = {
    "a": jt808,
    "b": after_outage,
    "c": gt06,
    "d": very_many,
    "e": at_the_broker,
    "f": few,
    "g": beside_hostile,
}
"""By letter; h is told by a."""


def chosen_rows(said: str) -> list[str]:
    """Letters as written, ``a,c``; h asks for a."""
    rows = ["a" if each == "h" else each for each in said.split(",") if each]
    if unknown := set(rows) - ROWS.keys():
        raise argparse.ArgumentTypeError(f"no such row: {', '.join(sorted(unknown))}")
    return list(dict.fromkeys(rows))


def main() -> None:
    """Print the figures, row by row as they come."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=chosen_rows, default=list(ROWS), help="letters, as a,c")
    options.add_argument("--rounds", type=int, default=Asked.rounds)
    options.add_argument("--seconds", type=float, default=Asked.seconds, help="of a round")
    options.add_argument("--connections", type=int, default=Asked.connections)
    options.add_argument("--pace", type=float, default=Asked.pace, help="measured seconds of rows at a county's pace")
    options.add_argument("--many", type=int, default=Asked.many, help="bracelets of row d")
    options.add_argument("--json", action="store_true", help="one object instead of the table")
    chosen = options.parse_args()
    asked = Asked(chosen.rounds, chosen.seconds, chosen.connections, chosen.pace, chosen.many)
    figures = []
    if not chosen.json:
        print(f"{machine()}; medians of {asked.rounds} rounds of {asked.seconds:g} s")
        print(table([])[0])
    for row in chosen.rows:
        for figure in ROWS[row](asked):
            figures.append(figure)
            if not chosen.json:
                print(table([figure])[1], flush=True)
    if chosen.json:
        print(json.dumps({"machine": machine(), "figures": as_json(figures)}))


if __name__ == "__main__":
    main()
