"""What is recorded: the same bytes from the same seed, what reaches the gateway and when, the truth, the baselines."""

import csv
import hashlib
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from recorded_scenarios import sent, told

from firmware_sim.recording.baseline import alarms
from firmware_sim.recording.run import record
from firmware_sim.recording.truth_writer import records
from firmware_sim.schedule import Span

GOLDEN = "a7e661115e082e63f988b0964759a6df8a8337333fda65fec72acbe7d2c59f82"
"""SHA-256 of the scenario ``straps``, 10 bracelets, 3 days, seed 1, but for the county's rules; it changes with us."""


def digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "county" not in path.parts:
            total.update(path.relative_to(folder).as_posix().encode())
            total.update(arrays(path) if path.suffix == ".npz" else path.read_bytes())
    return total.hexdigest()


def arrays(path: Path) -> bytes:
    """What a day holds; the archive around it is Python's affair."""
    with np.load(path) as day:
        return b"".join(day[name].tobytes() for name in ("received", "sender", "length", "octets"))


def rows(name, kind, **how):
    return [row for row in records(told(name, **how), sent(name, **how)) if row["record"] == kind]


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for name in ("one", "other"):
        record(told("straps"), tmp_path / name, lambda _: None)
    assert digest(tmp_path / "one") == digest(tmp_path / "other") == GOLDEN


def test_reports_come_in_the_order_of_receipt_and_none_before_it_was_made():
    for name in ("bad_network", "dead_cells", "carrier_outage"):
        everything = sent(name)
        assert (np.diff(everything.received) >= 0.0).all()
        assert (everything.received >= everything.measured.moment).all()


def test_without_a_link_reports_wait_and_come_oldest_first():
    everything = sent("carrier_outage")
    start = told("carrier_outage").stage.calendar.at(1, 19.5)
    until = start + 180 * 60.0
    made = (everything.measured.moment >= start) & (everything.measured.moment < until)
    waited = made & (everything.received > until)
    assert waited.sum() > 0.5 * made.sum()
    one = everything.measured.device == everything.measured.device[waited][0]
    assert (np.diff(everything.measured.moment[waited & one]) > 0.0).all()


def test_a_small_memory_loses_the_oldest():
    whole, small = sent("dead_cells", devices=8), sent("small_memory", devices=8)
    assert len(whole.measured) == sum(len(each.moments) for each in told("dead_cells", devices=8).worn)
    assert len(small.measured) < sum(len(each.moments) for each in told("small_memory", devices=8).worn)


def test_duplicates_are_the_same_report_later():
    everything = sent("bad_network")
    keys = list(zip(everything.measured.device.tolist(), everything.serial.tolist(), strict=True))
    assert 0.15 < 1.0 - len(set(keys)) / len(keys) < 0.25


def test_clocks_that_were_never_set_show_the_year_2000_for_a_while():
    everything = sent("wrong_clocks")
    wrong = everything.device_time < 1e9
    assert 0.0 < wrong.mean() < 0.3
    assert (everything.measured.moment[wrong] < told("wrong_clocks").stage.calendar.epoch + 6 * 3600.0).all()


def test_who_is_jammed_has_no_fix_and_hears_cells_and_who_is_shielded_hears_nothing():
    for name, stretch, hears in (("jammer", "jammed", True), ("foil", "shielded", False)):
        everything, found = sent(name, days=5), 0
        for number, each in enumerate(told(name, days=5).worn):
            for span in each.life.stretches.get(stretch, ()):
                within = (everything.measured.moment >= span.start) & (everything.measured.moment < span.until)
                mine = within & (everything.measured.device == number)
                found += int(mine.sum())
                assert not everything.measured.located[mine].any()
                assert (everything.measured.cell[mine, 0] >= 0).all() == hears
        assert found


def test_a_bracelet_left_at_home_shows_home_while_its_wearer_breaches():
    breaches = rows("left_behind", "breach", days=5)
    assert breaches
    assert any(row["kind"] == "curfew" and row["usable_s"] == 0.0 for row in breaches)


