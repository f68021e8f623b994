"""Rules between people, as they are written, refused and read back."""

import pytest

from gateway.console.lawful import devices_shown, lawful_people, why_hidden
from gateway.engine.policy import compile_policy
from gateway.settings.load import load
from gateway.settings.meetings import Appointment, KeepAwayRule, NotTogetherRule
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


PROTECTED = """\
protected:
  - {id: V0001, office: SFS-02, device: T0001, consent: consent 3, from: 2026-11-01, until: 2027-01-31}
leave:
"""


@pytest.fixture
def guarded(written):
    """The small county; P0001 is to keep away from V0001, who has a tag."""
    written.texts["devices.csv"] += "T0001,jt808,013900000009,g10ls\n"
    written.replace("rules/rules.yaml", "leave:\n", PROTECTED)
    return written


def keep_away(written, what="{protected: V0001, within: 500}"):
    rule = f"  - {{id: away, people: [P0001], basis: order 4, keep_away: {what}}}\nprotected:\n"
    written.replace("rules/rules.yaml", "protected:\n", rule)


def test_a_protected_person_is_located_with_consent_and_asked_nothing(guarded):
    keep_away(guarded)
    assert guarded.faults() == []
    read = load(guarded.write())
    assert read.rules[-1].keep_away == KeepAwayRule("V0001", 500.0, 500.0)
    assert read.people["V0001"].protected
    assert [each.document for each in read.authorities if each.person == "V0001"] == ["consent 3"]
    assert [each.device for each in read.assignments if each.person == "V0001"] == ["T0001"]
    assert not any("V0001" in rule.people for rule in read.rules)
    policy = compile_policy(read)
    assert [policy.wearings[at][1] for at in policy.hidden.nonzero()[0]] == ["V0001"]


def test_both_are_told_what_is_so(guarded):
    keep_away(guarded)
    read = load(guarded.write())
    assert "to keep 500 m away from protected V0001" in sentences(read, "en")[0]
    told = "V0001：受保护人，2026-11-01 至 2027-01-31 凭同意书（consent 3）定位T0001，位置不向任何人显示。"
    assert sentences(read, "zh")[-1] == told


def test_no_page_may_show_a_protected_person(guarded):
    read = load(guarded.write())
    now = next(each.start for each in read.authorities if each.person == "V0001") + 3600.0
    assert why_hidden(read, "V0001", now) == "hidden_protected"
    assert devices_shown(read, "V0001", now) == frozenset()
    assert "V0001" not in lawful_people(read, now)


FAULTS = [
    ("id: V0001", "id: P0001", "P0001” is one of people"),
    ("device: T0001", "device: B0001", "is somebody else's in that time"),
    ("device: T0001", "device: T0009", "T0009"),
    ("until: 2027-01-31}\nleave", "until: 2026-10-01}\nleave", "until"),
]


@pytest.mark.parametrize(("old", "new", "word"), FAULTS)
def test_what_is_wrong_of_a_protected_person_is_said(guarded, old, new, word):
    guarded.replace("rules/rules.yaml", old, new)
    assert any(word in fault for fault in guarded.faults())
    assert guarded.faults("zh")


def test_a_rule_names_somebody_who_is_protected(guarded):
    keep_away(guarded, "{protected: V0009, within: 500}")
    (fault,) = guarded.faults()
    assert "“V0009” is none of protected; write one of V0001" in fault


def appointment(written, what='zone: cafe, from: "2026-12-02 14:00", until: "2026-12-02 15:00", document: notice 4'):
    written.replace("rules/rules.yaml", "leave:\n", f"appointments:\n  - {{person: P0001, {what}}}\nleave:\n")


def test_an_appointment_is_read_with_its_grace(written):
    appointment(written)
    (read,) = load(written.write()).appointments
    assert (read.person, read.zone, read.document, read.grace_s) == ("P0001", "cafe", "notice 4", 900.0)
    assert read.until - read.start == 3600.0
    assert isinstance(read, Appointment)


@pytest.mark.parametrize(
    ("what", "word"),
    [
        ('zone: moon, from: "2026-12-02 14:00", until: "2026-12-02 15:00", document: n', "moon"),
        ('zone: cafe, from: "2026-12-02 14:00", until: "2026-12-02 13:00", document: n', "until"),
        ('zone: cafe, from: "2026-12-02 14:00", until: "2026-12-02 15:00"', "document"),
    ],
)
def test_what_is_wrong_of_an_appointment_is_said(written, what, word):
    appointment(written, what)
    (fault,) = written.faults()
    assert word in fault


def test_how_near_a_boundary_is_near_needs_a_boundary(written):
    written.replace("rules/rules.yaml", "stay_inside: county}", "stay_inside: county, near: 300}")
    assert load(written.write()).rules[0].near_m == 300.0
    rule = '  - {id: late, people: [P0001], basis: o, near: 300, curfew: {zone: home, from: "22:00", until: "08:00"}}\n'
    written.replace("rules/rules.yaml", "leave:\n", f"{rule}leave:\n")
    (fault,) = written.faults()
    assert "it needs stay_inside or keep_out" in fault
