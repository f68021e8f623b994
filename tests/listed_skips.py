"""With ``--listed-skips`` every skip is printed, and one that CONTRIBUTING.md does not list fails the run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

HEADING = "## What may be skipped"
ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)


def listed(guide: Path) -> list[re.Pattern[str]]:
    """The reasons of the guide's table; a ``*`` in one stands for anything.

    Raises:
        pytest.UsageError: it has no such table.
    """
    _, _, section = guide.read_text("utf-8").partition(HEADING)
    reasons = ROW.findall(section.partition("\n## ")[0])
    if not reasons:
        raise pytest.UsageError(f"{guide} has no table under {HEADING!r}")
    return [re.compile(".*".join(map(re.escape, reason.split("*"))), re.DOTALL) for reason in reasons]


class ListedSkips:
    """What was skipped in this run, by the workers too, and why."""

    def __init__(self, allowed: list[re.Pattern[str]]) -> None:
        self._allowed = allowed
        self._skipped: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._take(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._take(report)

    def _take(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self._skipped[report.nodeid] = report.longrepr[2].removeprefix("Skipped: ")

    def _unlisted(self) -> list[str]:
        return [
            name for name, reason in self._skipped.items() if not any(each.fullmatch(reason) for each in self._allowed)
        ]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._unlisted() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section(f"skipped: {len(self._skipped)}")
        for name, reason in sorted(self._skipped.items()):
            terminalreporter.line(f"{name}: {reason}")
        for name in self._unlisted():
            terminalreporter.line(f"NOT LISTED in CONTRIBUTING.md: {name}: {self._skipped[name]}", red=True)
