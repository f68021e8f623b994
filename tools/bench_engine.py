"""What the engine costs: a step, a slice, the past replayed, everybody of a large county; medians of several runs.

``--against DIR``: the same cases in another checkout, by turns with this one, and the ratios of each pair of runs. These
machines are noisy, so nothing here is a gate.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from bench_county import write_county

from gateway.engine import EngineState, compile_policy
from gateway.engine.reports import decode_run
from gateway.replay.capture import open_capture
from gateway.settings.load import load
from protocols.report import Source

HERE = Path(__file__).resolve().parent
SIMULATOR = str(Path(sys.executable).parent / "bracelet-sim")
CASES = {
    "one": ("step of one report, 60 devices", "us", "lower"),
    "one_of_many": ("step of one report, {wearers:,} devices", "us", "lower"),
    "slice": ("slice of 512, a device each, of {wearers:,}", "us a report", "lower"),
    "slice_of_few": ("slice of 512, 60 devices", "us a report", "lower"),
    "live_1": ("a report of one device of 1, a second later each", "us a report", "lower"),
    "live_512": ("slice of 512, a device each, a second later each", "us a report", "lower"),
    "live_1024": ("the same of 1,024", "us a report", "lower"),
    "live_4096": ("the same of 4,096", "us a report", "lower"),
    "zones": ("zone checks, 50,000 zones, a third near a border, 4,096 at once", "checks/s", "higher"),
    "fixes": ("replay --fixes, {fixes:,} of 60 devices, CSV included", "rows/s", "higher"),
    "frames": ("replay --frames, {frames:,} of 60 devices", "rows/s", "higher"),
    "fused": ("fusion, verdict, conditions, {wearers:,} devices by 4,096", "reports/s", "higher"),
    "late_one": ("1,440 late reports of one wearer decided", "ms", "lower"),
    "late_many": ("128 late reports each of 200 wearers decided", "ms", "lower"),
    "late_most": ("1,440 late reports each of 200 wearers decided", "ms", "lower"),
    "late_piece": ("the longest piece of that without giving way", "ms", "lower"),
    "bytes": ("a snapshot of {wearers:,} devices on disk", "bytes a device", "lower"),
    "bytes_of_week": ("the same of 60 devices after eight days, with all marks", "bytes a device", "lower"),
}
"""What is measured: in words, its unit, and which way is better."""
HERE_ALONE = {"late_one", "late_many", "late_most", "late_piece", "bytes_of_week"}
"""What an older build does not do."""
SAME_EACH_TIME = {"bytes", "bytes_of_week"}


def write_data(folder: Path, days: int) -> dict[str, int]:
    """A county, a recorded capture, and its reports as a table of fixes; how many rows these have."""
    (folder / "few").mkdir()
    write_county(folder / "few", 60, 17_900)
    recorded = ["--scenario", "california", "--days", str(days), "--devices", "60", "--out", str(folder / "sim")]
    subprocess.run([SIMULATOR, "run", *recorded], check=True, stdout=subprocess.DEVNULL)
    policy = compile_policy(load(folder / "sim" / "county"))
    rows = {"fixes": 0, "frames": 0}
    with (folder / "fixes.csv").open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("device", "time", "received_at", "source", "latitude", "longitude", "accuracy_m", "speed_kmh"))
        for batch in open_capture(folder / "sim" / "frames", policy.configuration).batches(np.inf):
            reports = decode_run(EngineState(), batch, policy)
            said = np.flatnonzero(~reports.bare)
            table.writerows(_fix(policy.devices, reports, row) for row in said.tolist())
            rows["fixes"] += len(said)
            rows["frames"] += len(batch)
    (folder / "rows.json").write_text(json.dumps(rows), "utf-8")
    return rows


def _fix(devices, reports, row: int) -> tuple[str, ...]:
    numbers = (reports.latitude[row], reports.longitude[row], reports.accuracy_m[row], reports.speed_kmh[row])
    source = Source(int(reports.source[row]) or Source.GNSS).name.lower()
    times = f"{reports.time[row]:.0f}", f"{reports.received[row]:.3f}"
    return devices[reports.device[row]], *times, source, *("" if np.isnan(each) else f"{each:.6f}" for each in numbers)


class Child:
    """One checkout's process, which answers case after case."""

    def __init__(self, checkout: Path, folder: Path, wearers: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "bench_engine_cases.py"), str(folder), str(wearers)],
            env=os.environ | {"PYTHONPATH": str(checkout)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def measure(self, case: str) -> float:
        """One run."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(case, file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            sys.exit(f"the case {case} ended its process with {self._process.wait()}")
        return float(json.loads(answer))

    def end(self) -> None:
        """No more cases."""
        self._process.communicate()


def line(case: str, runs: list[list[float]], sizes: dict[str, int]) -> str:
    """One row of the table: medians, and the ratio that says how many times as good this checkout is."""
    words, unit, better = CASES[case]
    medians = "".join(f"{statistics.median(each):>14,.0f}" for each in zip(*runs, strict=True))
    ratios = [here / there if better == "higher" else there / here for here, *others in runs for there in others]
    ratio = f"{statistics.median(ratios):>10.2f}" if ratios else ""
    return f"{words.format(**sizes):<62}{medians}{ratio}  {unit}"


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--against", type=Path, help="another checkout")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--days", type=int, default=3, help="of the recorded capture")
    options.add_argument("--wearers", type=int, default=50_000, help="of the large county")
    options.add_argument("--cases", nargs="*", choices=CASES, default=list(CASES))
    chosen = options.parse_args()
    checkouts = [HERE.parent, *([chosen.against.resolve()] if chosen.against else [])]
    with tempfile.TemporaryDirectory() as temporary:
        sizes = write_data(Path(temporary), chosen.days) | {"wearers": chosen.wearers}
        children = [Child(checkout, Path(temporary), chosen.wearers) for checkout in checkouts]
        print(f"{'':<62}{'here':>14}" + (f"{'there':>14}{'times':>10}" if chosen.against else ""))
        for case in chosen.cases:
            rounds = 1 if case in SAME_EACH_TIME else chosen.rounds
            asked = children[:1] if case in HERE_ALONE else children
            runs = [[child.measure(case) for child in asked] for _ in range(rounds)]
            print(line(case, runs, sizes), flush=True)
        for child in children:
            child.end()


if __name__ == "__main__":
    main()
