"""The section ``roll_call``: how often, in which hours, how large a share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.settings.differences import ALONE, LIVE, told
from gateway.settings.load import ConfigurationRefused, load, load_sources
from gateway.settings.roll_call import RollCalls

MAIN = "gateway.yaml"


def read(written, text: str):
    written.replace(MAIN, "storage:", f"roll_call: {text}\nstorage:")
    return load(written.write())


def test_left_out_it_has_its_defaults_and_what_is_written_is_read_and_kept(written):
    assert load(written.write()).roll_call == RollCalls(3, (22 * 60, 7 * 60), 20)
    found = read(written, '{per_day: 5, quiet: {from: "21:30", until: "06:00"}, share: 10}')
    assert found.roll_call == RollCalls(5, (21 * 60 + 30, 6 * 60), 10)
    assert load_sources(found.sources).roll_call == found.roll_call


@pytest.mark.parametrize("text", ["{per_day: 0}", "{share: 100}", '{quiet: {from: "25:00"}}', "{perday: 3}", "[]"])
def test_what_cannot_be_meant_is_refused_with_its_place(written, text):
    with pytest.raises(ConfigurationRefused) as refused:
        read(written, text)
    assert MAIN in str(refused.value)


def test_it_changes_while_the_gateway_runs_by_two_and_is_told(written):
    assert "roll_call" in LIVE
    assert "roll_call" not in ALONE
    before = load(written.write())
    after = replace(before, roll_call=RollCalls(per_day=9))
    assert told(before, after, "en") == ["roll_call: roll_call changed"]
