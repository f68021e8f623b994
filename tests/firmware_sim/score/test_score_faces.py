"""Table, JSON and page of a score, with baselines beside the gateway."""

import json

import pytest
from rich.console import Console
from scored_files import HOUR, alarm, breach, corner, event, scored, write, write_track

from firmware_sim.score import as_html, as_json, as_table
from tools.score_plots import PLOTS, draw

TRUTH = [
    breach(HOUR, 2 * HOUR),
    breach(50 * HOUR, 51 * HOUR, depth_m=700.0, usable_s=0.0),
    event("strap_cut", 9 * HOUR, None),
    corner("B0001", 0.0, 24.0, 109.0, "street"),
    corner("B0001", 5000.0, 24.01, 109.0, "street"),
]
NOISE = [alarm(f"n{n}", 100 * HOUR + n * HOUR, kind="inclusion_exit", zone="<county>") for n in range(40)]


@pytest.fixture
def small(tmp_path):
    write(tmp_path / "raw.jsonl", [message for one in NOISE for message in one])
    track = write_track(tmp_path / "track.csv", [("B0001", 100, 24.0, 109.0, 30, 60, "unknown")] * 3)
    told = alarm("a", HOUR + 90, 2 * HOUR, probability=0.995), alarm("s", 9 * HOUR + 3, kind="strap_cut")
    baselines = {"raw": "raw.jsonl", "stated": "stated.jsonl"}
    return scored(tmp_path, TRUTH, *told, track=track, baselines=baselines, why="because <it> is")


def test_baselines_are_scored_in_the_same_way(small):
    assert [column.name for column in small.columns] == ["gateway", "raw"]
    first, raw = small.columns
    assert (first.zones.false, raw.zones.false) == (0, 40)
    assert raw.breaches.counted.missed == 2
    assert raw.false_zones_by_kind["inclusion_exit"].per_device_month == 20.0
    assert list(small.absent) == ["stated"]


def test_the_table_says_what_was_found(small):
    console = Console(width=160)
    with console.capture() as capture:
        console.print(as_table(small))
    text = capture.get()
    for words in ("gateway", "raw", "1 of 2", "500 m and more, little signal", "1:30 / 1:30 / 1:30"):
        assert words in text
    assert "stated" in text
    assert "is not there" in text


def test_json_has_the_names_of_the_figures(small):
    whole = json.loads(as_json(small))
    assert list(whole) == [
        "scenario", "why", "seed", "devices", "days", "device_months", "columns", "absent", "track",
    ]  # fmt: skip
    column = whole["columns"][0]
    assert column["breaches"]["counted"] == {"happened": 2, "found": 1, "missed": 1, "spanned": 0}
    assert column["strap"]["false_rate"] == 0.0
    assert column["zones"]["reasons"] == {"retracted": 0, "unfounded": 0, "excused": 0, "double": 0}
    assert whole["track"]["scenes"]["street"]["rows"] == 3


def test_the_page_is_self_contained(small):
    page = as_html(small)
    assert "prefers-color-scheme:dark" in page
    assert "because &lt;it&gt; is" in page
    for foreign in ("<script", "http", "<link", "src=", "url(", "@import"):
        assert foreign not in page


def test_the_page_has_each_column_and_its_figures(small):
    page = as_html(small)
    for words in (
        "<th>gateway</th>",
        "<th>raw</th>",
        "1 of 2",
        "inclusion_exit",
        "Track by scene",
        "stated.jsonl is not there",
    ):
        assert words in page
    assert page.count("<table>") == page.count("</table>") > 3


def test_plots_are_drawn_of_the_json(small, tmp_path):
    assert len(draw(json.loads(as_json(small)), tmp_path / "plots")) == len(PLOTS)


def test_nothing_at_all_can_be_shown(tmp_path):
    empty = scored(tmp_path, [])
    assert len(draw(json.loads(as_json(empty)), tmp_path / "plots")) == len(PLOTS)
    assert "<table>" in as_html(empty)
    assert json.loads(as_json(empty))["track"] is None
    assert as_table(empty).renderables
