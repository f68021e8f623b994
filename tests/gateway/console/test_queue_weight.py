"""What the queue's page weighs on a county's line, and the sound that comes with it."""

from __future__ import annotations

import gzip
import io
import re
import runpy
import wave
from pathlib import Path

import pytest
from made_episodes import FACTS, KNOWN, episode
from opened_desk import desk_of, stored, visit, written
from timeline import at

from gateway.console.app import FILES

NOW = at(0, 22.8)
MOST = 200_000
"""Bytes, compressed."""
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def desk(tmp_path):
    opened = desk_of(written(tmp_path / "county"), NOW)
    facts = FACTS | {"verify_by": NOW + 600}
    alarms = [
        episode(
            "curfew_late", id=f"{each:032x}", **KNOWN | {"person": f"P{each:04}", "office": "SFS-01", "facts": facts}
        )
        for each in range(1, 101)
    ]
    stored(opened, alarms)
    return opened


def test_the_queue_with_a_hundred_alarms_and_all_it_loads_is_light(desk):
    page = visit(desk, "/").text
    assert page.count('class="row ') == 100
    loaded = sorted(set(re.findall(r'(?:src|href)="/static/([^"]+)"', page)))
    assert {"desk.js", "queue.js", "queue.css"} <= set(loaded)
    weight = len(gzip.compress(page.encode())) + sum(len(gzip.compress((FILES / name).read_bytes())) for name in loaded)
    assert weight <= MOST
    assert not [name for name in loaded if "leaflet" in name or "uplot" in name]


def test_maps_are_loaded_where_there_is_one(desk):
    assert "leaflet" in visit(desk, f"/alarm/{1:032x}").text
    assert "leaflet" not in visit(desk, f"/alarm/{1:032x}", "A01").text


def test_the_sound_is_the_one_that_its_tool_makes_short_and_not_loud_for_long():
    made = runpy.run_path(str(ROOT / "tools" / "make_alarm_sound.py"))["sound"]()
    assert (FILES / "alarm.wav").read_bytes() == made, "run tools/make_alarm_sound.py"
    with wave.open(io.BytesIO(made)) as file:
        samples = file.readframes(file.getnframes())
        assert 0.5 < file.getnframes() / file.getframerate() < 2.0
    assert max(samples) - min(samples) > 100
    assert {samples[0], samples[-1]} == {128}


def test_pages_and_scripts_are_sent_compressed_and_events_are_not(desk):
    for path in ("/", "/static/queue.js", "/static/vendor/htmx-2.0.11.min.js"):
        answer = visit(desk, path)
        assert answer.headers["content-encoding"] == "gzip", path
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.num_bytes_downloaded < len(answer.content) / 2
    assert "content-encoding" not in visit(desk, "/static/icon.svg").headers
