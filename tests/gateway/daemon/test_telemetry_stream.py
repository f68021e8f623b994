"""What a platform may have beside alarms: of whom the law covers now, and of nobody else."""

from __future__ import annotations

from dataclasses import replace

from timeline import FOREVER, HOME, Timeline, at, authority, person

from gateway.daemon.telemetry import Stream
from gateway.settings.model import Assignment, AuthorityKind, Device, Telemetry

PEOPLE = {"P0001": person("P0001", HOME), "P0002": replace(person("P0002", (-4000.0, 0.0)), minor=True)}
ALL = Telemetry("order 7", positions=True, presence=True)


def told(**changes):
    county = Timeline.of(people=PEOPLE, **changes)
    for device in ("B0001", "B0002"):
        county.stay(HOME, at(0, 22), at(0, 23), 60.0, device=device)
    county.run()
    return county


def seen(county, wanted=ALL):
    return Stream(lambda: (county.state, county.policy, at(0, 23))).look(wanted)


def people(rows):
    return {row["person"] for row in rows.values()}


def test_a_place_has_what_a_map_needs_and_no_more():
    (row,) = seen(told())["positions"].values()
    assert set(row) == {"person", "office", "device", "position", "radius95_m", "time", "source"}
    assert (row["person"], row["device"], row["position"]["type"]) == ("P0001", "B0001", "Point")


def test_of_minors_only_where_that_is_written():
    county = told()
    assert people(seen(county)["positions"]) == {"P0001"}
    assert people(seen(county, replace(ALL, minors=True))["positions"]) == {"P0001", "P0002"}


def test_each_kind_only_where_it_is_wanted():
    county = told()
    assert set(seen(county, replace(ALL, presence=False))) == {"positions"}
    assert set(seen(county, replace(ALL, positions=False))) == {"presence"}


def test_presence_says_of_a_duty_that_holds_whether_he_is_there():
    rows = seen(told())["presence"]
    curfew = [row for row in rows.values() if row["zone"].startswith("home")]
    assert people(rows) == {"P0001"}
    assert [(row["is"], row["office"]) for row in curfew] == [("home", "SFS-01")]
    assert curfew[0]["since"] <= "2026-11-02T15:00:00Z" < curfew[0]["until"]


def test_who_is_under_no_authority_now_is_in_nothing():
    county = told(authorities=(authority("P0001", until=at(0, 22.5)), authority("P0002")))
    found = seen(county, replace(ALL, minors=True))
    assert people(found["positions"]) == people(found["presence"]) == {"P0002"}


def test_phones_and_protected_people_are_in_nothing():
    base = Timeline.of().policy.configuration
    county = told(
        devices=base.devices | {"F0001": Device("F0001", "mlp", "13800000001", "", carrier="carrier")},
        assignments=(*base.assignments, Assignment("F0001", "P0001", at(-30, 0), FOREVER)),
        authorities=(authority("P0001"), replace(authority("P0001"), kind=AuthorityKind.PHONE_CHECK)),
    )  # fmt: skip
    assert {row["device"] for row in seen(county)["positions"].values()} == {"B0001"}
    hidden = {name: replace(one, protected=True, minor=False) for name, one in PEOPLE.items()}
    county = Timeline.of(people=hidden)
    county.stay(HOME, at(0, 22), at(0, 23), 60.0)
    county.run()
    assert all(rows == {} for rows in seen(county).values())
