"""make accuracy: its figures on made-up errors, its filters on made-up tracks, and the page it writes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fencing.plane import LocalPlane
from tools.accuracy import __main__ as command
from tools.accuracy import gnss
from tools.accuracy.figures import cells, interval, row, table
from tools.accuracy.plots import draw
from tools.accuracy.sets import datum, folders, rows_of

PLANE = LocalPlane(30.0, 120.0)
RNG = np.random.default_rng(5)


def ride(seconds=120, sigma=5.0, seed=1):
    """A straight ride of 8 m/s with independent errors of the stated size."""
    rng, time = np.random.default_rng(seed), np.arange(float(seconds))
    east, north = 8.0 * time, np.zeros(seconds)
    off = rng.normal(0.0, sigma, (2, seconds))
    return gnss.Track(
        PLANE, time, east + off[0], north + off[1], np.full(seconds, sigma), np.full(seconds, 8.0), east, north
    )


def test_a_row_says_percentiles_coverage_and_what_was_not_placed():
    error = np.arange(1.0, 101.0)
    one = row("set", "ours", error, np.arange(100) // 10, (np.full(100, 67.0), np.full(100, 95.0)), 3)
    assert one.percentile(50) == 50.5
    assert (one.covered("r67"), one.covered("r95")) == (0.67, 0.95)
    assert one.wide == pytest.approx(95.0 / 50.5)
    assert cells(one)[2] == "100 (3 not placed)"
    assert cells(one)[3].startswith("50.5 [")
    assert cells(row("set", "last fix", error, np.arange(100)))[-3:] == ("–", "–", "–")
    assert table([one]).count("\n") == 2


def test_an_interval_is_as_wide_as_there_are_few_blocks_and_the_same_each_time():
    values = np.repeat(RNG.normal(0.0, 1.0, 40), 25)
    few, many = (interval(values, block, np.mean) for block in (np.repeat(np.arange(40), 25), np.arange(1000)))
    assert few[1] - few[0] > 3.0 * (many[1] - many[0])
    assert few[0] < values.mean() < few[1]
    assert interval(values, np.arange(1000), np.mean) == many
    shuffled = RNG.permutation(1000)
    assert interval(values[shuffled], np.repeat(np.arange(40), 25)[shuffled], np.mean) == few


def test_a_thinning_begins_once_with_each_fix_of_its_first_stretch():
    time = np.arange(0.0, 60.0, 0.5)
    thinned = gnss.phases(time, 5.0)
    assert len(thinned) == 10
    assert sorted(np.concatenate(thinned).tolist()) == list(range(120))
    assert all((np.diff(time[rows]) == 5.0).all() for rows in thinned)
    assert gnss.phases(np.array([0.0, 7.0, 9.0, 20.0]), 5.0)[0].tolist() == [0, 1, 3]


def test_the_plain_filter_is_better_than_the_fix_where_errors_are_as_stated():
    track = ride()
    raw, filtered = gnss.last_fix(track), gnss.believing(track)
    assert np.median(filtered.error[20:]) < 0.8 * np.median(raw.error[20:])
    assert 0.55 < (raw.error <= raw.r67).mean() < 0.8
    assert (filtered.error <= filtered.r95).mean() > 0.85


def test_a_track_goes_through_the_program_and_comes_back_by_its_rows():
    tracks = [ride(40), replace(ride(40, seed=2), speed=np.full(40, np.nan)).rows(np.arange(3, 40, 4))]
    for track, placed in zip(tracks, gnss.ours(tracks), strict=True):
        assert placed.row.tolist() == list(range(len(track.time)))
        assert np.median(placed.error) < 15.0
        assert (placed.r67 < placed.r95).all()


def test_what_is_drawn_of_the_same_rows_is_the_same(tmp_path):
    rows = [row("cells_doha", way, RNG.exponential(100.0, 50), np.arange(50), (np.full(50, 90.0), np.full(50, 250.0)))
            for way in ("ours", "median of heard")]  # fmt: skip
    one, other = (draw(rows, tmp_path / name) for name in ("one", "other"))
    assert [path.name for path in one] == ["errors.png", "coverage.png"]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in one)


def test_sets_that_are_not_there_are_named(tmp_path):
    text, rows = command.measured(tmp_path)
    assert rows == []
    for name in ("cells_ottawa", "cells_doha", "gnss_smartloc", "datum"):
        assert f"NOT MEASURED: {tmp_path / name} is absent" in text


@pytest.mark.torture
def test_further_tracks_are_taken_as_they_are_there(tmp_path):
    (tmp_path / "gnss_other").mkdir()
    assert [path.name for path in folders(tmp_path)[0]] == ["gnss_other"]
    head = "t_s,lat,lon,sigma_h_m,true_lat,true_lon\n"
    fixes = "".join(f"{t},{30.0 + t * 1e-5},{120.0},4.0,{30.0 + t * 1e-5},{120.00003}\n" for t in range(70))
    (tmp_path / "gnss_other/a.csv").write_text(head + fixes, "utf-8")
    rows = list(rows_of(tmp_path / "gnss_other"))
    assert {one.way for one in rows} == {"last fix", "Kalman, believes sigma", "ours"}
    assert {one.name for one in rows} == {f"gnss_other {every} s" for every in (1, 2, 5, 10, 20, 30, 60)}
    assert all(one.percentile(95) < 10.0 for one in rows)


def test_each_file_of_constants_has_its_digest():
    names = [line.split("`")[1] for line in command.digests()]
    assert "gateway/fusion/scan/constants.py" in names
    assert "gateway/fusion/sigma.py" in names
    assert all(len(line.split()[-1]) == 16 for line in command.digests())


def test_the_table_is_put_between_the_marks_of_a_page_and_nowhere_else(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{command.BEGINS}old\n{command.ENDS}after\n", "utf-8")
    for text in ("new", "newer"):
        command.put(text, page)
        assert page.read_text("utf-8") == f"before\n{command.BEGINS}{text}\n{command.ENDS}after\n"
    assert command.BEGINS in (command.ROOT / "docs/accuracy.md").read_text("utf-8")


def test_pairs_of_datums_are_counted(tmp_path):
    head = "source,from,to,lat,lon,expect_lat,expect_lon,tol_deg\n"
    good = "a,wgs84,gcj02,39.911954,116.377817,39.91334545536069,116.38404722455657,1e-9\n"
    (tmp_path / "pairs.csv").write_text(head + good + good.replace("39.9133454", "39.9134454"), "utf-8")
    assert "1 of 2 pairs" in datum(tmp_path)
    assert datum(tmp_path).endswith("the others are off by 11.13 m")
