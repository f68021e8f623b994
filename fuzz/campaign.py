"""``make fuzz``: every family, or those named, for so many inputs; what was found new is saved small.

python -m fuzz.campaign [--runs N | --seconds N] [--save] [family ...]
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fuzz.minimise import minimised
from fuzz.seeds import CORPUS, seeds_of, write
from fuzz.targets import NAMES, target_of

if TYPE_CHECKING:
    from collections.abc import Sequence

WORK = Path("build") / "fuzz"
LONGEST = 512
"""Bytes of an input: over any frame's usual length, and a place of libFuzzer's own choosing for more."""


def is_here() -> bool:
    """Whether the fuzzer's engine is installed; it is not built for every machine."""
    return importlib.util.find_spec("atheris") is not None


def fuzz(family: str, limit: Sequence[str], work: Path = WORK) -> subprocess.CompletedProcess[str]:
    """Run one family in a process of its own; its working corpus grows in ``work``.

    Args:
        family: one of :data:`fuzz.targets.NAMES`.
        limit: libFuzzer's ``-runs=N`` or ``-max_total_time=SECONDS``.
        work: a folder; findings are left there as ``<family>-crash-...``.
    """
    folder = work / family
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, [*seeds_of(family), *saved(family)])
    options = [f"-max_len={LONGEST}", "-timeout=20", "-rss_limit_mb=4096", "-reload=0"]
    places = [f"-artifact_prefix={work}/{family}-", str(folder)]
    command = [sys.executable, "-m", "fuzz.run", family, *limit, *options, *places]
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603  # our own program


def saved(family: str) -> list[bytes]:
    """The corpus that stands in the repository."""
    return [path.read_bytes() for path in sorted((CORPUS / family).glob("*"))]


def save(family: str, work: Path = WORK) -> int:
    """Replace the repository's corpus by a small one with the same reach; returns how many inputs it has."""
    inputs = [*saved(family), *(path.read_bytes() for path in (work / family).glob("*"))]
    chosen = minimised(target_of(family), inputs)
    for old in (CORPUS / family).glob("*"):
        old.unlink()
    write(CORPUS / family, chosen)
    return len(chosen)


def main() -> int:
    """Returns 0; 1 where something was found, or the engine is missing."""
    reader = argparse.ArgumentParser(description="Fuzz wire formats.")
    reader.add_argument("families", nargs="*", choices=[[], *NAMES], metavar="family")
    reader.add_argument("--runs", type=int, default=0)
    reader.add_argument("--seconds", type=int, default=0)
    reader.add_argument("--save", action="store_true", help="save what was found new in fuzz/corpus")
    given = reader.parse_args()
    if not is_here():
        sys.stderr.write("NOT FUZZED: atheris is missing; pip install -r requirements/fuzz.txt\n")
        return 1
    limit = [f"-max_total_time={given.seconds}"] if given.seconds else [f"-runs={given.runs or 10_000_000}"]
    found = 0
    for family in given.families or NAMES:
        done = fuzz(family, limit)
        verdict = re.findall(r"^Done .*$", done.stderr, re.MULTILINE)
        sys.stdout.write(f"{family}: {verdict[-1] if verdict else done.stderr[-3000:]}\n")
        found += done.returncode != 0
        if given.save and not done.returncode:
            sys.stdout.write(f"{family}: {save(family)} inputs saved\n")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
