"""A policy compiled by the difference from another is the one compiled anew, to the byte, and costs what differs."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet
from test_drawn import told
from timeline import FOREVER, RULES, alarm_policies, at, authority, county, nights, person

from gateway.engine import compile_policy, redrawn, undrawn
from gateway.engine import drawn as drawing
from gateway.engine.blend import blended
from gateway.engine.drawn import draw
from gateway.settings.absences import Leave, Removal, RemovalReason
from gateway.settings.differences import shared
from gateway.settings.meetings import KeepAwayRule, NotTogetherRule
from gateway.settings.model import Assignment, Circle, Device, NightsOutRule, Rule, ZoneDefinition

BOTH = ("P0001", "P0002")
OF_RULES = ("pairs", "habits", "stills", "chargings")


def one_more(now, number):
    """Somebody new with a home, a bracelet and an authority."""
    name, device = f"P{number:04d}", f"B{number:04d}"
    return {
        "people": {**now.people, name: person(name, (10.0 * number, 50.0))},
        "devices": {**now.devices, device: Device(device, "jt808", f"1390{number:07d}", "g10ls")},
        "assignments": (
            *(a for a in now.assignments if a.device != device),
            Assignment(device, name, at(0, 0), FOREVER),
        ),
        "authorities": (*now.authorities, authority(name)),
    }


def another(now, **parts):
    """Somebody's entry with other fields."""
    return {"people": {**now.people, "P0002": replace(now.people["P0002"], **parts)}}


def ruled(now, rule):
    return {"rules": (*(one for one in now.rules if one.id != rule.id), rule)}


def zoned(now, zone):
    return {"zones": {**now.zones, zone.id: zone}}


CHANGES = {
    "person": one_more,
    "term": lambda now, number: another(now, term_until=at(number, 0)),
    "level": lambda now, number: another(now, level=("strict", "general", "lenient")[number % 3]),
    "home": lambda now, number: another(now, home=replace(now.people["P0001"].home, radius_m=50.0 + number)),
    "protected": lambda now, number: another(now, protected=number % 2 == 0),
    "worn until": lambda now, number: {
        "assignments": (replace(now.assignments[0], until=at(number, 1)), *now.assignments[1:])
    },
    "authority": lambda now, number: {
        "authorities": (*now.authorities, authority("P0001", at(50, 0), at(60 + number, 0)))
    },
    "document": lambda now, number: ruled(now, replace(RULES["cafes"], basis=f"order {number}")),
    "barred": lambda now, number: ruled(now, Rule(f"x{number}", BOTH, "order", keep_out="cafes", start=at(number, 0))),
    "near": lambda now, number: ruled(now, replace(RULES["stay"], near_m=float(number))),
    "nights": lambda now, number: ruled(
        now, replace(RULES["nights"], people=BOTH[: 1 + number % 2], curfew=nights(20 * 60 + number))
    ),
    "no rule": lambda now, _number: {"rules": now.rules[1:] or now.rules},
    "apart": lambda now, number: ruled(
        now, Rule("apart", BOTH, "order", not_together=NotTogetherRule(5.0 + number, 600.0))
    ),
    "away": lambda now, number: ruled(
        now, Rule("away", ("P0001",), "order", keep_away=KeepAwayRule("P0002", 100.0 + number, 10.0))
    ),
    "habits": lambda now, number: ruled(
        now, Rule("out", BOTH, "order", nights_out=NightsOutRule(3, 7), no_motion_s=3600.0 + number)
    ),
    "radius": lambda now, number: zoned(
        now, ZoneDefinition("cafes", "cafes", (Circle("cafe", 24.31, 109.41, 60.0 + number),))
    ),
    "zone": lambda now, number: zoned(now, ZoneDefinition(f"z{number}", "z", (Circle("z", 24.2, 109.4, 70.0),))),
    "zone for": lambda now, number: zoned(now, replace(now.zones["cafes"], people=("P0002",), until=at(number, 0))),
    "leave": lambda now, number: {
        "leave": (*now.leave, Leave("P0001", "square", at(number, 0), at(number + 2, 0), "B", excuses=("nights",)))
    },
    "removal": lambda _now, number: {
        "removals": (Removal("P0002", RemovalReason.REPAIR, at(number, 0), at(number, 1), "B"),)
    },
    "alarms": lambda _now, number: {"alarms": alarm_policies(600.0 + number)},
    "nothing": lambda _now, _number: {},
}
"""What may differ, by name: the parts that do, of a configuration and a number from 3 to 30."""