def test_a_silence_for_two_reasons_at_a_time_is_one():
    silences: dict[str, list[tuple[float, float]]] = {}
    for row in rows("dead_cells", "event", days=5):
        if row["kind"] == "comms_lost":
            silences.setdefault(row["device"], []).append((row["onset"], row["until"]))
    reasons = [span for each in told("dead_cells", days=5).worn for span in each.unlinked]
    assert 50 < sum(map(len, silences.values())) < len(reasons)
    for spans in silences.values():
        assert all(until < onset for (_, until), (onset, _) in pairwise(spans))


def test_the_truth_has_the_steps_in_which_devices_count_their_timing_advance():
    (scenario,) = rows("straps", "scenario")
    steps = {each.life.device: each.life.advance_step for each in told("straps").worn}
    assert scenario["advance_m"] == steps
    assert len(set(steps.values())) > 1


def test_a_table_of_cells_lies_beside_the_county(tmp_path):
    record(told("straps"), tmp_path, lambda _: None)
    with (tmp_path / "towers.csv").open(newline="") as file:
        named = {(int(row["area"]), int(row["cell"])) for row in csv.DictReader(file)}
    towers, heard = told("straps").radio.towers, np.unique(sent("straps").measured.cell)
    cells = set(zip(*(column.tolist() for column in towers.identity(heard[heard >= 0])), strict=True))
    assert 0.8 < len(cells & named) / len(cells) < 1.0


def test_what_came_late_stands_beside_what_came_in_time():
    breaches = rows("dead_cells", "breach", days=5)
    assert all(row["usable_s"] <= row["arrived_s"] <= row["until"] - row["onset"] for row in breaches)
    late = [row for row in breaches if row["usable_s"] == 0.0 < row["arrived_s"]]
    assert late
    assert all(row["heard"] - row["onset"] > 600.0 for row in late)
    assert all((row["heard"] is None) == (row["arrived_s"] == 0.0) for row in breaches)
    straight = rows("late_returns", "breach")
    assert straight
    assert all(row["usable_s"] == row["arrived_s"] for row in straight)


def test_what_comes_in_at_the_scenarios_end_alone_has_not_arrived():
    everything, reports = told("late_returns"), sent("late_returns")
    until = everything.stage.calendar.until
    for comes, arrived in ((until - 601.0, True), (until - 599.0, False)):
        late = replace(reports, received=np.maximum(reports.received, comes))
        found = [
            row for row in records(everything, late) if row["record"] == "breach" and row["until"] < until - 3600.0
        ]
        assert found
        assert all(row["usable_s"] == 0.0 for row in found)
        assert any(row["arrived_s"] > 0.0 for row in found) is arrived


def test_leave_excuses_and_depth_is_true():
    breaches = rows("journeys", "breach", days=6, devices=16)
    assert {row["excused"] for row in breaches} == {True, False}
    assert all(row["depth_m"] > 1500.0 for row in breaches if row["kind"] == "inclusion_exit")


def test_nights_at_one_cafe_are_a_repeated_place():
    told_of = rows("cafe_nights", "repeated", days=6)
    assert len(told_of) == 4
    assert all(row["until"] - row["onset"] > 2 * 86400.0 for row in told_of)


def test_two_pieces_of_one_night_are_one_night_of_a_repeated_place():
    """The second piece begins after midnight."""
    everything = told("cafe_nights", days=6)
    number, one = next((n, each) for n, each in enumerate(everything.worn) if each.life.curfew and each.breaches)
    person, night = next((person, breach) for person, breach in one.breaches if breach.kind == "curfew")
    home = everything.stage.calendar.at(1, 24.5)
    pieces = [Span(home - 3 * 3600.0, home), Span(home + 600.0, home + 4 * 3600.0)]
    next_night = [Span(span.start + 86400.0, span.until + 86400.0) for span in pieces]

    def places(spans):
        still = replace(one.person, x=np.zeros_like(one.person.x), y=np.zeros_like(one.person.y))
        breaches = tuple((person, replace(night, span=span)) for span in spans)
        worn = [replace(one, person=still, breaches=breaches)]
        return [row for row in records(replace(everything, worn=worn), one_of(sent("cafe_nights", days=6), number))
                if row["record"] == "repeated"]  # fmt: skip

    assert places([*pieces, *next_night]) == []
    third = Span(pieces[0].start + 2 * 86400.0, pieces[0].until + 2 * 86400.0)
    (row,) = places([*pieces, *next_night, third])
    assert (row["onset"], row["until"]) == (pieces[0].start, third.until)


