"""Files that cannot be scored are refused with file, line and what to do."""

import pytest
from scored_files import HOUR, alarm, breach, corner, event, message, scenario, scored, write, write_track

from firmware_sim.score import ScoreFault, score

TRACK_ROW = ("B0001", 500, 24.0, 109.0, 1, 1, "well")


def cause(folder, truth, *alarms, **changed):
    with pytest.raises(ScoreFault) as caught:
        scored(folder, truth, *alarms, **changed)
    return str(caught.value).removeprefix(f"{folder}/")


def test_a_missing_file_is_named(tmp_path):
    truth = write(tmp_path / "truth.jsonl", [scenario()])
    with pytest.raises(ScoreFault, match="cannot be read: No such file"):
        score(truth, tmp_path / "alarms.jsonl")
    with pytest.raises(ScoreFault, match="nothing"):
        score(tmp_path / "nothing.jsonl", truth)


@pytest.mark.parametrize("broken", ["{", "[1]", "", '{"record": "scenario"', "\xff"])
def test_a_broken_line_is_named(tmp_path, broken):
    truth = write(tmp_path / "truth.jsonl", [scenario()])
    truth.write_bytes(truth.read_bytes() + broken.encode("latin-1") + b"\n")
    with pytest.raises(ScoreFault, match=r"truth.jsonl:2: no JSON"):
        score(truth, write(tmp_path / "alarms.jsonl", []))


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"record": "story"}, "unknown record 'story'; known: scenario, breach"),
        ({}, "record is missing; it has to be a text"),
        (breach(0, HOUR) | {"kind": "curfew_late"}, "unknown breach 'curfew_late'"),
        (breach(0, HOUR) | {"depth_m": "60"}, "depth_m is '60'; it has to be a number"),
        (breach(0, HOUR) | {"depth_m": float("nan")}, "depth_m is nan; it has to be a number"),
        (breach(0, HOUR) | {"excused": 0}, "excused is 0; it has to be true or false"),
        (breach(HOUR, 0), "until is before onset"),
        (event("inclusion_exit", 0, 1), "no event of a device"),
        (scenario(), "2 scenario records"),
        (scenario(devices=0), "have to be above 0"),
        (scenario(baselines=[]), "baselines is []; it has to be an object"),
    ],
)
def test_a_wrong_record_is_named(tmp_path, record, told):
    whole = cause(tmp_path, [record])
    assert told in whole
    assert whole.startswith("truth.jsonl:2: ") or "scenario records" in whole


def test_corners_stand_in_time_order(tmp_path):
    way = [corner("B0001", 10.0, 24.0, 109.0, "open"), corner("B0001", 9.0, 24.0, 109.0, "open")]
    assert cause(tmp_path, way).startswith("truth.jsonl:3: this corner is earlier")


def test_an_alarm_that_was_never_raised_is_named(tmp_path):
    told = cause(tmp_path, [], alarm("a", HOUR), [message("b", 2, "cleared", HOUR, ended=HOUR)])
    assert told.startswith("alarms.jsonl:2: alarm b was never raised; score the whole")


def test_an_identity_that_is_raised_twice_is_named(tmp_path):
    told = cause(tmp_path, [], alarm("a", HOUR), [message("a", 2, "raised", 2 * HOUR)])
    assert told.startswith("alarms.jsonl:2: alarm a is raised again (first on line 1)")


def test_a_message_that_is_repeated_counts_once_and_order_does_not_matter(tmp_path):
    first, cleared = alarm("a", HOUR, 2 * HOUR)
    column = scored(tmp_path, [breach(HOUR, 2 * HOUR)], [cleared, first, first, cleared]).columns[0]
    assert (column.messages, column.zones.true, column.notices.count) == (2, 1, 1)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"onset": "yesterday"}, "data.onset is 'yesterday'; it has to be a time such as"),
        ({"probability": 1.5}, "data.probability is 1.5"),
        ({"position": {"coordinates": ["x"]}}, "is no place"),
        ({"position": 7}, "data.position is 7; it has to be an object"),
        ({"revision": None}, "data.revision is None; it has to be a number"),
    ],
)
def test_a_wrong_message_is_named(tmp_path, changed, told):
    wrong = message("a", 1, "raised", HOUR)
    wrong["data"] |= changed
    whole = cause(tmp_path, [], [wrong])
    assert whole.startswith("alarms.jsonl:1: ")
    assert told in whole


def test_an_unknown_type_is_named(tmp_path):
    told = cause(tmp_path, [], [message("a", 1, "raised", HOUR) | {"type": "bracelet.alarm.forgotten"}])
    assert told.startswith(
        "alarms.jsonl:1: unknown type 'bracelet.alarm.forgotten'; known: bracelet.alarm.{acknowledged|"
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("24.0,", "north,", "track.csv:3: latitude is 'north'; it has to be a number"),
        ("24.0,", "nan,", "track.csv:3: latitude is 'nan'; it has to be a number"),
        ("2026-", "Z026-", "track.csv:3: time is 'Z026-"),
        (",gnss", "", "track.csv:3: 8 fields, the head has 9"),
    ],
)
def test_a_wrong_row_of_the_track_is_named(tmp_path, old, new, told):
    track = write_track(tmp_path / "track.csv", [TRACK_ROW, TRACK_ROW])
    head, first, second = track.read_text("utf-8").splitlines()
    track.write_text("\n".join([head, first, second.replace(old, new, 1)]), encoding="utf-8")
    assert cause(tmp_path, [], track=track).startswith(told)


def test_a_track_without_its_columns_is_named(tmp_path):
    track = tmp_path / "track.csv"
    track.write_text("device,time\n", encoding="utf-8")
    assert cause(tmp_path, [], track=track).startswith("track.csv:1: no column latitude, longitude")
    track.write_bytes(b"\xff\xff\n")
    assert cause(tmp_path, [], track=track).startswith("track.csv: no CSV in UTF-8")
    assert "cannot be read" in cause(tmp_path, [], track=tmp_path / "none.csv")
