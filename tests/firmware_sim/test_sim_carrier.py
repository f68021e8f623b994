"""The stand-in for a carrier as a command of its own."""

import signal
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

from programs import SIMULATOR, begun

from firmware_sim.carrier.population import FIRST_NUMBER, population
from firmware_sim.clock_file import ClockFile
from protocols.mlp import FAMILY
from protocols.mlp.dialect import DIALECTS
from protocols.mlp.request import Client, Wish, locate

PROGRAM = Path(sys.executable).parent / "bracelet-sim"


def ask(url, *numbers, password="secret"):  # noqa: S107 - the stand-in's
    body = locate([str(one) for one in numbers], Client("county", password), Wish(), DIALECTS["le"])
    with urllib.request.urlopen(urllib.request.Request(url, body), timeout=120) as answer:  # noqa: S310 - loopback
        (account,) = FAMILY.describe([answer.read()], "wgs84-opening")
    return account


def test_the_command_answers_whom_it_knows_and_ends_when_asked():
    line = [SIMULATOR, "carrier", "--port", 0, "--phones", 20, "--anchor", time.time()]
    with begun(line, subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().strip()
            known = ask(url, *range(FIRST_NUMBER, FIRST_NUMBER + 20))
            stranger = ask(url, FIRST_NUMBER + 20)
            refused = ask(url, FIRST_NUMBER, password="wrong")  # noqa: S106 - made up
        finally:
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=120)
    assert len(known["reports"]) == 20
    assert all(abs(report["latitude"] - 24.33) < 0.1 for report in known["reports"] if report["located"])
    assert "unknown_subscriber" in stranger["error"]
    assert "unauthorised" in refused["error"]
    assert process.returncode == 0
    assert '"none": 2' in said


def answered(*options):
    """What the first twenty subscribers' answers say, and the moment they are asked."""
    line = [SIMULATOR, "carrier", "--port", 0, "--phones", 20, *options]
    with begun(line, subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().strip()
            return ask(url, *range(FIRST_NUMBER, FIRST_NUMBER + 20))["reports"], time.time()
        finally:
            process.terminate()
            process.communicate(timeout=120)


def moments(reports):
    return [datetime.fromisoformat(report["time"]).timestamp() for report in reports]


def test_answers_are_dated_by_the_machine_unless_told_otherwise():
    reports, now = answered()
    assert len(reports) == 20
    assert all(abs(moment - now) < 300.0 for moment in moments(reports))


def test_answers_are_dated_by_the_runs_clock(tmp_path):
    elsewhen = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC).timestamp()
    ClockFile(tmp_path / "clock", 60.0).show(elsewhen, over=False)
    reports, _ = answered("--clock-file", str(tmp_path / "clock"))
    assert set(moments(reports)) == {elsewhen}


def test_answers_are_dated_by_an_epoch_that_is_shared():
    reports, _ = answered("--epoch", "2026-11-02T00:00+08:00", "--anchor", str(time.time()))
    began = datetime(2026, 11, 1, 16, tzinfo=UTC).timestamp()
    assert all(began <= moment < began + 300.0 for moment in moments(reports))


def test_a_clock_that_is_not_there_is_said(tmp_path):
    done = subprocess.run(
        [str(PROGRAM), "carrier", "--port", "0", "--clock-file", str(tmp_path / "none")],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "no clock that could be followed" in done.stderr


def test_the_same_seed_gives_the_same_town():
    assert population(30, (24.0, 109.0), 0.0, 7) == population(30, (24.0, 109.0), 0.0, 7)
    assert population(30, (24.0, 109.0), 0.0, 7) != population(30, (24.0, 109.0), 0.0, 8)
