"""Rules between people, as they are written, refused and read back."""

import pytest

from gateway.settings.load import load
from gateway.settings.meetings import NotTogetherRule
from gateway.settings.sentences import sentences

WORN = """\
  - {person: P0002, kind: bracelet, ground: left_without_leave, document: d2, approved_by: A,
     wearer_informed: 2026-11-01, from: 2026-11-01, until: 2027-01-31}
zones:
"""


@pytest.fixture
def worn(written):
    """The small county; P0002 may wear a bracelet, too."""
    written.replace("rules/rules.yaml", "zones:\n", WORN)
    return written


def company(written, people="[P0001, P0002]", what="{within: 100}"):
    rule = f"  - {{id: company, people: {people}, basis: order 3, not_together: {what}}}\nleave:\n"
    written.replace("rules/rules.yaml", "leave:\n", rule)


@pytest.mark.parametrize(
    ("what", "rule"),
    [
        ("{within: 100}", NotTogetherRule(100.0, 900.0)),
        ("{within: 50, lasting: 1h}", NotTogetherRule(50.0, 3600.0)),
    ],
)
def test_a_rule_of_accomplices_is_read(worn, what, rule):
    company(worn, what=what)
    assert worn.faults() == []
    assert load(worn.write()).rules[-1].not_together == rule


def test_each_is_told_of_the_others(worn):
    company(worn)
    read = load(worn.write())
    assert "not to keep company with P0002 (within 100 m)" in sentences(read, "en")[0]
    assert "不得与P0001同行（100米以内）" in sentences(read, "zh")[1]


@pytest.mark.parametrize("people", ["all", "[P0001]", "{level: strict}"])
def test_it_is_about_named_people(worn, people):
    company(worn, people=people)
    (fault,) = worn.faults()
    assert "needs the ids of two people at least" in fault
    assert "至少两个人的编号" in worn.faults("zh")[0]


def test_it_needs_a_bracelet_of_each(written):
    company(written)
    (fault,) = written.faults()
    assert "not_together of the rule “company” binds P0002" in fault


@pytest.mark.parametrize("what", ["{within: 5}", "{within: 5000}", "{within: 100, lasting: 2d}", "{}"])
def test_distances_and_times_have_bounds(worn, what):
    company(worn, what=what)
    assert len(worn.faults()) == 1
