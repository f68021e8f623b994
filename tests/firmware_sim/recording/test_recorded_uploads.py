"""When stored reports come in a capture: the memory, the order of the upload, and what waits behind it."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from recorded_scenarios import sent, told
from typer.testing import CliRunner

from firmware_sim.cli import app
from firmware_sim.firmware.uploads import POLICIES, Upload
from firmware_sim.recording.live import story_of
from firmware_sim.recording.moments import inside
from firmware_sim.recording.run import tell
from firmware_sim.recording.stored import BACKLOG_PACE, Uploads
from firmware_sim.scenario.model import Firmware
from firmware_sim.scenario.reading import SHIPPED
from firmware_sim.schedule import Span
from firmware_sim.story import EPOCH

DARK = Span(300.0, 1230.0)
BACK = 1250.0
"""Twenty seconds after it; a report a minute: 5 to 20 are stored."""


def minutes(upload, *spans, memory=5000, count=40, seed=1):
    """When each of so many reports comes, one a minute from 0, a second after it was made; lost ones as NaN."""
    made = 60.0 * np.arange(count)
    uploads = Uploads(made, made + 1.0, memory, 20.0, POLICIES[upload], np.random.default_rng(seed))
    uploads.go_through(spans or (DARK,))
    return np.where(uploads.lost, np.nan, np.fmax(made + 1.0, uploads.earliest))


def order(comes):
    """Numbers of the reports that come, in the order in which they do."""
    rows = np.argsort(comes, kind="stable")
    return rows[~np.isnan(comes[rows])].tolist()


BEFORE, STORED, AFTER = list(range(5)), list(range(5, 21)), list(range(21, 40))


def test_the_backlog_goes_first_and_oldest_first():
    comes = minutes("backlog_first")
    assert order(comes) == list(range(40))
    assert comes[5] == BACK
    assert np.diff(comes[5:21]) == pytest.approx(BACKLOG_PACE)
    assert comes[21] == 1261.0


def test_live_reports_go_first_and_the_backlog_after_the_first_of_them():
    comes = minutes("live_first")
    assert order(comes) == [*BEFORE, 21, *STORED, *AFTER[1:]]
    assert comes[21] == 1261.0
    assert comes[5] == 1261.0 + BACKLOG_PACE


def test_a_live_report_waits_behind_the_backlog_or_overtakes_it():
    """Four hundred stored reports take a hundred seconds."""
    span = Span(0.0, 400 * 60.0 - 30.0)
    first, live = (minutes(upload, span, count=405) for upload in ("backlog_first", "live_first"))
    assert order(first) == list(range(405))
    assert first[400] > first[399] > first[400] - 60.0
    assert first[400] - 400 * 60.0 > 60.0
    overtaken = order(live)
    assert overtaken[0] == 400
    assert overtaken.index(401) < overtaken.index(399)
    assert live[401] == 401 * 60.0 + 1.0


def test_the_newest_goes_first():
    assert order(minutes("newest_first")) == BEFORE + STORED[::-1] + AFTER


def test_a_shuffled_backlog_is_drawn():
    one, again, other = (order(minutes("shuffled", seed=seed)) for seed in (1, 1, 2))
    assert one == again != other
    assert (one[:5], sorted(one[5:21]), one[21:]) == (BEFORE, STORED, AFTER)
    assert 0 < sum(later < earlier for earlier, later in pairwise(one[5:21])) < len(STORED) - 1


@pytest.mark.parametrize("upload", Upload)
def test_a_small_memory_loses_the_same_oldest_under_each(upload):
    comes = minutes(upload, memory=10)
    assert np.flatnonzero(np.isnan(comes)).tolist() == list(range(5, 11))


@pytest.mark.parametrize("upload", Upload)
def test_what_is_made_before_the_bracelet_is_back_does_not_come_before_it_is(upload):
    comes = minutes(upload, Span(300.0, 1185.0))
    assert comes[20] >= 1205.0
    assert sorted(order(comes)) == list(range(40))


@pytest.mark.parametrize("upload", Upload)
def test_what_a_next_dark_stretch_cuts_off_comes_after_that(upload):
    """Three seconds of a link: twelve reports come; nothing comes while there is none."""
    second = Span(BACK + 3.0, 2000.0)
    comes = minutes(upload, second, DARK)
    assert sorted(order(comes)) == list(range(40))
    assert not ((comes >= second.start) & (comes < second.until)).any()
    assert not ((comes >= DARK.start + 1.0) & (comes < BACK)).any()
    between = int(((comes >= BACK) & (comes < second.start)).sum())
    assert between == (0 if upload is Upload.LIVE_FIRST else 12)


def test_stretches_that_overlap_or_touch_are_one():
    whole = minutes("backlog_first")
    pieces = minutes("backlog_first", Span(600.0, DARK.until), Span(DARK.start, 400.0), Span(350.0, 600.0))
    assert (whole == pieces).all()


def test_where_no_live_report_follows_the_backlog_comes_all_the_same():
    comes = minutes("live_first", Span(300.0, 9000.0))
    assert order(comes) == list(range(40))
    assert comes[5] == 9020.0


@pytest.mark.parametrize("name", [pytest.param("dead_cells", marks=pytest.mark.torture), "small_memory"])
def test_a_scenario_says_the_same_reports_under_each_policy_in_another_order(name):
    usual = sent(name, devices=5)
    key = np.lexsort((usual.serial, usual.measured.device))
    orders = set()
    for upload in Upload:
        one = sent(name, devices=5, upload=upload)
        mine = np.lexsort((one.serial, one.measured.device))
        for column in ("device", "moment", "x", "y", "bits", "battery", "cell", "wifi"):
            a, b = getattr(one.measured, column)[mine], getattr(usual.measured, column)[key]
            assert np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
        assert np.array_equal(one.serial[mine], usual.serial[key])
        assert np.array_equal(one.device_time[mine], usual.device_time[key])
        assert (np.diff(one.received) >= 0.0).all()
        orders.add(one.serial.tobytes())
    assert len(orders) == len(Upload)


def test_nothing_comes_while_there_is_no_link():
    """Without jitter and duplicates: what was sent before has come."""
    for upload in Upload:
        everything, scenario = (of("dead_cells", devices=4, upload=upload) for of in (sent, told))
        for number, each in enumerate(scenario.worn):
            mine = everything.measured.device == number
            dark = [Span(span.start + 2.0, span.until) for span in each.unlinked]
            assert not inside(everything.received[mine], dark).any()


def test_the_capture_holds_the_same_frames_and_the_option_stands_above_the_file(tmp_path):
    file = tmp_path / "mixed.yaml"
    file.write_text(
        "why: Two ways of uploading what a dead patch held back.\ndevices: 4\ndays: 1\n"
        "nuisances: {dead_cell: 90.0}\nfirmware: {memory: 40, uploads: {live_first: 1, newest_first: 1}}\n", "utf-8"
    )  # fmt: skip
    captures = {}
    for name, options in {"mixed": [], **{upload.value: ["--upload", upload.value] for upload in Upload}}.items():
        outcome = CliRunner().invoke(app, ["run", "--scenario", str(file), "--out", str(tmp_path / name), *options])
        assert outcome.exit_code == 0, outcome.output
        captures[name] = frames(tmp_path / name)
    counts = [Counter(capture) for capture in captures.values()]
    assert all(count == counts[0] for count in counts)
    assert len({tuple(capture) for capture in captures.values()}) == len(captures)


def frames(folder):
    found = []
    for path in sorted((folder / "frames").glob("*.npz")):
        with np.load(path) as day:
            found += np.split(day["octets"], np.cumsum(day["length"])[:-1])
    return [frame.tobytes() for frame in found]


def test_an_unknown_upload_is_refused(tmp_path):
    outcome = CliRunner().invoke(app, ["run", "--scenario", "quiet", "--out", str(tmp_path), "--upload", "at_noon"])
    assert outcome.exit_code == 2
    assert "backlog_first" in outcome.output


def test_shares_of_uploads_change_nothing_else_of_the_lives():
    usual = told("dead_cells")
    uploads = {Upload.SHUFFLED: 1.0, Upload.LIVE_FIRST: 1.0}
    scenario = usual.scenario.model_copy(update={"firmware": Firmware(uploads=uploads)})
    mixed = tell("mixed", scenario, SHIPPED, EPOCH, lambda _: None)
    assert {each.life.upload for each in mixed.worn} == set(uploads)
    assert [each.life.visits for each in mixed.worn] == [each.life.visits for each in usual.worn]
    assert all((one.moments == other.moments).all() for one, other in zip(mixed.worn, usual.worn, strict=True))


def test_over_real_links_a_bracelet_has_the_lifes_upload_and_the_scenarios_seed():
    story = story_of(told("dead_cells", upload=Upload.SHUFFLED))
    quirks = [schedule.equipment.quirks for schedule in story.schedules]
    assert {(each.upload, each.seed) for each in quirks} == {(Upload.SHUFFLED, 1)}