def changed(policy, name, number):
    """A configuration as files would bring it: other objects that mostly say the same."""
    now = policy.configuration
    files = replace(now, people=dict(now.people), zones={key: replace(zone) for key, zone in now.zones.items()},
                    rules=tuple(replace(rule) for rule in now.rules), devices=dict(now.devices))  # fmt: skip
    return shared(now, replace(files, **CHANGES[name](files, number)))


def followed(policy, after):
    """By the difference from a policy, drawn as a reload draws."""
    zones, homes = undrawn(policy.configuration, after)
    chosen = replace(
        after, zones={key: after.zones[key] for key in zones}, people={key: after.people[key] for key in homes}
    )
    more = draw(chosen)._replace(rules_digest=draw(after).rules_digest, table=None)
    return compile_policy(after, redrawn(policy, more, after), policy)


def bits(policy):
    """All that a policy says, to the byte, without how it came about."""
    return {
        each.name: told(getattr(policy, each.name)) for each in fields(policy) if each.name not in {"parts", "anew"}
    }


@must_meet("parts taken", *CHANGES)
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(3, 30)), min_size=1, max_size=4))
@example(steps=[(name, 7) for name in CHANGES])
@example(steps=[(name, 8) for name in reversed(CHANGES)])
@settings(max_examples=examples(100))
def test_by_the_difference_and_anew_are_the_same_to_the_byte(steps, met):
    policy = compile_policy(county())
    for name, number in steps:
        after = changed(policy, name, number)
        policy = followed(policy, after)
        assert bits(policy) == bits(compile_policy(after))
        met[name] += 1
        met["parts taken"] += len(policy.parts) > len(policy.anew)


def test_what_says_the_same_is_not_compiled():
    before = compile_policy(county())
    after = followed(before, changed(before, "nothing", 3))
    assert after.anew == ()
    assert after.watches is before.watches


@pytest.mark.parametrize(("name", "made"), [
    ("document", {"rules", "watches", "curfews", "curfew_key", "idle", "near", *OF_RULES}),
    ("radius", {"zone_ids", "wide", "watches", "idle", "registered"}),
    ("removal", {"removed"}),
    ("alarms", {"deadlines"}),
])  # fmt: skip
def test_one_change_costs_what_depends_on_it(name, made):
    """Whoever wears what, and what the law covers, is not gone through again for a rule or a zone."""
    before = compile_policy(county())
    once = followed(before, changed(before, name, 3))
    again = followed(once, changed(once, name, 4))
    assert set(again.anew) <= made
    assert np.shares_memory(again.assigned.start, before.assigned.start)


def test_a_part_that_came_out_the_same_stops_the_change():
    """Another document moves no watch, so that nothing that hangs on watches alone is made anew."""
    before = compile_policy(county())
    after = followed(before, changed(before, "document", 3))
    assert "watches" in after.anew
    assert after.watches is before.watches
    assert not {"groups", "spells", "on_leave", "watch_seats"} & set(after.anew)


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_former_rules_for_those_of_now_are_the_same_to_the_byte(name):
    then = compile_policy(county())
    now = followed(then, changed(then, name, 7))
    mixed = blended(then, now)
    assert bits(mixed) == bits(compile_policy(mixed.configuration))


@pytest.mark.parametrize("name", ["document", "radius", "nights"])
def test_a_late_report_has_nothing_of_former_rules_drawn_or_compiled_again(name, monkeypatch):
    then = compile_policy(county())
    now = followed(then, changed(then, name, 7))
    monkeypatch.setattr(drawing, "zone_shapes", None)
    monkeypatch.setattr(drawing, "_digest_of_rules", None)
    assert blended(then, now).anew == ()
