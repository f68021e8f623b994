"""The long trial, briefly: what is judged, what is drawn, and that a planted leak is found in a real run."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from tools.endurance import __main__ as endurance
from tools.endurance.judged import BOUNDS, judged, table
from tools.endurance.plots import draw

ROOT = Path(__file__).parents[2]
LEAKING = """
import json, sys
from pathlib import Path
from tools.endurance.judged import judged
from tools.endurance.trial import Size, Trial

if __name__ == "__main__":
    kept = []
    def leak(day):
        kept.extend(object() for _ in range(50_000))
        kept.extend(open("/dev/null") for _ in range(5))
    trial = Trial(Size(days=3, devices=2, keep=1, alarms=8, starts=0), Path(sys.argv[1]), each_day=leak)
    trial.run()
    print(json.dumps([trial.daily, trial.done]))
"""


def growing(daily) -> list[str]:
    return [one.name for one in judged(daily) if not one.is_flat]


def test_what_has_filled_up_in_the_first_third_is_flat_and_what_goes_on_is_not():
    filling = [min(day, 60) * 1.0 for day in range(180)]
    assert growing({"journal": filling, "rows of event": [100.0 * value for value in filling]}) == []
    slowly = [100.0 + 0.1 * day for day in range(180)]
    assert growing({"memory": slowly, "descriptors": slowly, "rows of command": slowly}) == ["memory", "descriptors"]
    assert growing({"rows of command": [10.0 * day for day in range(180)]}) == ["rows of command"]
    assert growing({"descriptors": [40.0 + day // 30 for day in range(180)]}) == []  # two more: within what varies
    assert "GROWS" in table(judged({"memory": slowly}))


def test_starts_are_judged_by_the_days_on_which_one_was_made():
    each = [float(day) / 10.0 if day % 15 == 14 else math.nan for day in range(180)]
    assert growing({"start": each, "start, wall": each}) == ["start"]
    with pytest.raises(ValueError, match="nothing was measured"):
        judged({"start": [math.nan] * 180})


def test_four_pictures_are_drawn_and_the_same_each_time(tmp_path):
    daily = {name: [1.0 + day % 3 for day in range(30)] for name in BOUNDS} | {"rows of event": [5.0] * 30}
    daily["start"] = [2.0 if day % 10 == 9 else math.nan for day in range(30)]
    one, other = (draw(daily, tmp_path / name) for name in ("one", "other"))
    assert sorted(path.stem for path in one) == [
        "endurance-files", "endurance-process", "endurance-start", "endurance-tables",
    ]  # fmt: skip
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


def test_the_table_stands_between_the_marks_of_a_page(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{endurance.BEGINS}old\n{endurance.ENDS}after\n", "utf-8")
    endurance.put("new", page)
    assert page.read_text("utf-8") == f"before\n{endurance.BEGINS}new\n{endurance.ENDS}after\n"


@pytest.mark.torture
def test_a_whole_daemon_lives_through_days_in_seconds_and_what_is_planted_in_it_is_found(tmp_path):
    script = tmp_path / "leaking.py"
    script.write_text(LEAKING, "utf-8")
    work = tmp_path / "work"
    work.mkdir()
    done = subprocess.run(
        [sys.executable, str(script), str(work)], cwd=ROOT, env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    daily, counted = json.loads(done.stdout.splitlines()[-1])
    assert {"blocks", "descriptors"} <= set(growing(daily))
    assert not set(growing(daily)) & {"configurations", "other files", "rows of command"}
    assert (counted["leaves granted"], counted["orders given"]) == (3, 3)
    assert counted["entries"] > 3 * 2 * 90  # a report a quarter of an hour, of both
    assert counted["messages taken by the platform"] > 3 * 24
    assert "Traceback" not in done.stderr
