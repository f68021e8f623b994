"""make bench: the whole way, durable, beside a bare echo server of the same loop in the same run.

Prints medians and ratios; these machines are noisy, so nothing here is a gate.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_county import write_county

HERE = Path(__file__).parent
TICKS = os.sysconf("SC_CLK_TCK")
GATEWAY = [str(Path(sys.executable).parent / "bracelet-gateway"), "run", "--config"]


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mib(pid: int) -> float:
    """Resident set of a process."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def wait_for_port(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until the server listens."""
    for _ in range(600):
        if server.poll() is not None:
            sys.exit(f"the server ended with {server.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    sys.exit("the server did not listen within 30 s")


def measure(server: subprocess.Popen[bytes], port: int, connections: int, seconds: float, interval: float) -> dict:
    """One round of load against a running server; its CPU is counted between the load's start and end."""
    wait_for_port(port, server)
    load = subprocess.Popen(
        [sys.executable, HERE / "bench_load.py", str(port), str(connections), str(seconds), str(interval)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert load.stdout is not None
    assert load.stdout.readline().strip() == "go"
    before = cpu_seconds(server.pid)
    result = json.loads(load.stdout.readline())
    result["cpu_s"] = cpu_seconds(server.pid) - before
    result["memory_mib"] = memory_mib(server.pid)
    load.wait()
    return result


def run_once(kind: str, connections: int, seconds: float, interval: float, port: int) -> dict:
    """Start a server, load it, stop it."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "echo":
            command = [sys.executable, str(HERE / "bench_echo.py"), str(port)]
        else:
            write_county(Path(folder), connections, port)
            command = [*GATEWAY, folder]
        server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            return measure(server, port, connections, seconds, interval)
        finally:
            server.terminate()
            server.wait(30)


def line(name: str, result: dict) -> None:
    """One row of the table."""
    per = 1e6 * result["cpu_s"] / max(1, result["answers"])
    rate = result["answers"] / result["seconds"]
    print(
        f"{name:<22}{rate:>10.0f} /s {per:>8.1f} us CPU each   answer p50 {result['p50_ms']:.2f} ms"
        f" p99 {result['p99_ms']:.2f} ms   {result['memory_mib']:.0f} MiB"
    )


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=float, default=6.0)
    options.add_argument("--connections", type=int, default=1000)
    chosen = options.parse_args()
    rates: dict[str, list[float]] = {"echo": [], "gateway": []}
    costs: dict[str, list[float]] = {"echo": [], "gateway": []}
    print(f"{chosen.connections} connections, one frame in flight each, {chosen.seconds:g} s a round")
    for round_number in range(chosen.rounds):
        for offset, kind in enumerate(rates):
            port = 17611 + 2 * round_number + offset
            result = run_once(kind, chosen.connections, chosen.seconds, 0.0, port)
            line(f"{kind} (round {round_number + 1})", result)
            rates[kind].append(result["answers"] / result["seconds"])
            costs[kind].append(result["cpu_s"] / max(1, result["answers"]))
    throughput = statistics.median(g / e for g, e in zip(rates["gateway"], rates["echo"], strict=True))
    cost = statistics.median(g / e for g, e in zip(costs["gateway"], costs["echo"], strict=True))
    print(f"median ratio to the echo: {throughput:.2f} of its throughput, {cost:.2f} times its CPU per report")
    print("\n60 bracelets, a report a minute each, 30 s")
    quiet = run_once("gateway", 60, 30.0, 60.0, 17700)
    line("gateway", quiet)
    print(f"CPU share {100 * quiet['cpu_s'] / quiet['seconds']:.2f} % of one core")


if __name__ == "__main__":
    main()
