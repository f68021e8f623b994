"""The whole city under its own kills: nothing missing, doubled or out of order, by whomever it was told."""

from __future__ import annotations

import re

import pytest
from programs import GATEWAY, ran

SECONDS, BRACELETS = 420, 90
KINDS = (r"w\d", r"n\d", r"w\d n\d", r"leaf-\d+", r"forward-\d+", r"gateway-\d+", r"leaf-\S+ forward-\S+ gateway-\S+")


@pytest.mark.torture
def test_a_city_whose_processes_are_killed_loses_doubles_and_disorders_nothing(capsys):
    line = [GATEWAY, "demo-city", "--seconds", SECONDS, "--bracelets", BRACELETS, "--speed", "20", "--chaos"]
    done = ran([*line, "--lang", "en"], timeout=SECONDS + 600.0)
    with capsys.disabled():
        print(done.stdout)  # noqa: T201  the figures are what it is run for
    assert done.returncode == 0, done.stdout + done.stderr
    for kind in KINDS:
        assert re.search(rf"killed by the demo \(kill -9\): {kind}$", done.stdout, re.MULTILINE), kind
