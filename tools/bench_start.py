"""From the command to listening, a county of 10,000 people and 50,000 zones: as the files are read, and as they are recalled.

    .venv/bin/python tools/bench_start.py [--people 10000] [--zones 50000] [--rounds 3]

CPU seconds of each process until it listens (user and system), and seconds by the clock, which depend on what else the
machine does; then ``check``, and ``status`` of the running gateway.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench_start_county import write_county

GATEWAY = str(Path(sys.executable).parent / "bracelet-gateway")
CLOCK_HZ = os.sysconf("SC_CLK_TCK")


def cpu_of(pid: int) -> float:
    """User and system time of a running process, seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_HZ


def peak_of(pid: int) -> int:
    """Most memory resident so far, MiB."""
    line = next(
        each for each in Path(f"/proc/{pid}/status").read_text("ascii").splitlines() if each.startswith("VmHWM")
    )
    return int(line.split()[1]) // 1024


def started(county: Path, *, ask: bool) -> tuple[float, float, int, float]:
    """CPU and seconds until it listens, MiB then; CPU of ``status``, asked for once it does."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [GATEWAY, "run", "--config", str(county)], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        stream = process.stderr if process.stderr is not None else sys.stdin
        line = next((line for line in stream if "listening" in line), "")
        assert line, f"it ended: {process.wait()}"
        found = cpu_of(process.pid), time.monotonic() - begun, peak_of(process.pid)
        asked = command("status", "--config", str(county)) if ask else 0.0
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()
    return *found, asked


def command(*words: str) -> float:
    """CPU seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([GATEWAY, *words], check=False, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("people", 10_000), ("zones", 50_000), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        county = Path(folder) / "county"
        write_county(county, wanted.people, wanted.zones)
        kept = county / "data" / "compiled"
        rows: dict[str, list[tuple[float, float, int, float]]] = {"read": [], "recalled": []}
        for number in range(wanted.rounds):
            kept.unlink(missing_ok=True)
            rows["read"].append(started(county, ask=False))
            assert kept.exists()
            rows["recalled"].append(started(county, ask=number == 0))
        print(f"{wanted.people} people, {wanted.zones} zones; kept: {kept.stat().st_size / 1e6:.1f} MB")
        for name, found in rows.items():
            cpu, seconds, peak, _ = (median(column) for column in zip(*found, strict=True))
            print(f"{name:9}{cpu:7.2f} s CPU {seconds:7.2f} s {peak:6.0f} MiB")
        print(f"check    {command('check', str(county)):7.2f} s CPU")
        print(f"status   {rows['recalled'][0][3]:7.2f} s CPU")


if __name__ == "__main__":
    main()
