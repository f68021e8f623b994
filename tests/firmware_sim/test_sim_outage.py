"""A carrier's outage the whole way: recorded, replayed by the gateway, scored: one notice for all whom it silenced."""

import pytest
from whole_way import scored, told


@pytest.mark.parametrize("seed", [2, pytest.param(3, marks=pytest.mark.torture)])
def test_an_outage_is_one_notice_and_no_silence_is_left_out(tmp_path, seed):
    told(tmp_path, "carrier_outage", "--seed", str(seed))
    column = scored(tmp_path)["columns"][0]
    silences = column["outages"]
    assert silences["silences"] > 20
    assert silences["gathered"] + silences["singly"] == silences["silences"]
    assert silences["singly"] <= 0.2 * silences["silences"]
    outage = column["events"]["mass_outage"]
    assert (outage["happened"]["found"], outage["happened"]["missed"], outage["judged"]["false"]) == (1, 0, 0)
    assert column["notices_by_kind"].get("comms_lost", {"count": 0})["count"] == silences["singly"]


def test_who_goes_where_nothing_is_heard_makes_no_outage(tmp_path):
    told(tmp_path, "garages", "--devices", "20", "--days", "3")
    assert scored(tmp_path)["columns"][0]["events"]["mass_outage"]["judged"]["alarms"] == 0
