"""What a look costs: a day of one wearer's track out of a full history, and the last places of everybody; medians.

The history is as wide and as long as told; the days that are looked into hold a report a minute, the others one an hour.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from bench_county import HOME, write_county

from gateway.control.last_places import rows_of
from gateway.engine import PAST, EngineState, compile_policy, configure, start
from gateway.history.days import DayHistory
from gateway.history.reader import HistoryReader
from gateway.replay.past import past_of
from gateway.settings.load import load
from protocols.report import EVERY_FLAG, Source, SourceDatum

DAY = 86_400.0
DENSE = 3
"""Days that are looked into: the one, and those beside it."""


def reports(policy, times: np.ndarray, offset: int) -> np.ndarray:
    """Reports of everybody at these times, at home and about it."""
    count = len(policy.devices)
    rows, draw = np.zeros(count * len(times), PAST), np.random.default_rng(3)
    rows["device"] = np.tile(np.arange(count), len(times))
    rows["order"] = rows["time"] = np.repeat(times, count)
    rows["received"], rows["offset"] = rows["time"] + 2.0, offset + np.arange(len(rows))
    homes = np.array([HOME(device) for device in range(count)])[rows["device"]]
    rows["latitude"], rows["longitude"] = (homes + draw.normal(0.0, 5e-5, homes.shape)).T
    rows["located"] = rows["sound"] = True
    rows["datum"], rows["source"], rows["accuracy_m"], rows["satellites"] = SourceDatum.WGS84, Source.GNSS, np.nan, 9
    rows["speed_kmh"], rows["battery_percent"], rows["stated"] = np.nan, 80, EVERY_FLAG
    for name in ("heard_latitude", "heard_longitude", "heard_sigma"):
        rows[name] = np.nan
    rows["tie"] = policy.ties[rows["device"]]
    return rows


def write_history(directory: Path, policy, end: float, days: int) -> None:
    """Days of everybody up to ``end``, as the gateway keeps them."""
    history, offset = DayHistory(directory), 0
    for day in range(days):
        begin = end - (days - day) * DAY
        apart = 60.0 if days - day <= DENSE else 3600.0
        for first in np.arange(begin, begin + DAY, 7200.0):
            rows = reports(policy, np.arange(first, first + 7200.0, apart), offset)
            history.add(policy.devices, rows, offset)
            offset += len(rows)
            history.flush(offset, [(end - days * DAY, policy.configuration.digest)])
    history.close()


def medians(asked, rounds: int) -> str:
    """Of so many questions, the first left out: it compiles."""
    lasted = []
    for number in range(rounds + 1):
        begun, busy = time.perf_counter(), time.process_time()
        asked(number)
        lasted.append((time.perf_counter() - begun, time.process_time() - busy))
    whole, mine = (1000.0 * statistics.median(each) for each in zip(*lasted[1:], strict=True))
    return f"{whole:.1f} ms, {mine:.1f} ms of a processor"


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=600)
    options.add_argument("--days", type=int, default=180)
    options.add_argument("--rounds", type=int, default=30)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_county(folder, chosen.people, 17_900)
        policy = compile_policy(load(folder))
        end = float(np.floor(time.time() / DAY) * DAY)
        write_history(folder / "history", policy, end, chosen.days)
        size = sum(path.stat().st_size for path in (folder / "history").iterdir()) / 2**20
        reader, digest = HistoryReader(folder / "history"), policy.configuration.digest
        people = policy.people

        def day(number: int) -> None:
            person = people[number * 17 % len(people)]
            assert past_of(reader, lambda _: policy, person, end - 2 * DAY, end - DAY, digest).fixes

        print(f"history of {chosen.people} people and {chosen.days} days: {size:,.0f} MiB")
        print(f"a day of one of them, 1,440 reports: {medians(day, chosen.rounds)}")
        state = EngineState()
        start(state, end, 1)
        configure(state, policy, digest, end)
        homes = np.array([HOME(int(device[1:])) for device, _ in policy.wearings])
        state.track["x"][:], state.track["y"][:] = policy.plane.forward(*homes.T)
        state.track["time"][:], state.track["source"][:] = end, Source.GNSS
        print(f"the last places of all: {medians(lambda _: list(rows_of(state, policy, end)), chosen.rounds)}")


if __name__ == "__main__":
    main()
