"""The score table of offices: its defaults, what can be written, and what is refused."""

from __future__ import annotations

import pytest
from small_county import Written

from gateway.reports.appraisal import MEASURES
from gateway.settings.differences import LIVE, differing, told
from gateway.settings.load import examine, load
from gateway.settings.model import Appraisal


def with_line(tmp_path, line: str) -> Written:
    county = Written(tmp_path)
    county.replace("gateway.yaml", "accept_acts: true}\n", f"accept_acts: true}}\n{line}\n")
    return county


def test_where_nothing_is_written_the_defaults_hold_and_every_measure_has_its_weight(tmp_path):
    found = load(Written(tmp_path).write()).appraisal
    assert found == Appraisal()
    assert tuple(found.weights) == MEASURES


def test_what_is_written_holds_and_comes_into_force_while_running(tmp_path):
    before = load(Written(tmp_path).write())
    after = load(with_line(tmp_path, "appraisal: {acknowledge: 10min, weights: {early: 50, closed: 0}}").write())
    assert (after.appraisal.acknowledge_seconds, after.appraisal.close_seconds) == (600.0, 86_400.0)
    assert after.appraisal.weights == {"acknowledged": 40, "closed": 0, "contacted": 20, "early": 50}
    assert differing(before, after) == ("appraisal",)
    assert "appraisal" in LIVE
    assert told(before, after, "en") == ["appraisal: weights changed"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("weights: {acknowledged: 0, closed: 0, contacted: 0, early: 0}", "nothing counts"),
        ("weights: {located: 10}", "located"),
        ("weights: {early: 101}", "100"),
        ("acknowledge: 2d", "1d"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(tmp_path, written, said):
    _, faults, _ = examine(with_line(tmp_path, f"appraisal: {{{written}}}").write(), "en")
    assert len(faults) == 1
    assert said in str(faults[0])