def one_of(everything, number):
    """The reports of one bracelet, as if there were no other."""
    mine = everything.take(np.flatnonzero(everything.measured.device == number))
    return replace(mine, measured=replace(mine.measured, device=np.zeros_like(mine.measured.device)))


@pytest.mark.parametrize(
    ("name", "how"),
    [("beside_cafe", {}), ("late_returns", {"devices": 16, "days": 5}), ("border_creep", {}), ("cafe_nights", {})],
)
def test_every_second_of_a_breach_is_on_the_wrong_side_of_its_own_boundary(name, how):
    everything = told(name, **how)
    stage = everything.stage
    cafes = {cafe.place.name: cafe for cafe in stage.stock.cafes}
    counted = 0
    for each in everything.worn:
        homes = {f"home:{person}": home for person, _, home in each.life.wearers()}
        for _, breach in each.breaches:
            x, y = each.person.at(np.arange(breach.span.start, breach.span.until))
            counted += len(x)
            if breach.kind == "exclusion_enter":
                cafe = cafes[breach.place]
                aside = np.maximum(np.abs(x - cafe.place.x) - cafe.half_x, 0.0)
                ahead = np.maximum(np.abs(y - cafe.place.y) - cafe.half_y, 0.0)
                assert (np.hypot(aside, ahead) <= stage.cafe_buffer + 0.1).all()
            elif breach.kind == "curfew":
                home = homes[breach.place]
                assert (np.hypot(x - home.x, y - home.y) > stage.home_radius).all()
            else:
                assert not shapely.contains_xy(stage.plan.border, x, y).any()
    assert counted > 1000


def test_a_leave_is_the_first_wearers_alone():
    life = next(each.life for each in told("journeys", days=6, devices=16).worn if each.life.leave)
    leave = life.leave[0]
    inside = Span(leave.start + 60.0, leave.until - 60.0)
    assert life.excuses(life.person, inside)
    assert not life.excuses(f"{life.person}N", inside)
    assert not life.excuses(life.person, Span(inside.start, leave.until + 1.0))


def test_after_a_hand_over_breaches_are_the_new_wearers():
    people = {row["person"] for row in rows("hand_over", "breach", devices=12, days=4)}
    assert any(person.endswith("N") for person in people)
    assert any(not person.endswith("N") for person in people)


def test_every_breach_lies_in_the_scenario_and_tracks_are_in_order():
    for name in ("late_returns", "border_creep"):
        calendar = told(name).stage.calendar
        for row in rows(name, "breach"):
            assert calendar.epoch <= row["onset"] < row["until"] <= calendar.until
        times: dict[str, float] = {}
        for row in rows(name, "track"):
            assert row["time"] > times.get(row["device"], 0.0)
            times[row["device"]] = row["time"]


def test_the_truth_is_json_a_line_each(tmp_path):
    record(told("straps"), tmp_path, lambda _: None)
    lines = (tmp_path / "truth.jsonl").read_text("utf-8").splitlines()
    assert json.loads(lines[0])["record"] == "scenario"
    assert {json.loads(line)["record"] for line in lines} >= {"event", "track"}


@pytest.mark.parametrize("name", ["raw", "stated"])
def test_a_baseline_finds_every_clear_breach_and_more(name):
    everything = told("late_returns", devices=16, days=5)
    reports = sent("late_returns", devices=16, days=5)
    raised = alarms(name, everything.stage, everything.bounds, everything.worn, reports)
    clear = [(person, breach.span) for each in everything.worn for person, breach in each.breaches if is_clear(breach)]
    assert clear
    for person, span in clear:
        near = Span(span.start - 60.0, span.until + 60.0)
        assert any(one.person == person and one.decided in near for one in raised)


def is_clear(breach):
    return breach.depth > 500.0 and breach.span.until - breach.span.start > 900.0
