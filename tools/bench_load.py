"""Load on a server: bracelets by TCP, and some by UDP, with so many reports in flight each or at a pace.

Prints ``go`` when the measured time begins, then one JSON line, and stops by itself. At a pace (``--interval``) an
answer is timed from the moment at which its report was to be sent; ``--sos`` bracelets press their button meanwhile.
"""

from __future__ import annotations

import argparse
import json
import resource
import select
import time

import numpy as np
from bench_lines import READ, Datagrams, Line

BEHIND = 1800
"""Seconds that the first report lies in the past, so that a second apart each, none lies ahead."""
SHORTLY = 60
"""The same at a pace: nearly the present."""
AHEAD = 100
"""Reports encoded ahead for each second of a bracelet among a thousand."""
WARM = 2
"""Answers to all that is in flight before the measured time begins: a busy machine is slow to warm up."""
BURST = 64
"""Reports sent at a pace before answers are read again."""
SPARE = 64
"""Descriptors for all else."""


class Load:
    """All lines and what has come of them."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self._chosen = chosen
        self._start = chosen.start or int(time.time()) - (SHORTLY if chosen.interval else BEHIND)
        self._poll = select.epoll()
        self.sample: list[float] = []
        self.pressed: list[tuple[int, float]] = []
        self.gone = 0
        self._used = 0.0
        self.lines = [Line(chosen.protocol, device, chosen.first, self._moment) for device in range(chosen.connections)]
        self._datagrams = Datagrams(chosen.udp_port) if chosen.udp else None
        self._by_handle: dict[int, Line] = {}

    def _moment(self, number: int) -> int:
        """Device time of a report: that of its number, or at a pace the present.

        Faster than once a second it is of its number, too: no bracelet writes one second into several reports.
        """
        return int(time.time()) if self._chosen.interval >= 1.0 else self._start + number * self._chosen.apart

    def open(self) -> None:
        """Connect everybody, the last ones by UDP."""
        by_tcp = len(self.lines) - self._chosen.udp
        for place, line in enumerate(self.lines[:by_tcp]):
            line.connect(self._chosen.port, place)
            self._by_handle[line.handle] = line
            self._poll.register(line.handle, select.EPOLLIN)
        if self._datagrams is not None:
            self._poll.register(self._datagrams.socket, select.EPOLLIN)
            for device in range(by_tcp, len(self.lines)):
                self._datagrams.join(self.lines[device], device)

    def keep_in_flight(self, window: int, seconds: float) -> float:
        """So many reports of each bracelet wait for an answer, always; seconds that the measured time took."""
        for _ in range(int(AHEAD * (seconds + self._chosen.warm_up) * 1000 / len(self.lines))):
            for line in self.lines:
                line.make()
        for line in self.lines:
            line.report([time.perf_counter()] * window)
        until = time.perf_counter() + self._chosen.warm_up
        while time.perf_counter() < until or len(self.sample) < WARM * window * len(self.lines):
            self._answer(0.1)
        began = self._go()
        until = began + seconds
        while (now := time.perf_counter()) < until:
            self._answer(0.1)
        return now - began

    def keep_pace(self, interval: float, seconds: float) -> float:
        """A report of each bracelet in each interval, evenly; seconds that the measured time took."""
        rate, lines, sent, is_warm = len(self.lines) / interval, self.lines, 0, False
        began, before = time.perf_counter(), self._chosen.warm_up
        until = began + before + seconds
        while (now := time.perf_counter()) < until:
            if not is_warm and now >= began + before:
                is_warm = bool(self._go())
            due = int((now - began) * rate) + 1
            for number in range(sent, min(due, sent + BURST)):
                lines[number % len(lines)].report([began + number / rate])
                sent = number + 1
            if is_warm:
                self._press(now - began - before)
            self._take(0.0 if sent < due else max(0.0, began + sent / rate - time.perf_counter()))
        return seconds

    def _press(self, since: float) -> None:
        """The buttons, evenly over the measured time; each bracelet presses once."""
        chosen = self._chosen
        while len(self.pressed) < min(chosen.sos, int(chosen.sos * since / max(0.1, chosen.seconds - 2.0))):
            device = len(self.pressed)
            line = self.lines[device]
            frame = line.emergency()
            line.sent.append(time.perf_counter())
            line.send(frame)
            self.pressed.append((device, time.perf_counter()))

    def _go(self) -> float:
        self.sample.clear()
        print("go", flush=True)
        self._used = time.process_time()
        return time.perf_counter()

    def _answer(self, patience: float) -> None:
        """Take what has come, and send as many reports as were answered."""
        clock, by_handle, sample = time.perf_counter, self._by_handle, self.sample
        for handle, _ in self._poll.poll(patience):
            line = by_handle[handle]
            data = self._read(line)
            now = clock()
            count = line.answers(data)
            for _ in range(count):
                sample.append(now - line.sent.popleft())
            if count:
                line.report([now] * count)

    def _take(self, patience: float) -> None:
        """Take what has come."""
        for handle, _ in self._poll.poll(patience):
            if handle not in self._by_handle:
                assert self._datagrams is not None
                while (heard := self._datagrams.heard()) is not None:
                    self._note(*heard)
            else:
                self._note(self._by_handle[handle], self._read(self._by_handle[handle]))

    def _note(self, line: Line, data: bytes) -> None:
        now = time.perf_counter()
        for _ in range(min(line.answers(data), len(line.sent))):
            self.sample.append(now - line.sent.popleft())

    def _read(self, line: Line) -> bytes:
        """What has come; of one whose connection has ended nothing, once."""
        try:
            data = line.receive(READ)
        except ConnectionError:
            data = b""
        if not data:
            self._poll.unregister(line.handle)
            self.gone += 1
        return data

    def result(self, seconds: float) -> dict:
        """What is printed."""
        answers = np.array(self.sample) * 1000
        p50, p99 = np.percentile(answers, (50, 99)) if len(answers) else (0.0, 0.0)
        return {
            "answers": len(answers), "seconds": seconds, "p50_ms": p50, "p99_ms": p99,
            "longest_ms": max(answers, default=0.0), "gone": self.gone,
            "last": max(line.number for line in self.lines), "load_cpu_s": time.process_time() - self._used, "pressed": self.pressed,
            "waiting": sum(len(line.sent) for line in self.lines),
        }  # fmt: skip


def options() -> argparse.Namespace:
    """What is asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("port", type=int)
    asked.add_argument("connections", type=int)
    asked.add_argument("seconds", type=float)
    asked.add_argument("--warm-up", type=float, default=1.0, help="seconds before the measured time")
    asked.add_argument("--interval", type=float, default=0.0, help="seconds between reports of a bracelet")
    asked.add_argument("--window", type=int, default=1, help="reports in flight on each connection")
    asked.add_argument("--protocol", choices=("jt808", "gt06"), default="jt808")
    asked.add_argument("--start", type=int, default=0, help="device time of report 0; else half an hour ago")
    asked.add_argument("--apart", type=int, default=1, help="seconds of device time between reports")
    asked.add_argument("--first", type=int, default=0, help="number of the first report")
    asked.add_argument("--udp", type=int, default=0, help="so many of the bracelets send datagrams")
    asked.add_argument("--udp-port", type=int, default=0)
    asked.add_argument("--sos", type=int, default=0, help="so many of the bracelets press their button")
    return asked.parse_args()


def main() -> None:
    """Connect, warm up, measure, print."""
    chosen = options()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    load = Load(chosen)
    load.open()
    if chosen.interval:
        seconds = load.keep_pace(chosen.interval, chosen.seconds)
    else:
        seconds = load.keep_in_flight(chosen.window, chosen.seconds)
    print(json.dumps(load.result(seconds)), flush=True)


if __name__ == "__main__":
    main()
