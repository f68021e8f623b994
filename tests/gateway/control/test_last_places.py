"""Where everybody was last: of the lawful alone, what ``where`` says of each, by office, worked out once a while."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from office import Office, kept
from timeline import ABROAD, CAFE, FOREVER, HOME, RULES, Timeline, at, authority, person

from fencing.datum import Datum
from gateway.control.last_places import LastPlaces
from gateway.control.messages import Request
from gateway.control.offices import Offices
from gateway.control.places import Places
from gateway.control.rights import Caller
from gateway.settings.model import Assignment, AuthorityKind, Device

PEOPLE = {"P0001": person("P0001", HOME), "P0002": replace(person("P0002", (-4000.0, 0.0)), office="SFS-02")}


def everybody(told: Timeline, now: float) -> list[dict]:
    told.run() if len(told.waiting) else None
    return LastPlaces(lambda: (told.state, told.policy, now)).told(lambda _: True)["places"]


def two(**changes: object) -> Timeline:
    told = Timeline.of(people=PEOPLE, **changes)
    told.stay(ABROAD, at(0, 12), at(0, 13), 60.0)
    told.stay(CAFE, at(0, 12), at(0, 13), 60.0, device="B0002")
    told.run()
    return told


def test_each_row_says_what_a_look_at_that_person_says():
    told = two()
    looked = Places(lambda: (told.state, told.policy, at(0, 13)), "nowhere", kept)
    rows = everybody(told, at(0, 13))
    assert [row["person"] for row in rows] == ["P0001", "P0002"]
    for row in rows:
        found = looked.where(row["person"], "D01")
        (place,) = found["places"]
        same = ("device", "latitude", "longitude", "datum", "position", "radius95_m", "source", "home_m", "home_deg")
        assert {name: row[name] for name in same} == {name: place[name] for name in same}
        assert row["age_seconds"] == place["age_seconds"] == 60.0
        assert row["time"] == place["time"]
        assert row["zones"] == [{name: zone[name] for name in ("zone", "name", "is")} for zone in place["zones"]]
        (device,) = found["devices"]
        for name in ("contact", "silent", "battery_percent"):
            assert row[name] == device[name]
    assert [row["office"] for row in rows] == ["SFS-01", "SFS-02"]
    assert [row["open"] for row in rows] == [["inclusion_exit"], []]


def test_who_was_never_found_is_there_without_a_place_and_who_is_not_lawful_is_not():
    told = Timeline.of(people=PEOPLE, authorities=(authority("P0001"), authority("P0002", until=at(0, 11))))
    told.report(at(0, 12), None, battery=40)
    (row,) = everybody(told, at(0, 13))
    assert (row["person"], row["position"], row["latitude"], row["time"], row["home_m"]) == ("P0001", *[None] * 4)
    assert (row["battery_percent"], row["contact"]) == (40, "2026-11-02T04:00:00Z")


def test_nobody_at_all_is_an_empty_list():
    assert everybody(Timeline.of(authorities=()), at(0, 13)) == []


def test_after_a_swap_the_place_of_the_bracelet_before_stands_until_the_new_one_has_one():
    worn = (Assignment("B0001", "P0001", at(-30, 0), at(0, 13)), Assignment("B0002", "P0001", at(0, 13), FOREVER))
    told = Timeline.of(assignments=worn)
    told.stay(HOME, at(0, 12), at(0, 13), 60.0)
    assert [row["device"] for row in everybody(told, at(0, 13.5))] == ["B0001"]
    told.stay(HOME, at(0, 14), at(0, 15), 60.0, device="B0002")
    assert [row["device"] for row in everybody(told, at(0, 15))] == ["B0002"]


def test_a_phone_stands_beside_the_bracelet_on_its_own_basis():
    phone = replace(authority("P0001"), kind=AuthorityKind.PHONE_CHECK)
    base = Timeline.of().policy.configuration
    told = Timeline.of(
        devices=base.devices | {"F0001": Device("F0001", "mlp", "13800000001", "", carrier="carrier")},
        assignments=(*base.assignments, Assignment("F0001", "P0001", at(-30, 0), FOREVER)),
        authorities=(authority("P0001"), phone),
    )  # fmt: skip
    told.stay(HOME, at(0, 12), at(0, 13), 60.0)
    rows = everybody(told, at(0, 13))
    assert [(row["person"], row["device"]) for row in rows] == [("P0001", "B0001"), ("P0001", "F0001")]


@pytest.mark.parametrize("maps", Datum)
def test_places_are_in_the_datum_of_the_countys_maps_and_in_wgs84(maps):
    county = Timeline.of().policy.configuration.county
    (row, _) = everybody(two(county=replace(county, maps=maps)), at(0, 13))
    longitude, _ = row["position"]["coordinates"]
    assert (abs(row["longitude"] - longitude) < 1e-4) == (maps is Datum.WGS84)


def test_what_was_worked_out_is_told_again_for_a_while_and_then_anew():
    told = two()
    now = [at(0, 13)]
    places = LastPlaces(lambda: (told.state, told.policy, now[0]))

    def ages() -> list[float]:
        return [row["age_seconds"] for row in places.told(lambda _: True)["places"]]

    assert ages() == [60.0, 60.0]
    now[0] += 2.0
    assert ages() == [60.0, 60.0]
    told.reconfigure(at(0, 13), people=PEOPLE, rules=(RULES["stay"],), digest="d2")
    told.run()
    assert ages() == [62.0, 62.0], "another configuration may allow less"
    now[0] += 5.0
    assert ages() == [67.0, 67.0]
    now[0] -= 3600.0
    assert ages() == [0.0, 0.0], "a clock that was set back keeps nothing alive"


def test_an_office_is_told_of_its_people_alone():
    office, told = Office(people=PEOPLE), two()
    office.desk.places = Places(lambda: (told.state, told.policy, at(0, 13)), "nowhere", kept)
    office.desk.offices = Offices(lambda: told.policy)

    def seen(within: str | None) -> list[str]:
        answer = asyncio.run(office.ask(Request("places"), Caller("S01", "root", within=within)))
        return [row["person"] for row in answer.data["places"]]

    assert (seen(None), seen("SFS-01"), seen("SFS-02"), seen("")) == (["P0001", "P0002"], ["P0001"], ["P0002"], [])
