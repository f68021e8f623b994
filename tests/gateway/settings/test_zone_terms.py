"""What kind a zone is, when and for whom: as it is written, and what does not fit the rules and leave that name it."""

import math
from datetime import UTC, datetime

import pytest

from gateway.categories import CATEGORIES, IN_CHINESE, counted
from gateway.engine import compile_policy, pack_drawn, unpack_drawn
from gateway.settings.kept import keep, recall
from gateway.settings.load import load, read_noting
from gateway.settings.sentences import sentences

RULES = "rules/rules.yaml"
CIRCLE = "radius_m: 40}"
LEAVE = 'leave:\n  - {person: P0001, zone: cafe, from: "2026-12-31 18:00", until: "2027-01-02 20:00", '
LEAVE += "approved_by: office B}\n"


def zone(written, more):
    written.replace(RULES, CIRCLE, f"radius_m: 40, {more}}}")
    return written


@pytest.fixture
def bare(written):
    """Without leave into the zone."""
    written.replace(RULES, LEAVE, "")
    return written


def midnight(*day):
    return datetime(*day, tzinfo=UTC).timestamp() - 8 * 3600.0


def test_a_zone_holds_from_its_first_day_to_the_end_of_its_last(bare):
    found = load(zone(bare, "from: 2026-11-05, until: 2026-11-20").write()).zones
    assert (found["cafe"].start, found["cafe"].until) == (midnight(2026, 11, 5), midnight(2026, 11, 21))
    assert (found["county"].start, found["county"].until) == (-math.inf, math.inf)


@pytest.mark.parametrize(
    ("people", "ids"),
    [("all", ("P0001", "P0002")), ("[P0001]", ("P0001",)), ("{level: strict}", ("P0001",)), ("{level: 宽管}", ())],
)
def test_a_zone_is_for_the_people_that_it_names(bare, people, ids):
    bare.replace(RULES, "keep_out: cafe", "stay_inside: county")
    found = load(zone(bare, f"people: {people}").write()).zones["cafe"]
    assert found.people == ids
    assert [found.is_for(person) for person in ("P0001", "P0002", "P0003")] == [
        person in ids for person in ("P0001", "P0002", "P0003")
    ]  # fmt: skip


def test_a_zone_that_names_nobody_is_for_all(written):
    found = load(written.write()).zones["cafe"]
    assert (found.people, found.category, found.is_for("P0002")) == (None, "", True)


@pytest.mark.parametrize(("word", "key"), [*IN_CHINESE.items(), *((key, key) for key in CATEGORIES)])
def test_a_category_is_written_in_either_language(written, word, key):
    assert load(zone(written, f"category: {word}").write()).zones["cafe"].category == key


def test_places_are_counted_in_both_languages():
    assert [counted("internet_cafe", 3, "zh"), counted("school", 1, "zh"), counted("market", 2, "zh")] == [
        "网吧3家", "学校1所", "市场2个",
    ]  # fmt: skip
    assert [counted("internet_cafe", 3, "en"), counted("school", 1, "en")] == ["3 internet cafes", "1 school"]
    assert len(IN_CHINESE) == len(CATEGORIES)


FAULTS = [
    ("category: pub", "12:104", "“pub” is not a choice; write one of: internet_cafe（网吧）, bar（酒吧）"),
    ("category: ''", "12:", "nothing is written here"),
    ("from: 2026-11-20, until: 2026-11-19", "12:", "the end is not after the start; correct until"),
    ("from: 2026-02-30", "12:", "“2026-02-30”"),
    ("people: [P0009]", "12:", "no person “P0009”"),
    ("people: strict", "12:", "“strict” does not name people"),
    ("people: [P0002]", "16:14", "the zone “cafe” is not for P0001; add them to the zone's people"),
]


@pytest.mark.parametrize(("more", "place", "fault"), FAULTS, ids=[each[0] for each in FAULTS])
def test_a_fault_of_its_terms_is_named_at_its_place(bare, more, place, fault):
    found = zone(bare, more).faults()
    assert any(each.startswith(f"{RULES}:{place}") and fault in each for each in found), found


def test_a_rule_of_a_level_whose_zone_is_for_none_of_them_is_named(bare):
    bare.replace(RULES, "people: [P0001]", "people: {level: general}")
    bare.replace(RULES, "repeated_place: {nights: 3, of: 5}", "")
    bare.replace(RULES, 'curfew: {zone: home, from: "22:00", until: "08:00", days: daily, grace: 15min}', "")
    found = zone(bare, "people: [P0001]").faults()
    assert any("is for none of the people of rule “nights”" in each for each in found), found


