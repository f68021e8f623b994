"""Tests side by side, with ``--workers``: copies of the process that has collected them take one file after another.

Workers that begin from nothing, such as pytest-xdist's, each collect all tests and load all that is tested, which
takes them a twentieth of the whole run. A copy has both.
"""

from __future__ import annotations

import os
import signal
import struct
import traceback
from itertools import chain, pairwise
from multiprocessing import get_context
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from gateway.demo.lifeline import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess
    from pathlib import Path

FORK = get_context("fork")
NUMBER = struct.Struct("=i")
PATIENCE = float(os.environ.get("HUNG_AFTER", "240"))
"""Real seconds after which a test hangs: the longest takes a quarter of them, on a busy machine."""


class Worker(NamedTuple):
    """One of them, and where it tells what came of its tests."""

    process: ForkProcess
    told: Connection


class Workers:
    """A plugin that runs what was collected in so many processes. Each takes whole files, in their order."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._ended: set[str] = set()
        """Tests that were run to their end."""
        self._faults: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """In place of pytest's own, which says it where nothing is to be run."""
        if session.config.option.collectonly or session.testsfailed:
            return None
        session.config._tmp_path_factory.getbasetemp()  # one for all
        files = _by_file(session.items)
        numbers = _numbers(len(files))
        workers = [_begun(session, files, numbers) for _ in range(self._count)]
        self._hear_all(session, workers, numbers)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        self._tell_lost(session)
        return True

    def _hear_all(self, session: pytest.Session, workers: list[Worker], numbers: int) -> None:
        """Until they have ended."""
        working = {worker.told: worker for worker in workers}
        while working:
            for told in wait(list(working)):
                try:
                    self._hear(session.config, told.recv())
                except EOFError:
                    self._end(working.pop(told))
            if session.shouldfail:
                while os.read(numbers, 1 << 16):  # nobody takes another
                    pass
        os.close(numbers)

    def _hear(self, config: pytest.Config, told: Any) -> None:
        if isinstance(told, str):
            self._faults.append(told)
            return
        report = config.hook.pytest_report_from_serializable(config=config, data=told)
        if report.when == "teardown":
            self._ended.add(report.nodeid)
        config.hook.pytest_runtest_logreport(report=report)

    def _end(self, worker: Worker) -> None:
        worker.told.close()
        worker.process.join()
        if worker.process.exitcode:
            self._faults.append(f"a worker ended with {worker.process.exitcode}")

    def _tell_lost(self, session: pytest.Session) -> None:
        """A worker that ends before its time leaves tests without an end."""
        for item in session.items:
            if item.nodeid not in self._ended:
                why = "\n".join(["not run to its end", *self._faults])
                lost = pytest.TestReport(item.nodeid, item.location, {}, "failed", why, "call")
                session.config.hook.pytest_runtest_logreport(report=lost)


class Hung(Exception):
    """A test has not come to its end in any time that one takes."""


class Teller:
    """A worker's plugin: what came of a test is told, and not printed; one that hangs is ended, and told as failed."""

    def __init__(self, config: pytest.Config, into: Connection) -> None:
        self._config, self._into = config, into
        signal.signal(signal.SIGALRM, _tell_hung)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        """Whatever it hangs in is interrupted, and once more where it hangs in its clearing up."""
        signal.setitimer(signal.ITIMER_REAL, PATIENCE, PATIENCE / 8)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._into.send(self._config.hook.pytest_report_to_serializable(config=self._config, report=report))


def _tell_hung(_number: int, _frame: object) -> None:
    raise Hung(f"not at its end after {PATIENCE:.0f} s")


def _by_file(items: Sequence[pytest.Item]) -> list[list[pytest.Item]]:
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    return list(files.values())


def _numbers(count: int) -> int:
    """A pipe from which each number is read once, by whoever comes first: Linux gives four bytes whole."""
    out, into = os.pipe()
    os.write(into, b"".join(map(NUMBER.pack, range(count))))
    os.close(into)
    return out


def _begun(session: pytest.Session, files: list[list[pytest.Item]], numbers: int) -> Worker:
    told, into = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_work, args=(session, files, numbers, into))
    process.start()
    into.close()
    return Worker(process, told)


def _work(session: pytest.Session, files: list[list[pytest.Item]], numbers: int, into: Connection) -> None:
    """In the copy: the tests of one file after another, to the last."""
    try:
        end_with_parent(signal.SIGKILL)  # a test may have its own way with others
        _be_apart(session.config)
        session.config.pluginmanager.register(Teller(session.config, into))
        for item, following in pairwise(chain(_taken(files, numbers), [None])):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.shouldfail:
                break
        session._setupstate.teardown_exact(None)
    except BaseException:
        into.send(traceback.format_exc())
        raise


def _be_apart(config: pytest.Config) -> None:
    """What is printed is kept in files of its own, and nothing is printed about the tests."""
    config.pluginmanager.unregister(name="terminalreporter")
    capture = config.pluginmanager.getplugin("capturemanager")
    capture.stop_global_capturing()
    capture.start_global_capturing()
    capture.suspend_global_capture()


def _taken(files: list[list[pytest.Item]], numbers: int) -> Iterator[pytest.Item]:
    while number := os.read(numbers, NUMBER.size):
        yield from files[NUMBER.unpack(number)[0]]
