"""The stand-in for a carrier as a command of its own."""

import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from firmware_sim.carrier.population import FIRST_NUMBER, population
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
    arguments = [str(PROGRAM), "carrier", "--port", "0", "--phones", "20", "--anchor", str(time.time())]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
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


def test_the_same_seed_gives_the_same_town():
    assert population(30, (24.0, 109.0), 0.0, 7) == population(30, (24.0, 109.0), 0.0, 7)
    assert population(30, (24.0, 109.0), 0.0, 7) != population(30, (24.0, 109.0), 0.0, 8)
