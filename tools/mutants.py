"""make mutants: how many small faults, put into copies of the tree one at a time, the tests find. Survivors are listed.

A sample is drawn by seed: lines first, so that a long table counts no more than a rule, then one fault of each. A fault
is tried with the tests that concern its file, until one fails.
"""

from __future__ import annotations

import argparse
import queue
import random
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tools.mutant_trials import ROOT, SPARE, Copy, Times, Trial, concerned, times_of, within
from tools.mutations import Mutation, mutated, mutations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOMS = ("fencing", "gateway/engine", "gateway/fusion", "gateway/journal", "gateway/store", "gateway/upstream")
COUNT, MINUTES, JOBS, BOUND = 400, 60.0, 2, 60.0
PARTS = ("tests/fencing/", "tests/gateway/")
"""Where tests of the rooms stand. To start the running product for each fault would take a day."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault of a file."""

    path: str
    mutation: Mutation

    def __str__(self) -> str:
        return f"{self.path}:{self.mutation.line}  {self.mutation.before}  ->  {self.mutation.after}"


@dataclass(slots=True)
class Score:
    """What has come of the faults that were tried."""

    found: int = 0
    survivors: list[Mutant] = field(default_factory=list)
    untried: int = 0

    def __str__(self) -> str:
        tried = self.found + len(self.survivors)
        share = f"{100 * self.found / tried:.1f} %" if tried else "nothing"
        late = f"; {self.untried} not tried, the time was over" if self.untried else ""
        return f"{share} found: {self.found} of {tried}{late}"


def draw(root: Path, globs: Sequence[str], count: int, seed: int) -> list[Mutant]:
    """A sample of the faults of the rooms' modules that match one of ``globs`` (all, if there are none)."""
    by_line: dict[tuple[str, int], list[Mutant]] = {}
    for path in _modules(root, globs):
        for mutation in mutations((root / path).read_text("utf-8")):
            by_line.setdefault((path, mutation.line), []).append(Mutant(path, mutation))
    chance = random.Random(seed)  # noqa: S311  a sample, no secret
    lines = chance.sample(sorted(by_line), min(count, len(by_line)))
    return [chance.choice(by_line[line]) for line in lines]


def _modules(root: Path, globs: Sequence[str]) -> list[str]:
    found = (path.relative_to(root) for room in ROOMS for path in sorted((root / room).rglob("*.py")))
    return [path.as_posix() for path in found if not globs or any(path.match(glob) for glob in globs)]


class Bench:
    """Copies to try faults in, and what is known of the tests without any."""

    def __init__(self, copies: Sequence[Copy], sample: Sequence[Mutant], bound: float) -> None:
        """Run the tests that concern the sample once as they are; a fault gets ``bound`` seconds' worth of them.

        Files of tests that fail as they are find nothing: they are named and left out.

        Raises:
            SystemExit: they would run the original, or all fail: then no trial says anything.
        """
        self._bound = bound
        self._free: queue.SimpleQueue[Copy] = queue.SimpleQueue()
        for copy in copies:
            if not copy.imports(sample[0].path.partition("/")[0]).is_relative_to(copy.root):
                sys.exit("the tests would import the original instead of the copy")
            self._free.put(copy)
        root = copies[0].root
        files = (path.relative_to(root).as_posix() for path in sorted((root / "tests").rglob("test_*.py")))
        self._texts = {name: (root / name).read_text("utf-8") for name in files if name.startswith(PARTS)}
        everything = dict.fromkeys(self._texts, 0.0)
        wanted = {test for one in sample for test in concerned(one.path, self._texts, everything)}
        self._times = _as_they_are(copies, sorted(wanted))

    def survives(self, mutant: Mutant) -> bool:
        """Whether no test finds a fault."""
        files = self._times.files
        tests = within(self._bound, concerned(mutant.path, self._texts, files), files)
        limit = 2 * SPARE + 4 * sum(files[test] for test in tests)
        each = ("-o", f"faulthandler_timeout={SPARE + 2 * self._times.longest}")
        copy = self._free.get()
        original = (copy.root / mutant.path).read_text("utf-8")
        copy.write(mutant.path, mutated(original, mutant.mutation))
        try:
            return not tests or copy.run(tests, limit, "-x", *each).passed
        finally:
            copy.write(mutant.path, original)
            self._free.put(copy)


def _as_they_are(copies: Sequence[Copy], tests: Sequence[str]) -> Times:
    """What the tests need without a fault, shared out among the copies."""
    used = copies[: len(tests)]
    reports = [copy.root / "report.xml" for copy in used]

    def part(number: int) -> Trial:
        return used[number].run(tests[number :: len(used)], None, f"--junitxml={reports[number]}")

    with ThreadPoolExecutor(len(copies)) as pool:
        trials = list(pool.map(part, range(len(used))))
    times = times_of(report for report in reports if report.exists())
    if times.broken:
        print("left out, for they fail without any fault:", *times.broken, flush=True)
    if tests and not times.files:
        sys.exit(f"without any fault the tests fail:\n{trials[0].said[-4000:]}")
    return times


def judge(bench: Bench, sample: Sequence[Mutant], jobs: int, until: float) -> Iterator[tuple[Mutant, bool | None]]:
    """Each fault with whether it survives; None: it was not tried before ``until`` (monotonic seconds)."""

    def one(mutant: Mutant) -> bool | None:
        return bench.survives(mutant) if time.monotonic() < until else None

    with ThreadPoolExecutor(jobs) as pool:
        yield from zip(sample, pool.map(one, sample), strict=True)


def run(root: Path, sample: Sequence[Mutant], jobs: int, minutes: float, bound: float = BOUND) -> Score:
    """Try a sample of a tree's faults, and tell each survivor as it is known."""
    until, score = time.monotonic() + 60 * minutes, Score()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies = [Copy.of(root, Path(folder) / str(number)) for number in range(jobs)]
        for mutant, survives in judge(Bench(copies, sample, bound), sample, jobs, until):
            if survives is None:
                score.untried += 1
            elif survives:
                score.survivors.append(mutant)
                print(mutant, flush=True)
            else:
                score.found += 1
    return score


def main() -> None:
    """Draw, try, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=COUNT, help="how many faults")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws another sample")
    parser.add_argument("--files", nargs="*", default=(), metavar="GLOB", help="of modules matching one of these only")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="after which no other fault is tried")
    parser.add_argument("--jobs", type=int, default=JOBS, help="how many at a time")
    parser.add_argument("--bound", type=float, default=BOUND, help="seconds' worth of tests a fault, the nearest first")
    parser.add_argument("--list", action="store_true", help="only say which faults would be tried")
    asked = parser.parse_args()
    sample = draw(ROOT, asked.files, asked.count, asked.seed)
    if asked.list:
        print(*sample, sep="\n")
        return
    score = run(ROOT, sample, asked.jobs, asked.minutes, asked.bound)
    print(f"seed {asked.seed}, {len(sample)} drawn; {score}")


if __name__ == "__main__":
    main()
