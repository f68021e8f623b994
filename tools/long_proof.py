"""make california: a scenario on many seeds, one after the other; what they come to together, as a table.

Each seed is recorded, replayed and scored by the programs that anybody calls, at low priority, and its score is kept in
the folder: what was done is not done again. A page has the table between its marks.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tools.pooled import Pool, table

BEGINS, ENDS = "<!-- make california: begin -->\n", "<!-- make california: end -->\n"
PROGRAMS = Path(sys.executable).parent


def prove(folder: Path, scenario: str, seed: int, size: tuple[int, int]) -> Path:
    """Record, replay and score a seed, unless its score is there; returns the score's file. The capture is not kept.

    Raises:
        subprocess.CalledProcessError: a program failed.
    """
    devices, days = size
    score, work = folder / f"{scenario}-{seed}-{devices}x{days}.json", folder / f"{scenario}-{seed}"
    if score.exists():
        return score
    alarms, notices = work / "alarms.jsonl", work / "notices.jsonl"
    simulator, gateway = PROGRAMS / "bracelet-sim", PROGRAMS / "bracelet-gateway"
    _run(simulator, "run", "--scenario", scenario, "--seed", seed, "--devices", devices, "--days", days, "--out", work)
    _run(
        gateway, "replay", "--config", work / "county", "--frames", work / "frames", "--alarms", alarms,
        "--notices", notices,
    )  # fmt: skip
    written = score.with_suffix(".unfinished")
    _run(
        simulator, "score", "--truth", work / "truth.jsonl", "--alarms", alarms, "--notices", notices, "--json", written
    )
    shutil.rmtree(work)
    written.replace(score)
    return score


def _run(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def put(text: str, page: Path) -> None:
    """Between the marks of a page."""
    before, _, rest = page.read_text("utf-8").partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    page.write_text(f"{before}{BEGINS}{text}\n{ENDS}{after}", "utf-8")


def main() -> int:
    """Prove what is asked for, seed by seed, and print what it comes to after each."""
    parser = argparse.ArgumentParser(prog="make california", description=__doc__)
    parser.add_argument("--scenario", default="california")
    parser.add_argument("--seeds", default="41-49", help="first-last, or one")
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--folder", type=Path, default=Path("build/proof"), help="where scores are kept")
    parser.add_argument("--page", type=Path, help="put the table into this page, between its marks")
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    os.nice(10)
    first, _, last = wanted.seeds.partition("-")
    pool, text = Pool(), ""
    for seed in range(int(first), int(last or first) + 1):
        score = prove(wanted.folder, wanted.scenario, seed, (wanted.devices, wanted.days))
        pool.add(json.loads(score.read_text("utf-8")))
        text = f"`make california`, {datetime.now(UTC):%Y-%m-%d}: {table(pool)}"
        print(text, flush=True)
    if wanted.page:
        put(text, wanted.page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
