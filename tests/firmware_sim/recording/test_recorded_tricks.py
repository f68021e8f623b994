"""What cheats and garages leave in the record, and what the truth says of them; phones beside the bracelets."""

import json

import numpy as np
import pytest
from recorded_scenarios import sent, told

from firmware_sim.recording import phones
from firmware_sim.recording.measured import SHIFT, WRAPPING, measure
from firmware_sim.recording.moments import inside
from firmware_sim.recording.run import record
from firmware_sim.recording.truth_writer import records
from firmware_sim.schedule import Span
from firmware_sim.world import METRES_PER_DEGREE_EAST, METRES_PER_DEGREE_NORTH, ORIGIN


def measured(name, **how):
    whole = told(name, **how)
    return whole, measure(whole.scenario, whole.worn, whole.radio.towers, whole.radio.air)


def events(name, kind, **how):
    return [row for row in records(told(name, **how), sent(name, **how)) if row.get("kind") == kind]


def test_a_near_spoof_lies_a_kilometre_and_more_off_and_is_told():
    whole, reports = measured("spoofing_near", devices=4)
    offs = []
    for number, worn in enumerate(whole.worn):
        spans = worn.life.stretches.get("shifted", [])
        rows = np.flatnonzero((reports.device == number) & reports.located)
        x, y = worn.track.at(reports.moment[rows])
        off = np.hypot(reports.x[rows] - x, reports.y[rows] - y)
        offs += off[inside(reports.moment[rows], spans)].tolist()
        assert (off[~inside(reports.moment[rows], spans)] < 300.0).all()
    assert len(offs) > 200
    assert SHIFT[0] - 200.0 < min(offs) <= max(offs) < SHIFT[1] + 200.0
    told_of = {(row["onset"], row["until"]) for row in events("spoofing_near", "position_implausible", devices=4)}
    assert told_of == {(s.start, s.until) for worn in whole.worn for s in worn.life.stretches.get("shifted", ())}


@pytest.mark.parametrize(("name", "stretch"), [("foil", "shielded"), ("garages", "buried")])
def test_who_is_covered_loses_satellites_and_neighbours_first_and_then_all(name, stretch):
    whole, reports = measured(name)
    fading = covered = 0
    for number, worn in enumerate(whole.worn):
        spans = worn.life.stretches.get(stretch, [])
        mine = reports.take(np.flatnonzero(reports.device == number))
        before = inside(mine.moment, [Span(span.start - WRAPPING, span.start) for span in spans])
        within = inside(mine.moment, spans)
        assert np.isnan(mine.x[before | within]).all()
        assert (mine.cell[within] == -1).all()
        assert (mine.cell[before & ~within, 1:] == -1).all()
        fading += int((mine.cell[before & ~within, 0] >= 0).sum())
        covered += int(within.sum())
    assert fading > 0
    assert covered > 50
    assert bool(events(name, "shielding")) == (name == "foil")
    assert events(name, "comms_lost")


def test_that_a_bracelet_was_carried_without_satellites_is_told_where_it_truly_was():
    whole = told("foil")
    rows = events("foil", "motion_no_gnss")
    assert 0 < len(rows) <= len(events("foil", "shielding"))
    for row in rows:
        worn = next(each for each in whole.worn if each.life.device == row["device"])
        x, y = worn.track.at(np.arange(row["onset"], row["until"], 10.0))
        assert np.hypot(x - x[0], y - y[0]).max() >= 1000.0
    assert events("garages", "motion_no_gnss") == []


def test_carriers_find_phones_with_their_owners_but_where_they_were_left_at_home():
    whole = told("phone_apart")
    said = phones.answers(whole)
    assert len(said.received) == pytest.approx(3 * 48 * 10, rel=0.02)
    assert (np.diff(said.received) >= 0.0).all()
    off = []
    for received, sender, frame in zip(said.received, said.sender, said.frames, strict=True):
        worn, moment = whole.worn[sender], np.array([received - phones.DELAY])
        assert f"<msid>86{phones.number_of(worn)}</msid>".encode() in frame
        place = worn.life.home if inside(moment, phones.left(worn))[0] else None
        x, y = (place.x, place.y) if place else (axis[0] for axis in worn.person.at(moment))
        latitude, longitude = (float(frame.split(tag)[1].split(b"<")[0]) for tag in (b"<X>", b"<Y>"))
        east, north = (longitude - ORIGIN[1]) * METRES_PER_DEGREE_EAST, (latitude - ORIGIN[0]) * METRES_PER_DEGREE_NORTH
        off.append(np.hypot(east - x, north - y))
    assert 200.0 < np.median(off) < 700.0
    assert 0.005 < np.mean(np.array(off) > 2500.0) < 0.06


def test_the_capture_has_them_between_the_bracelets_frames_and_the_truth_their_partings(tmp_path):
    whole = told("phone_apart", devices=3, days=2)
    record(whole, tmp_path, lambda _: None)
    senders = (tmp_path / "frames" / "senders.csv").read_text("utf-8").splitlines()[1:]
    assert [line.split(",")[0] for line in senders].count("mlp") == 3
    count, said = 0, phones.answers(whole)
    for path in sorted((tmp_path / "frames").glob("*.npz")):
        day = np.load(path)
        assert (np.diff(day["received"]) >= 0.0).all()
        starts = np.cumsum(day["length"]) - day["length"]
        for at in np.flatnonzero(day["sender"] >= 3).tolist():
            frame = day["octets"][starts[at] : starts[at] + day["length"][at]].tobytes()
            assert frame == said.frames[count]
            count += 1
    assert count == len(said.frames) > 0
    text = (tmp_path / "truth.jsonl").read_text("utf-8").splitlines()
    apart = [row for row in map(json.loads, text) if row.get("kind") == "phone_apart"]
    assert {row["device"] for row in apart} <= {"F0001", "F0002", "F0003"}
    assert all(row["until"] - row["onset"] >= phones.LONG for row in apart)
    assert "phone_check" in (tmp_path / "county" / "gateway.yaml").read_text("utf-8")


def test_without_phones_nothing_of_them_is_written(tmp_path):
    whole = told("quiet", devices=2, days=1)
    record(whole, tmp_path, lambda _: None)
    assert phones.with_phones(whole) == []
    assert "carrier" not in (tmp_path / "county" / "devices.csv").read_text("utf-8")
    assert "mlp" not in (tmp_path / "frames" / "senders.csv").read_text("utf-8")
