"""What another configuration changes for whom is said in sentences; every part of a configuration has its place."""

from __future__ import annotations

from dataclasses import fields

import pytest

from gateway.settings.differences import (
    ALONE,
    AT_RESTART,
    BY_PERSON,
    LIVE,
    PHONES,
    PROFILES,
    _named,
    before_all,
    changed_files,
    differing,
    for_two,
    told,
)
from gateway.settings.load import load
from gateway.settings.model import Configuration

ON_LEAVE = "on leave 2026-12-31 18:00 to 2027-01-02"
RULES, PEOPLE = "rules/rules.yaml", "people.csv"
CHANGES = [
    (RULES, 'from: "22:00"', 'from: "21:00"', ("rules",), [
        "P0001: now at home 21:00–08:00 next day (grace 15 min) (before: at home 22:00–08:00 next day (grace 15 min))",
    ]),
    (RULES, "    keep_out: cafe\n", "", ("rules",), None),
    (RULES, "radius_m: 40", "radius_m: 60", ("zones",), ["P0001: cafe 3 has other bounds", "zones: cafe changed"]),
    (RULES, "document: 2026-12", "document: 2026-13", ("authorities",), [
        "P0001: new: authority from 2026-11-01 to 2027-01-31 (2026-13)",
        "P0001: no longer: authority from 2026-11-01 to 2027-01-31 (2026-12)",
    ]),
    (RULES, 'until: "2027-01-02 20:00"', 'until: "2027-01-02 21:00"', ("leave",), [
        f"P0001: now {ON_LEAVE} 21:00 (cafe 3) (before: {ON_LEAVE} 20:00 (cafe 3))",
    ]),
    (RULES, "basis: order 2", "basis: order 7", ("rules",), [
        "P0001: now rule nights on the basis of order 7 (before: rule nights on the basis of order 2)",
    ]),
    (RULES, "escalate_after: 5min", "escalate_after: 6min", ("alarms",), ["alarms: strap_cut changed"]),
    (RULES, "staff: [L01]", "staff: [L02]", ("duty",), ["duty: leader changed"]),
    (PEOPLE, "P0002,general", "P0002,lenient", ("people",), ["P0002: now lenient (before: general)"]),
    (PEOPLE, "wgs84,80", "wgs84,90", ("people",), ["P0001: the home has another place or radius"]),
    (PEOPLE, "P0002,general,SFS-01", "P0002,general,SFS-02", ("people",), [
        "P0002: office now SFS-02 (before: SFS-01)",
    ]),
    (PEOPLE, "P0002,general,SFS-01,,,,,\n", "", ("people",), [
        "P0002: not entered any more, and not followed any more",
    ]),
    (PEOPLE, "P0002,general,SFS-01,,,,,\n", "P0002,general,SFS-01,,,,,\nP0003,general,SFS-01,,,,,\n", ("people",), [
        "P0003: entered", "P0003: new: general",
    ]),
    ("devices.csv", "B0002,jt808,013900000002,", "B0002,jt808,013900000002,g10ls", ("devices",), [
        "devices: B0002 changed",
    ]),
    ("gateway.yaml", "keep_days: 180", "keep_days: 181", ("storage",), []),
    ("rules/rules.yaml", "leave:\n", "holds: [{person: P0001, document: case 7, from: 2026-11-01 00:00}]\nleave:\n",
     ("holds",), ["holds: case 7 P0001 added"]),
]  # fmt: skip


def both(written, name, old, new):
    before = load(written.write())
    written.replace(name, old, new)
    return before, load(written.write())


@pytest.mark.parametrize(("name", "old", "new", "parts", "said"), CHANGES)
def test_each_change_is_said_once_and_its_part_is_named(written, name, old, new, parts, said):
    before, after = both(written, name, old, new)
    assert differing(before, after) == parts
    assert changed_files(before.sources, after.sources) == [name]
    found = told(before, after, "en")
    if said is None:
        assert any("barred from cafe 3" in line for line in found)
    else:
        assert found == said
    assert len(told(before, after, "zh")) == len(found)


def test_nothing_is_said_where_nothing_changes(written):
    one, same = load(written.write()), load(written.write())
    assert (differing(one, same), told(one, same, "en"), told(one, same, "zh")) == ((), [], [])


def test_every_part_that_may_change_while_the_gateway_runs_is_told_of(written):
    given = load(written.write())
    for name in LIVE:
        assert hasattr(given, name)
        assert name in BY_PERSON or _named(getattr(given, name), name) or name in {"staff", "holds", "tasks"}
    assert set(LIVE) & set(AT_RESTART) == set()
    assert set(LIVE) > ALONE


@pytest.mark.parametrize(
    ("name", "old", "new", "part"),
    [
        ("gateway.yaml", "timezone: Asia/Shanghai", "timezone: Asia/Tokyo", "county"),
        ("gateway.yaml", "include:", "commands: {answer_timeout: 20s}\ninclude:", "commands"),
    ],
)
def test_what_all_else_is_read_by_takes_a_restart_before_anything(written, name, old, new, part):
    before, after = both(written, name, old, new)
    assert part in before_all(before, after)
    assert for_two(before, after) == tuple(each for each in differing(before, after) if each in {"rules", "people"})


def test_profiles_and_phones_are_parts_of_their_own(written):
    written.replace(RULES, "authorities:\n", "# a note\nauthorities:\n")
    one = load(written.write())
    sources = {**one.sources, "profiles/jt808/own.yaml": "name: own"}
    other = Configuration(**{
        each.name: sources if each.name == "sources" else getattr(one, each.name) for each in fields(Configuration)
    })  # fmt: skip
    assert differing(one, other) == (PROFILES,)
    phone = {"P1": type(next(iter(one.devices.values())))("P1", "mlp", "8613900000009", "", carrier="mobile")}
    third = Configuration(**{
        each.name: {**one.devices, **phone} if each.name == "devices" else getattr(one, each.name)
        for each in fields(Configuration)
    })  # fmt: skip
    assert set(differing(one, third)) == {"devices", PHONES}
