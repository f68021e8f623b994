"""make endurance: a county's daemon through half a year of virtual time, and whether anything of it grows.

Exit code 1: something is not flat.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import structlog

from gateway.daemon.logs import configure_logs
from tools.endurance.judged import judged, table
from tools.endurance.plots import draw
from tools.endurance.trial import Size, Trial

BEGINS, ENDS = "<!-- make endurance: begin -->\n", "<!-- make endurance: end -->\n"


def put(text: str, page: Path) -> None:
    """Between the marks of a page."""
    before, _, rest = page.read_text("utf-8").partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    page.write_text(f"{before}{BEGINS}{text}\n{ENDS}{after}", "utf-8")


def _shown(picture: Path, page: Path) -> str:
    """A picture, as a page shows it."""
    where = os.path.relpath(picture, page.parent)
    return f"![{picture.stem.removeprefix('endurance-')}, by virtual day]({where})"


def told(size: Size, trial: Trial, seconds: float) -> str:
    """What stands above the table."""
    done = ", ".join(f"{value:,.0f} {name}" for name, value in trial.done.items())
    return (
        f"`make endurance`, {datetime.now(UTC):%Y-%m-%d}: {size.days} virtual days, {size.devices} bracelets, places kept"
        f" for {size.keep} days, alarms and looks for {size.alarms}; {done}; {seconds:,.0f} s of a processor."
    )


def main() -> int:
    """Run, judge, draw and write what is asked for."""
    usual = Size()
    options = argparse.ArgumentParser(prog="make endurance", description=__doc__)
    for name in ("days", "devices", "keep", "alarms", "starts", "seed"):
        options.add_argument(f"--{name}", type=int, default=getattr(usual, name))
    options.add_argument("--figures", type=Path, help="write what was measured into this file, JSON, a day at a time")
    options.add_argument("--plots", type=Path, help="write pictures into this folder")
    options.add_argument("--page", type=Path, help="put the table into this page, between its marks")
    wanted = options.parse_args()
    size = Size(wanted.days, wanted.devices, wanted.keep, wanted.alarms, wanted.starts, wanted.seed)
    configure_logs()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    # By another process, as an installation does: a compiler's memory would be in the figures.
    subprocess.run([sys.executable, "-m", "gateway.daemon.compile_all"], check=True)
    with tempfile.TemporaryDirectory(prefix="endurance-") as work:
        trial = Trial(size, Path(work))

        def each_day(day: int) -> None:
            print(f"\rday {day + 1} of {size.days}", end="", file=sys.stderr, flush=True)
            if wanted.figures:
                wanted.figures.write_text(json.dumps(trial.daily), "utf-8")

        trial.each_day = each_day
        trial.run()
    verdicts = judged(trial.daily)
    text = f"{told(size, trial, time.process_time())}\n\n{table(verdicts)}"
    print(f"\n{text}")
    pictures = draw(trial.daily, wanted.plots) if wanted.plots else []
    if wanted.page:
        put("\n\n".join([text, *(_shown(path, wanted.page) for path in pictures)]), wanted.page)
    return 0 if all(one.is_flat for one in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
