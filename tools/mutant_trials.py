"""Where faults are tried: copies of the tree, the tests that concern a file, and how long those take."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[1]
LEFT = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "*.egg-info", "build", ".hypothesis")
"""What a copy does without."""
WIDER: Mapping[str, tuple[str, ...]] = {
    "fencing": ("tests/gateway/engine/*",),
    "gateway/engine": ("tests/gateway/daemon/test_recovery.py", "tests/gateway/daemon/test_skipped.py"),
    "gateway/fusion": ("tests/gateway/engine/*",),
    "gateway/journal": ("tests/gateway/daemon/test_re*.py", "tests/gateway/daemon/test_skipped.py"),
    "gateway/store": ("tests/gateway/upstream/*", "tests/gateway/daemon/test_recovery.py"),
    "gateway/upstream": ("tests/gateway/daemon/test_daemon.py",),
}
"""Tests of the rooms that lean on a room."""
PYTEST = (
    "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=", "-o", "junit_family=xunit1", "--tb=short",
    "--hypothesis-seed=0", "-o", "faulthandler_exit_on_timeout=true",
)  # fmt: skip
SPARE = 60.0
"""Seconds that a test gets beyond twice what the slowest one needs without a fault; then it hangs: found, too."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a run of tests: whether all passed, and what was said."""

    passed: bool
    said: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A tree of our own to put faults into; nothing is ever written to the original."""

    root: Path

    @classmethod
    def of(cls, original: Path, where: Path) -> Copy:
        """Copy a tree into a new folder; what its tests read beside it stands beside the copy, too."""
        shutil.copytree(original, where / "tree", ignore=LEFT)
        if (beside := original.parent / "shared").is_dir():
            (where / "shared").symlink_to(beside)
        return cls(where / "tree")

    def write(self, path: str, text: str) -> None:
        """Replace a module; what was compiled of it goes, for it is known by seconds and length only."""
        module = self.root / path
        module.write_text(text, encoding="utf-8")
        for compiled in module.parent.glob(f"__pycache__/{module.stem}.*.pyc"):
            compiled.unlink()

    def run(self, tests: Sequence[str], limit: float | None = None, *more: str) -> Trial:
        """Run tests here, all of it within ``limit`` seconds; whoever passes it, or leaves a process, is ended."""
        command = [sys.executable, *PYTEST, *more, *tests]
        environment = {**os.environ, "PYTHONPATH": str(self.root)}
        with (self.root / "said.txt").open("w+", encoding="utf-8") as out:
            process = subprocess.Popen(
                command, cwd=self.root, env=environment, stdout=out, stderr=out, start_new_session=True
            )  # fmt: skip
            with suppress(subprocess.TimeoutExpired):
                process.wait(limit)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
            out.seek(0)
            return Trial(code == 0, out.read())

    def imports(self, package: str) -> Path:
        """Where a package is found by what runs here: outside of the copy every trial would be of the original."""
        asked = f"import {package}; print({package}.__path__[0])"
        environment = {**os.environ, "PYTHONPATH": str(self.root)}
        said = subprocess.check_output([sys.executable, "-c", asked], cwd=self.root, env=environment, text=True)
        return Path(said.strip())


def concerned(path: str, texts: Mapping[str, str], seconds: Mapping[str, float]) -> list[str]:
    """The tests that concern a module, in the order in which they are worth trying.

    Those named like it, those that import it, those of the folder that mirrors its own, those of WIDER; of each kind
    the quickest first.

    Args:
        path: the module, from the root of the tree.
        texts: of every file of tests, by its path.
        seconds: what each file of tests needs; one that is not there is not run.
    """
    ranks = {test: _rank(path, test, text) for test, text in texts.items() if test in seconds}
    return sorted((test for test, rank in ranks.items() if rank is not None), key=lambda t: (ranks[t], seconds[t], t))


def within(bound: float, tests: Sequence[str], seconds: Mapping[str, float]) -> list[str]:
    """As many of the tests, in their order, as need ``bound`` seconds together; one too long for the rest is left out.

    The first is always tried.
    """
    chosen = list(tests[:1])
    for test in tests[1:]:
        if sum(seconds[one] for one in chosen) + seconds[test] <= bound:
            chosen.append(test)
    return chosen


def _rank(path: str, test: str, text: str) -> int | None:
    module, name = PurePosixPath(path), PurePosixPath(test)
    dotted = f"{module.parent}.{module.stem}".replace("/", ".")
    mirrored = name.is_relative_to(PurePosixPath("tests") / module.parent)
    wider = any(name.match(glob) for room, globs in WIDER.items() if module.is_relative_to(room) for glob in globs)
    kinds = (mirrored and module.stem in name.stem, dotted in text, mirrored, wider)
    return next((rank for rank, is_so in enumerate(kinds) if is_so), None)


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds that each file of tests needed, the longest single test, and the files that failed."""

    files: Mapping[str, float]
    longest: float
    broken: tuple[str, ...] = ()


def times_of(reports: Iterable[Path]) -> Times:
    """What pytest's reports say; a file with a failure has no time."""
    files: Counter[str] = Counter()
    cases = [case for report in reports for case in ET.parse(report).iter("testcase")]  # noqa: S314  our own reports
    for case in cases:
        files[case.attrib["file"]] += float(case.attrib["time"])
    broken = {case.attrib["file"] for case in cases if {"failure", "error"} & {child.tag for child in case}}
    longest = max((float(case.attrib["time"]) for case in cases), default=0.0)
    return Times({file: time for file, time in files.items() if file not in broken}, longest, tuple(sorted(broken)))