def test_a_rule_and_its_zone_that_never_meet_are_named(bare):
    bare.replace(RULES, "keep_out: cafe", "keep_out: cafe\n    from: 2026-12-01")
    (found,) = zone(bare, "from: 2026-11-05, until: 2026-11-30").faults()
    assert found.startswith(f"{RULES}:18:")
    assert "the zone “cafe” holds 2026-11-05 to 2026-11-30, and on no day of this rule" in found
    (found,) = bare.faults("zh")
    assert "在 2026-11-05 至 2026-11-30 有效" in found


def test_they_may_meet_on_a_single_day(bare):
    bare.replace(RULES, "keep_out: cafe", "keep_out: cafe\n    from: 2026-11-30")
    assert zone(bare, "until: 2026-11-30").faults() == []


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        ("until: 2027-01-01", "the zone “cafe” holds … to 2027-01-01 only, not all through this leave"),
        ("from: 2027-01-01", "the zone “cafe” holds 2027-01-01 to … only"),
        ("until: 2027-01-02", ""),
    ],
)
def test_leave_into_a_zone_lasts_no_longer_than_the_zone(written, terms, fault):
    found = zone(written, terms).faults()
    assert bool(found) == bool(fault)
    assert all(fault in each for each in found)


def test_leave_into_a_zone_of_others_is_named(written):
    written.replace(RULES, "keep_out: cafe", "stay_inside: county")
    (found,) = zone(written, "people: [P0002]").faults()
    assert found.startswith(f"{RULES}:22:")
    assert "the zone “cafe” is not for P0001" in found


def test_the_sentence_of_a_person_has_the_days_of_the_zone_and_no_zone_of_others(bare):
    bare.replace(RULES, "people: [P0001]", "people: {level: strict}")
    told = sentences(load(zone(bare, "from: 2026-11-05, until: 2026-11-20").write()), "en")
    assert "barred from cafe 3 (from 2026-11-05, until 2026-11-20)" in told[0]
    bare.replace(RULES, "from: 2026-11-05, until: 2026-11-20", "people: {level: strict}")
    bare.replace(
        RULES,
        "people: {level: strict}, basis: order 1, stay_inside: county",
        "people: all, basis: order 1, keep_out: cafe",
    )
    bare.replace(RULES, "    keep_out: cafe\n", "")
    told = sentences(load(bare.write()), "en")
    assert "barred from cafe 3" in told[0]
    assert "no restrictions" in told[1]


HOLE = "[[109.51, 24.403], [109.512, 24.403], [109.512, 24.404]]"
PARTS = f"{{outline: [[109.5, 24.4], [109.52, 24.4], [109.52, 24.42]], holes: [{HOLE}]}}"
DRAWN = f"""zones:
  - {{id: parts, name: parts, datum: gcj02, parts: [{PARTS}]}}
  - {{id: line, name: line, datum: bd09, line: [[109.4, 24.3], [109.5, 24.35]], width_m: 80, buffer_m: 5}}
"""


def test_all_of_it_is_recalled_as_it_was_read(bare):
    bare.replace(RULES, "zones:\n", DRAWN)
    more = "from: 2026-11-05, until: 2026-11-20, people: [P0001], category: 网吧"
    directory = zone(bare, more).write()
    (directory / "data").mkdir()
    (directory / "data" / "secret").write_bytes(b"s" * 32)
    configuration, files, names = read_noting(directory)
    policy = compile_policy(configuration)
    keep(configuration, pack_drawn(policy), files.asked(names), files.credentials)
    recalled, _ = recall(directory, secrets=True)
    assert recalled.configuration == configuration
    assert repr(recalled.configuration.zones) == repr(configuration.zones)
    assert recalled.configuration.zones["cafe"].category == "internet_cafe"
    again = compile_policy(recalled.configuration, unpack_drawn(recalled.drawn))
    assert again.rules_digest == policy.rules_digest
    for name in ("corners", "sides", "begin", "end", "chain", "root"):
        assert getattr(again.zones.outlines, name).tobytes() == getattr(policy.zones.outlines, name).tobytes()
    assert [shape.id for shape in again.zones.shapes][:4] == ["cafe", "county", "line", "parts"]
