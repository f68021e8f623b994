"""Device events and repeated places against the truth."""

import pytest
from scored_files import HOUR, MINUTE, alarm, event, gateway, message, repeated

NIGHT = 24 * HOUR
CAFE = (24.33, 109.42)


def of(column, kind):
    events = column.events[kind]
    return (events.happened.found, events.happened.missed, events.judged.true, events.judged.false)


def test_a_strap_cut_is_found_and_a_false_one_counted(tmp_path):
    cut = event("strap_cut", HOUR, None)
    column = gateway(tmp_path, [cut], alarm("a", HOUR + 4, kind="strap_cut"),
                     alarm("b", HOUR, kind="strap_cut", device="B0002"))  # fmt: skip
    assert of(column, "strap_cut") == (1, 0, 1, 1)
    assert (column.strap.alarms, column.strap.without_cut, column.strap.false_rate) == (2, 1, 0.5)


def test_a_missed_cut_shows(tmp_path):
    column = gateway(tmp_path, [event("strap_cut", HOUR, HOUR + 300)], alarm("a", 3 * HOUR, kind="strap_cut"))
    assert of(column, "strap_cut") == (0, 1, 0, 1)
    assert column.strap.missed == 1


def test_a_strap_that_stays_suspected_finds_no_cut_and_one_that_is_graded_up_says_when(tmp_path):
    kept = alarm("a", HOUR + 4, kind="strap_glitch_suspected", severity="serious")
    cut = event("strap_cut", HOUR, HOUR + 900)
    column = gateway(tmp_path, [cut], kept, alarm("b", 9 * HOUR, kind="strap_glitch_suspected", severity="serious"))
    assert (column.strap.missed, column.strap.suspected, column.strap.suspected_at_cut) == (1, 2, 1)
    assert column.strap.latest_s is None
    graded_up = [
        message("a", 1, "raised", HOUR + 4, kind="strap_glitch_suspected", severity="serious"),
        message("a", 2, "updated", HOUR + 4, kind="strap_cut", severity="critical", time=HOUR + 64),
    ]
    column = gateway(tmp_path, [cut], graded_up)
    assert (column.strap.missed, column.strap.suspected, column.strap.latest_s) == (0, 0, 64.0)


def test_a_stored_report_still_tells_of_its_event(tmp_path):
    told = alarm("a", 3 * HOUR, kind="sos", onset=HOUR + 5)
    column = gateway(tmp_path, [event("sos", HOUR, HOUR + 60)], told)
    assert of(column, "sos") == (1, 0, 1, 0)
    assert column.events["sos"].latency.max_s == 2 * HOUR


def test_before_the_event_there_is_nothing_to_tell(tmp_path):
    for onset in (HOUR - 90, HOUR):
        early = alarm("a", HOUR - 90, kind="sos", onset=onset)
        assert of(gateway(tmp_path, [event("sos", HOUR, HOUR + 60)], early), "sos") == (0, 1, 0, 1)


def test_a_second_alarm_of_one_silence_is_a_double(tmp_path):
    silence = event("comms_lost", HOUR, 5 * HOUR)
    column = gateway(tmp_path, [silence], alarm("a", 2 * HOUR, 3 * HOUR, kind="comms_lost"),
                     alarm("b", 4 * HOUR, 5 * HOUR, kind="comms_lost"))  # fmt: skip
    assert of(column, "comms_lost") == (1, 0, 1, 1)
    assert column.doubles == 1


def test_a_latched_alarm_stands_for_the_next_cut(tmp_path):
    cuts = [event("strap_cut", HOUR, HOUR + 300), event("strap_cut", 5 * HOUR, 5 * HOUR + 300)]
    column = gateway(tmp_path, cuts, alarm("a", HOUR + 4, kind="strap_cut"))
    assert column.events["strap_cut"].happened.spanned == 1
    assert column.strap.missed == 0


def test_kinds_without_a_truth_are_only_notices(tmp_path):
    column = gateway(tmp_path, [], alarm("a", HOUR, kind="locate_timeout"))
    assert column.unjudged == {"locate_timeout": 1}
    assert column.notices_by_kind["locate_timeout"].count == 1
    judged = gateway(tmp_path, [event("locate_timeout", HOUR, HOUR)], alarm("a", HOUR, kind="locate_timeout"))
    assert of(judged, "locate_timeout") == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("north", "decided", "found"),
    [(0.0, 3 * NIGHT, 1), (0.002, 3 * NIGHT, 1), (0.003, 3 * NIGHT, 0), (0, 6 * NIGHT, 0)],
)
def test_a_repeated_place_is_matched_by_place_and_time(tmp_path, north, decided, found):
    place = {"type": "Point", "coordinates": [CAFE[1], CAFE[0] + north], "radius95_m": 50.0}
    told = alarm("a", decided, kind="repeated_place", onset=HOUR, position=place, zone=None, probability=None)
    column = gateway(tmp_path, [repeated(0.0, 4 * NIGHT, *CAFE)], told)
    assert column.repeated.happened.found == column.repeated.judged.true == found


def test_a_repeated_place_without_a_position_has_it_among_its_facts(tmp_path):
    told = alarm("a", 3 * NIGHT, kind="repeated_place", facts={"place": "24.3301,109.4201"})
    column = gateway(tmp_path, [repeated(0.0, 4 * NIGHT, *CAFE)], told)
    assert column.repeated.judged.true == 1


def test_a_repeated_place_that_names_no_place_is_false(tmp_path):
    column = gateway(tmp_path, [repeated(0.0, 4 * NIGHT, *CAFE)], alarm("a", 3 * NIGHT, kind="repeated_place"))
    assert (column.repeated.judged.false, column.repeated.happened.missed) == (1, 1)


def test_latency_is_of_decision_after_onset(tmp_path):
    events = [event("battery_low", n * 5 * HOUR, n * 5 * HOUR + HOUR) for n in range(3)]
    alarms = [alarm(str(n), n * 5 * HOUR + n * MINUTE, kind="battery_low") for n in range(3)]
    latency = gateway(tmp_path, events, *alarms).events["battery_low"].latency
    assert (latency.count, latency.p50_s, latency.max_s) == (3, 60.0, 120.0)
    assert len(latency.quantiles_s) == 101
