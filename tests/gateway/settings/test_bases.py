"""What may be asked of people who may be located by phone only."""

import pytest

from gateway.engine import policy
from gateway.settings.bases import REGION_M
from gateway.settings.load import examine

PHONE_CHECK = """\
  - {person: P0002, kind: phone_check, document: d3, approved_by: A,
     wearer_informed: 2026-11-01, from: 2026-11-01, until: 2027-01-31}
zones:
"""


def rule(written, what):
    written.replace(
        "rules/rules.yaml", "leave:\n", f"  - {{id: phones, people: [P0002], basis: order 3, {what}}}\nleave:\n"
    )


@pytest.fixture
def phoned(written):
    """The small county; P0002 may be asked for by phone."""
    written.replace("rules/rules.yaml", "zones:\n", PHONE_CHECK)
    return written


@pytest.mark.parametrize(
    ("what", "key"),
    [
        ('curfew: {zone: county, from: "22:00", until: "08:00"}', "curfew"),
        ("keep_out: cafe", "keep_out"),
        ("keep_out: county", "keep_out"),
        ("stay_inside: cafe", "stay_inside"),
        ("stay_inside: county, keep_out: cafe", "keep_out"),
    ],
)
def test_a_phone_never_gets_a_curfew_or_a_small_zone(phoned, what, key):
    rule(phoned, what)
    (fault,) = phoned.faults()
    place, _, message = fault.partition(": ")
    assert place == f"rules/rules.yaml:23:{51 + what.index(key) + len(key) + 2}"
    assert message.startswith(f"{key} of the rule “phones” binds P0002, who have no authority for a bracelet")
    assert f"规则“phones”的 {key} 也管到 P0002" in phoned.faults("zh")[0]


def test_so_it_is_where_there_is_no_authority_at_all(written):
    rule(written, 'curfew: {zone: county, from: "22:00", until: "08:00"}')
    (fault,) = written.faults()
    assert fault.startswith("rules/rules.yaml:21:59: curfew of the rule “phones” binds P0002")


def test_a_person_with_both_bases_may_have_a_curfew(phoned):
    phoned.replace(
        "rules/rules.yaml", "  - {person: P0002, kind: phone_check",
        "  - {person: P0002, kind: bracelet, ground: left_without_leave, document: d2, approved_by: A,\n"
        "     wearer_informed: 2026-11-01, from: 2026-11-01, until: 2027-01-31}\n  - {person: P0002, kind: phone_check",
    )  # fmt: skip
    rule(phoned, "keep_out: cafe")
    assert phoned.faults() == []


def test_a_wide_region_is_what_a_phone_can_show(phoned):
    rule(phoned, "stay_inside: county")
    assert phoned.faults() == []
    assert REGION_M == policy.REGION_M


def test_an_authority_with_a_fault_of_its_own_is_no_missing_one(written):
    written.replace("rules/rules.yaml", "    until: 2027-01-31\n", "    until: 2027-03-31\n")
    (fault,) = written.faults()
    assert "longer than three months" in fault


def test_a_ground_belongs_to_a_bracelet(phoned):
    phoned.replace("rules/rules.yaml", "kind: phone_check,", "kind: phone_check, ground: left_without_leave,")
    (fault,) = phoned.faults()
    assert fault == (
        "rules/rules.yaml:10:48: ground is the statutory ground of a bracelet, not of a phone check; delete it"
    )


@pytest.mark.parametrize(
    ("kind", "restriction", "noted"),
    [
        ("office_rule", "keep_out: cafe", "keep_out"),
        ("office_rule", 'curfew: {zone: home, from: "22:00", until: "08:00"}', "curfew"),
        ("office_rule", "repeated_place: {nights: 3, of: 5}", "repeated_place"),
        ("office_rule", "nights_out: {nights: 4, of: 7}", "nights_out"),
        ("office_rule", "no_motion: {hours: 14}", "no_motion"),
        ("office_rule", "stay_inside: county", ""),
        ("court_order", "keep_out: cafe", ""),
        ("statute", "keep_out: cafe", ""),
        ("approval", "keep_out: cafe", ""),
    ],
)
def test_what_rests_on_a_rule_of_the_office_alone_is_noted(written, kind, restriction, noted):
    rule = f"  - {{id: more, people: [P0001], basis: rule 7, basis_kind: {kind}, {restriction}}}\n"
    written.replace("rules/rules.yaml", "rules:\n", f"rules:\n{rule}")
    configuration, faults, warnings = examine(written.write())
    assert not faults
    assert configuration.rules[0].basis_kind == kind
    begin = f"note: {noted} of the rule “more” rests on a rule of the office alone (office_rule); a curfew,"
    assert [fault.message.startswith(begin) for fault in warnings] == [True] * bool(noted)


@pytest.mark.parametrize(
    ("kind", "is_pattern"), [("repeated_place", True), ("nights_out", True), ("no_motion", True), ("strap_cut", False)]
)
def test_a_pattern_is_never_critical(written, kind, is_pattern):
    written.replace("rules/rules.yaml", "  strap_cut: {severity", f"  {kind}: {{severity")
    configuration, faults, warnings = examine(written.write())
    assert not faults
    assert sum(f"“{kind}” is a pattern" in fault.message for fault in warnings) == is_pattern
    assert configuration.alarms[kind].severity == ("serious" if is_pattern else "critical")


def test_a_barred_zone_that_is_for_others_asks_nothing_of_who_has_no_bracelet(phoned):
    phoned.replace(
        "rules/rules.yaml", "leave:\n", "  - {id: barred, people: all, basis: order 3, keep_out: cafe}\nleave:\n"
    )
    (fault,) = phoned.faults()
    assert "keep_out of the rule “barred” binds P0002" in fault
    phoned.replace("rules/rules.yaml", "radius_m: 40}", "radius_m: 40, people: {level: strict}}")
    assert phoned.faults() == []
