"""The track against the truth: errors, coverage, hours of not knowing."""

import numpy as np
import pytest
from scored_files import EPOCH, HOUR, corner, iso, scored, write_track

from firmware_sim.score.distance import metres

METRES_NORTH = 110_763.0
WAY = [
    corner("B0001", 0.0, 24.0, 109.0, "street"),
    corner("B0001", 1000.0, 24.01, 109.0, "indoor"),
    corner("B0001", 2000.0, 24.01, 109.0, "indoor"),
    corner("B0002", 500.0, 25.0, 110.0, "street"),
    corner("B0002", 2500.0, 25.0, 110.02, "street"),
]


def track_of(folder, rows):
    return scored(folder, WAY, track=write_track(folder / "track.csv", rows)).track


def test_the_true_way_is_straight_between_corners(tmp_path):
    rows = [("B0001", 500, 24.005, 109.0, 1, 1, "well"), ("B0002", 1500, 25.0, 110.01, 1, 1, "well")]
    track = track_of(tmp_path, rows)
    assert track.all_scenes.rows == track.scenes["street"].rows == 2
    assert track.all_scenes.p95_m < 0.01
    assert (track.scenes["street"].covered67, track.scenes["indoor"].covered67) == (1.0, None)


def test_errors_and_coverage_by_scene(tmp_path):
    step = 1.0 / METRES_NORTH
    rows = [("B0001", 1000 + n, 24.01 + n * step, 109.0, 49.5, 89.5, "well") for n in range(100)]
    scene = track_of(tmp_path, rows).scenes["indoor"]
    assert scene.rows == 100
    assert (scene.p50_m, scene.p67_m, scene.p95_m) == pytest.approx((49.5, 66.3, 94.05), rel=1e-3)
    assert (scene.covered67, scene.covered95) == (0.5, 0.9)


def test_normal_errors_are_covered_as_their_radii_say(tmp_path):
    random = np.random.default_rng(1)
    error = random.normal(0.0, 10.0, (20_000, 2)) / (METRES_NORTH, 101_750.0)
    rows = [
        ("B0001", 1000 + n % 1000, 24.01 + north, 109.0 + east, 14.823, 24.477, "well")
        for n, (north, east) in enumerate(error)
    ]
    scene = track_of(tmp_path, rows).scenes["indoor"]
    assert scene.covered67 == pytest.approx(2 / 3, abs=0.01)
    assert scene.covered95 == pytest.approx(0.95, abs=0.005)
    assert scene.p95_m == pytest.approx(24.477, rel=0.02)


@pytest.mark.parametrize(
    ("device", "time"), [("B0009", 0), ("B0009", 600), ("B0002", 499), ("B0002", 2501), ("B0001", 2001)]
)
def test_rows_without_a_true_place_are_counted(tmp_path, device, time):
    track = track_of(tmp_path, [(device, time, 25.0, 110.0, 1, 1, "well")])
    assert (track.rows, track.unmatched, track.all_scenes.rows) == (1, 1, 0)


def test_the_last_corner_belongs_to_the_way(tmp_path):
    track = track_of(tmp_path, [("B0002", 2500, 25.0, 110.02, 1, 1, "well")])
    assert (track.unmatched, track.all_scenes.covered67) == (0, 1.0)


def test_unknown_lasts_until_the_next_row_of_the_device_and_half_an_hour_at_most(tmp_path):
    rows = [
        ("B0001", 0, 24.0, 109.0, 1, 1, "unknown"),
        ("B0002", 2000, 24.0, 109.0, 1, 1, "unknown"),
        ("B0001", 900, 24.0, 109.0, 1, 1, "unknown"),
        ("B0002", 9000, 24.0, 109.0, 1, 1, "unknown"),
        ("B0001", 600, 24.0, 109.0, 1, 1, "unknown"),
    ]
    assert track_of(tmp_path, rows).unknown_hours * HOUR == pytest.approx(900.0 + 1800.0)


def test_without_a_track_nothing_is_said_of_it(tmp_path):
    assert scored(tmp_path, WAY).track is None


def test_times_may_be_epoch_seconds_or_have_an_offset(tmp_path):
    path = write_track(tmp_path / "track.csv", [("B0001", 500, 24.005, 109.0, 1, 1, "well")] * 3)
    written, plain = iso(EPOCH + 500), str(EPOCH + 500)
    path.write_text(path.read_text("utf-8").replace(written, plain, 1).replace("Z", "+00:00", 1), encoding="utf-8")
    track = scored(tmp_path, WAY, track=path).track
    assert track.all_scenes.rows == 3
    assert track.all_scenes.p95_m < 0.01


def test_a_degree_is_as_long_as_on_the_ellipsoid():
    """Meridian and parallel arcs at 24 degrees north (WGS-84), as geodesic software gives them."""
    assert metres((24.0, 109.0), (24.001, 109.0)) == pytest.approx(110.758, abs=0.01)
    assert metres((24.0, 109.0), (24.0, 109.001)) == pytest.approx(101.752, abs=0.01)
