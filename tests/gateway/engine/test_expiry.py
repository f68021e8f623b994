"""An authority that ends soon: told 14, 7 and 3 days before, ended by an extension; and one that has ended."""

from __future__ import annotations

from dataclasses import replace

import pytest
from timeline import DAY, FOREVER, Timeline, at, authority, brief, clock, county

from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.timers import next_due
from gateway.settings.model import Assignment, AuthorityKind, Device

END = at(40, 0)
ONE = county().assignments[:1]


def told(until: float = END, **changes: object) -> Timeline:
    """P0001 alone, from noon on."""
    usual = {"assignments": ONE, "authorities": (authority("P0001", at(-30, 0), until),), "rules": ()}
    return Timeline.of(at(0, 12), **(usual | changes))


def ticked(one: Timeline, *days: float) -> list[dict]:
    for day in days:
        one.tick(at(0, 24 * day))
    return one.run()


def test_it_is_told_14_7_and_3_days_before_in_one_alarm_and_at_the_end_that_the_device_is_still_worn():
    events = ticked(told(), 20, 26, 33, 37, 41)
    assert brief(events) == [
        ("raised", "authority_expiring"), ("updated", "authority_expiring"), ("updated", "authority_expiring"),
        ("raised", "authority_ended"), ("cleared", "authority_expiring"),
    ]  # fmt: skip
    assert [event["data"]["facts"].get("days") for event in events] == [14, 7, 3, None, 3]
    assert len({event["data"]["alarm"] for event in events}) == 2
    soon, ended = events[0]["data"], events[3]["data"]
    assert [clock(event["time"]) for event in events] == [at(26, 0), at(33, 0), at(37, 0), END, END]
    assert (soon["severity"], ended["severity"]) == ("warning", "serious")
    assert "电子定位依据2026-12于2026-12-11到期（还有14天）" in soon["text"]["zh"]
    assert "到期自动停止" in soon["text"]["zh"]
    assert "ends with 2026-12-11 (14 days)" in soon["text"]["en"]
    assert "AUTHORITY OVER" in events[4]["data"]["text"]["en"]
    assert "已于2026-12-11到期" in ended["text"]["zh"]


def test_it_says_when_the_last_review_was_due():
    (soon,) = ticked(told(), 26)
    assert soon["data"]["facts"]["review"] == pytest.approx(at(0, 0))
    assert "最近一次应于2026-11-02完成" in soon["data"]["text"]["zh"]


def test_a_young_authority_has_had_no_review():
    (soon,) = ticked(told(at(10, 0), authorities=(authority("P0001", at(-5, 0), at(10, 0)),)), 1)
    assert "review" not in soon["data"]["facts"]
    assert soon["data"]["facts"]["days"] == 10


def test_an_extension_ends_it_and_counts_anew():
    one = told()
    ticked(one, 27)
    longer = (authority("P0001", at(-30, 0), END), authority("P0001", END, at(80, 0)))
    one.reconfigure(at(28, 0), assignments=ONE, rules=(), authorities=longer, digest="d2")
    events = ticked(one, 30, 41, 67)
    assert brief(events) == [("cleared", "authority_expiring"), ("raised", "authority_expiring")]
    assert events[0]["data"]["facts"]["extended_until"] == at(80, 0)
    assert "EXTENDED" in events[0]["data"]["text"]["en"]
    assert clock(events[1]["time"]) == at(66, 0)


def test_a_bracelet_that_is_taken_off_ends_it_and_is_no_alarm_at_the_end():
    one = told()
    ticked(one, 27)
    off = (replace(ONE[0], until=at(28, 0)),)
    one.reconfigure(
        at(28, 0), assignments=off, rules=(), authorities=(authority("P0001", at(-30, 0), END),), digest="d2"
    )
    assert brief(ticked(one, 41)) == [("cleared", "authority_expiring")]


def test_a_wearing_that_ends_with_the_authority_is_no_alarm():
    events = ticked(told(assignments=(replace(ONE[0], until=END),)), 41)
    assert [change for change, _ in brief(events)] == ["raised", "updated", "updated", "cleared"]
    assert {kind for _, kind in brief(events)} == {"authority_expiring"}


def test_who_is_given_a_bracelet_later_is_told_of_then():
    (soon,) = ticked(told(assignments=(Assignment("B0001", "P0001", at(30, 12), FOREVER),)), 32)
    assert (clock(soon["time"]), soon["data"]["facts"]["days"]) == (at(30, 12), 10)


def test_nobody_is_told_of_what_another_authority_covers():
    later = (authority("P0001", at(-30, 0), at(-3, 0)), authority("P0001", at(-2, 0), at(60, 0)))
    assert ticked(told(authorities=later), 1, 40) == []


def test_a_term_that_ends_before_ends_it():
    people = {"P0001": replace(county().people["P0001"], term_until=at(20, 0))}
    assert clock(ticked(told(people=people), 7)[0]["time"]) == at(6, 0)


def test_a_phone_has_an_authority_of_its_own():
    devices = {**county().devices, "F0001": Device("F0001", "mlp", "13800000001", "wgs84-opening", carrier="carrier")}
    worn = (*ONE, Assignment("F0001", "P0001", at(-30, 0), FOREVER))
    phone = replace(authority("P0001", at(-30, 0), END), kind=AuthorityKind.PHONE_CHECK, ground=None, document="7")
    both = (authority("P0001", at(-30, 0), END), phone)
    events = ticked(told(devices=devices, assignments=worn, authorities=both), 26, 33, 41)
    assert [(change, kind) for change, kind in brief(events)].count(("raised", "authority_expiring")) == 2
    texts = " ".join(event["data"]["text"]["en"] for event in events)
    assert "authority for phone checks 7 ends" in texts
    assert brief(events).count(("raised", "authority_ended")) == 2


def test_a_closed_one_is_told_again_at_the_next_step():
    one = told()
    (soon,) = ticked(one, 26)
    one.close(soon["data"]["alarm"], at(27, 0), outcome="technical")
    assert brief(ticked(one, 34)) == [("closed", "authority_expiring"), ("raised", "authority_expiring")]


def test_what_falls_due_while_nobody_listens_is_told_at_the_start():
    one = told()
    one.stop(at(25, 0))
    one.start(at(27, 0))
    (soon,) = ticked(one, 27.1)
    assert (clock(soon["time"]), soon["data"]["facts"]["days"]) == (at(27, 0), 13)


def test_a_snapshot_keeps_what_was_told_and_a_timer_asks_for_the_next():
    one = told()
    ticked(one, 26)
    one.state = restore(snapshot_of(one.state))
    assert next_due(one.state, one.policy) == at(33, 0)
    assert brief(ticked(one, 33)) == [("updated", "authority_expiring")]


def test_thousands_that_end_on_one_day_are_told_each_once():
    names = [f"P{number:04d}" for number in range(300)]
    people = {name: replace(county().people["P0001"], person=name) for name in names}
    devices = {f"B{name}": replace(county().devices["B0001"], device=f"B{name}", identity=name) for name in names}
    worn = tuple(Assignment(f"B{name}", name, at(-30, 0), FOREVER) for name in names)
    lawful = tuple(authority(name, at(-30, 0), END) for name in names)
    one = Timeline.of(at(0, 12), people=people, devices=devices, assignments=worn, authorities=lawful, rules=())
    events = ticked(one, 30, 34, 41)
    assert brief(events).count(("raised", "authority_ended")) == len(names)
    assert len(events) == 5 * len(names)
    assert all(clock(event["time"]) - DAY <= END for event in events)
