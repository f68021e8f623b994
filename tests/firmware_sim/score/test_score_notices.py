"""What people are told, by rung and kind; what asks for somebody; zone alarms by scene; the one-sided bound."""

import json

import pytest
from rich.console import Console
from scored_files import DAY, EPOCH, HOUR, alarm, breach, corner, iso, message, scenario, scored, write

from firmware_sim.score import ScoreFault, as_json, as_table, score

NOTICE = {
    "notice": "n", "alarm": "a", "kind": "strap_cut", "severity": "critical", "person": "P0001", "device": "B0001",
    "to": "D01", "rung": 0, "topic": "alarm",
}  # fmt: skip


def notice(owed=HOUR, **changed):
    return NOTICE | {"owed": owed if isinstance(owed, str) else iso(EPOCH + owed)} | changed


def counted(folder, *notices):
    files = write(folder / "truth.jsonl", [scenario()]), write(folder / "alarms.jsonl", [])
    return score(*files, notices=write(folder / "notices.jsonl", list(notices)))


def test_each_text_to_each_person_counts_by_rung(tmp_path):
    whole = counted(
        tmp_path, notice(), notice(to="D02"), notice(rung=1, to="D04"), notice(rung=2, to="L01"),
        notice(kind="battery_low", to="wearer"), notice(topic="void", rung=-1),
        notice(kind="curfew_late", to="wearer", topic="reminder"), notice(owed=31 * DAY),
    )  # fmt: skip
    told = whole.columns[0].told
    assert {name: rate.count for name, rate in told.by_rung.items()} == {
        "wearer": 1, "staff_at_once": 2, "next_rung": 1, "leaders": 1, "void": 1, "reminder": 1,
    }  # fmt: skip
    assert (told.answered.count, told.unanswered.count) == (5, 7)
    assert told.answered.per_device_month == 2.5
    assert {kind: rate.count for kind, rate in told.by_kind.items()} == {
        "battery_low": 1, "curfew_late": 1, "strap_cut": 3,
    }  # fmt: skip
    assert json.loads(as_json(whole))["columns"][0]["told"]["answered"]["count"] == 5


def test_the_table_says_what_people_are_told(tmp_path):
    console = Console(width=160)
    with console.capture() as capture:
        console.print(as_table(counted(tmp_path, notice(), notice(rung=1))))
    text = capture.get()
    assert "Notices to people per device-month by rung" in text
    assert "all, where nobody ever answers" in text


def test_without_a_file_nothing_is_said_of_it(tmp_path):
    assert scored(tmp_path, []).columns[0].told is None


@pytest.mark.parametrize("wrong", [{"rung": 3}, {"rung": -1}, {"owed": "soon"}, {"topic": 1}])
def test_what_is_no_notice_is_named_by_its_line(tmp_path, wrong):
    with pytest.raises(ScoreFault) as fault:
        counted(tmp_path, notice(), notice(**wrong))
    assert "notices.jsonl:2" in str(fault.value)


def test_what_was_never_more_than_info_asks_for_nobody(tmp_path):
    mild = alarm("a", HOUR, 2 * HOUR, kind="comms_lost", severity="info")
    graver = [
        message("b", 1, "raised", HOUR, kind="comms_lost", severity="info"),
        message("b", 2, "updated", 2 * HOUR, kind="comms_lost", severity="serious"),
    ]
    column = scored(tmp_path, [], mild, graver, alarm("c", HOUR, kind="sos")).columns[0]
    assert (column.notices.count, column.asking.count) == (3, 2)
    assert {kind: rate.count for kind, rate in column.asking_by_kind.items()} == {"comms_lost": 1, "sos": 1}


def test_a_zone_alarm_belongs_to_the_scene_in_which_it_began(tmp_path):
    truth = [
        breach(HOUR, 2 * HOUR), breach(40 * HOUR, 41 * HOUR),
        corner("B0001", 0.0, 24.0, 109.0, "street"), corner("B0001", 24 * HOUR, 24.0, 109.0, "indoors"),
        corner("B0001", 48 * HOUR, 24.0, 109.0, "indoors"),
    ]  # fmt: skip
    told = (
        alarm("a", HOUR + 90, 2 * HOUR), alarm("b", 10 * HOUR, 11 * HOUR), alarm("c", 30 * HOUR, 31 * HOUR),
        alarm("d", 30 * DAY - 1, zone="county", kind="inclusion_exit"),
    )  # fmt: skip
    scenes = scored(tmp_path, truth, *told).columns[0].scenes
    counts = {
        name: (one.alarms.true, one.alarms.false, one.breaches.found, one.breaches.missed)
        for name, one in scenes.items()
    }
    assert counts == {"street": (1, 1, 1, 0), "indoors": (0, 1, 0, 1), "unknown": (0, 1, 0, 0)}
    assert scenes["street"].device_months == pytest.approx(1.0 / 30.0)
    assert scenes["unknown"].device_months == 0.0


@pytest.mark.parametrize(("false", "most"), [(0, 2.9957), (10, 16.9622)])
def test_the_one_sided_bound_is_that_of_chi_square(tmp_path, false, most):
    """Half the 95 % quantile of chi-square with 2 (n + 1) degrees of freedom, over two device-months."""
    told = [alarm(f"n{n}", (10 + n) * HOUR, kind="inclusion_exit", zone="county") for n in range(false)]
    assert scored(tmp_path, [], *told).columns[0].false_zones.at_most95 == pytest.approx(most / 2.0, abs=1e-4)
