"""Changed files come into force beside a running gateway of a large county: proposed, confirmed, swapped.

    .venv/bin/python tools/bench_reload.py [--people 10000] [--zones 50000] [--rounds 3] [--bracelets 100]

Seconds by the clock from the request to its answer, over the control socket, of one changed rule, one changed zone and
all files new at once, each proposed and then confirmed, with seconds of a processor that the gateway spent meanwhile;
milliseconds of a processor that the loop spent at the barrier, the longest; and how long bracelets with a report a second
wait for an answer meanwhile, beside before.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench_process import begun, cpu_seconds, gateway, machine
from bench_start_county import write_county

from gateway.control.client import ask, granted
from gateway.control.messages import Request
from gateway.demo.broker import free_port

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench_process import Server

PATIENCE = 600.0
PROGRAM = (sys.executable, str(Path(__file__).parent / "bench_reload_barrier.py"))
_BARRIER = re.compile(r"barrier (\S+) (\d+\.\d)")


def one_rule(county: Path, number: int) -> None:
    """Another document of somebody's barred zone."""
    _replace(county / "rules" / "rules-0.yaml", r"basis: B-0(-\d+)?,", f"basis: B-0-{number},")


def for_all(county: Path, number: int) -> None:
    """Another end of everybody's nights."""
    _replace(county / "rules" / "rules-0.yaml", r'until: "\d\d:\d\d", grace', f'until: "07:{number:02d}", grace')


def one_zone(county: Path, number: int) -> None:
    """Another radius of one zone."""
    _replace(county / "rules" / "zones-0.yaml", r"radius_m: \d+", f"radius_m: {300 + number}")


def one_drawing(county: Path, number: int) -> None:
    """Another name of one place that is drawn in a file of its own."""
    path = next(iter(sorted((county / "zones").glob("Z*.geojson"))))
    _replace(path, r'"name": "[^"]*"', f'"name": "other {number}"')


def everything(county: Path, number: int) -> None:
    """Each file has another text, and each zone another name, document or radius."""
    for path in (county / "rules").glob("*.yaml"):
        text = re.sub(r"(document: A|basis: B)[0-9x]*-", rf"\g<1>x{number}-", path.read_text("utf-8"))
        path.write_text(re.sub(r"buffer_m: \d+", f"buffer_m: {31 + number}", text), "utf-8")
    people = county / "people.csv"
    people.write_text(re.sub(r",\d+\n", f",{110 + number}\n", people.read_text("utf-8")), "utf-8")


def _replace(path: Path, old: str, new: str) -> None:
    text = re.sub(old, new, path.read_text("utf-8"), count=1)
    path.write_text(text, "utf-8")


CHANGES: dict[str, Callable[[Path, int], None]] = {
    "one rule": one_rule, "for all": for_all, "one zone": one_zone, "one drawing": one_drawing, "everything": everything,
}  # fmt: skip


def timed(county: Path, request: Request) -> tuple[float, dict]:
    """Seconds until a request is answered, and the answer."""
    begin = time.monotonic()
    data = granted(ask(county / "data", request, PATIENCE))
    return time.monotonic() - begin, data


def reloaded(server: Server, county: Path) -> tuple[float, float, float, int]:
    """Seconds of the proposal and of its confirmation, CPU seconds of the gateway; sentences that were told."""
    before = cpu_seconds(server.process.pid)
    proposing, said = timed(county, Request("reload", by="T01"))
    assert said["state"] == "waits", said["state"]
    confirming, done = timed(county, Request("reload_confirm", id=said["files"], by="L01"))
    assert done["state"] == "in_force", done["state"]
    return proposing, confirming, cpu_seconds(server.process.pid) - before, len(said["changes"])


def measured(server: Server, county: Path, asked: argparse.Namespace) -> None:
    """Every change so many times, and what the bracelets had to wait."""
    quiet = server.load(asked.bracelets, asked.seconds, interval=1.0)
    print(f"quiet: answer p50 {quiet['p50_ms']:.1f} ms, p99 {quiet['p99_ms']:.1f}, longest {quiet['longest_ms']:.1f}")
    for name in asked.changes:
        change, rows = CHANGES[name], []
        for number in range(asked.rounds):
            change(county, number)
            load = begun(server.port, asked.bracelets, asked.seconds, interval=1.0)
            rows.append((*reloaded(server, county), server.measured(load)))
        proposing, confirming, spent, told = (median(column) for column in list(zip(*rows, strict=True))[:4])
        p99, longest = (max(each[-1][key] for each in rows) for key in ("p99_ms", "longest_ms"))
        stood = [float(found[2]) for found in _BARRIER.finditer((county / "log").read_text("utf-8"))][
            -3 * asked.rounds :
        ]
        barrier = max(stood)
        print(
            f"{name:12} proposed {proposing:6.2f} s, confirmed {confirming:6.2f} s, {spent:5.2f} s CPU, {told:.0f} "
            f"sentences; barrier {barrier:.1f} ms; answer p99 {p99:.1f} ms, longest {longest:.1f}",
            flush=True,
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("people", 10_000), ("zones", 50_000), ("rounds", 3), ("bracelets", 100)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seconds", type=float, default=20.0, help="of reports beside each change")
    parser.add_argument("--changes", nargs="*", choices=CHANGES, default=list(CHANGES))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        county, port = Path(folder) / "county", free_port()
        write_county(county, asked.people, asked.zones, port)
        print(f"{asked.people} people, {asked.zones} zones; {machine()}")
        with gateway(county, port, PROGRAM) as server:
            measured(server, county, asked)


if __name__ == "__main__":
    main()
