"""Looks at places: only under an authority, only what is known, with its age; a track within bounds, one at a time."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from office import kept
from test_desk import Office
from timeline import ABROAD, CAFE, HOME, RULES, Timeline, at, authority, person

from gateway.clock import iso
from gateway.control import places as limits
from gateway.control.messages import Request
from gateway.control.places import Places
from gateway.engine.night import STALE
from gateway.engine.records import Command, CommandRecord, End
from gateway.errors import OurFault, UserFault
from gateway.words.place_words import known_lines, place_lines


def looks(told: Timeline, now: float, storage: object = "nowhere") -> Places:
    told.run() if len(told.waiting) else None
    return Places(lambda: (told.state, told.policy, now), storage, kept)


def test_a_last_place_says_its_age_its_zones_and_how_sure():
    told = Timeline.of()
    told.stay(CAFE, at(0, 12), at(0, 13), 60.0)
    (place,) = looks(told, at(0, 14)).where("P0001", "D01")["places"]
    assert place["age_seconds"] == pytest.approx(3660.0)
    assert (place["datum"], place["home_deg"]) == ("GCJ-02", 90)
    zones = {zone["zone"]: zone for zone in place["zones"]}
    assert (zones["cafes"]["is"], zones["square"]["is"], zones["home:P0001"]["is"]) == ("inside", "inside", "outside")
    assert zones["cafes"]["probability"] > 0.99
    assert zones["home:P0001"]["probability"] < 0.01
    for language, said in (
        ("zh", "1小时01分前），误差约6米，卫星；GCJ-02"),
        ("en", "1 h 01 min ago), ±6 m, by satellites; GCJ-02"),
    ):
        assert said in place_lines(place, "Asia/Shanghai", language)[0]


def test_registered_places_nearby_are_named_with_their_distance():
    told = Timeline.of()
    told.stay((CAFE[0] + 200.0, CAFE[1]), at(0, 12), at(0, 13), 60.0)
    (place,) = looks(told, at(0, 13)).where("P0001", "D01")["places"]
    (near,) = place["registered"]
    assert (near["zone"], near["name"]) == ("cafes", "cafe 3")
    assert near["distance_m"] == pytest.approx(140.0, abs=15.0)
    for language, said in (("zh", "附近登记的场所：“cafe 3”（1"), ("en", 'registered places nearby: "cafe 3" (1')):
        assert place_lines(place, "Asia/Shanghai", language)[-1].strip().startswith(said)
    told.stay(HOME, at(0, 14), at(0, 15), 60.0)
    (place,) = looks(told, at(0, 15)).where("P0001", "D01")["places"]
    assert place["registered"] == []
    assert "nearby" not in "".join(place_lines(place, "Asia/Shanghai", "en"))


def test_who_stands_in_a_registered_place_is_within_it():
    told = Timeline.of()
    told.stay(CAFE, at(0, 12), at(0, 13), 60.0)
    (place,) = looks(told, at(0, 13)).where("P0001", "D01")["places"]
    assert place_lines(place, "Asia/Shanghai", "en")[-1] == '  registered places nearby: "cafe 3" (within it)'
    assert place_lines(place, "Asia/Shanghai", "zh")[-1] == "  附近登记的场所：“cafe 3”（在其中）"


def test_who_was_never_found_has_no_place():
    told = Timeline.of()
    told.report(at(0, 12), None)
    assert looks(told, at(0, 13)).where("P0001", "D01")["places"] == []
    assert looks(told, at(0, 13)).of_device("B0001") is None
    assert looks(told, at(0, 13)).of_device("B9999") is None


def test_once_the_authority_has_ended_no_place_is_shown():
    told = Timeline.of(authorities=(authority("P0001", until=at(0, 13)),))
    told.stay(HOME, at(0, 12), at(0, 13), 60.0)
    assert looks(told, at(0, 12.9)).where("P0001", "D01")["places"]
    with pytest.raises(UserFault, match="no authority covers"):
        looks(told, at(0, 13)).where("P0001", "D01")
    with pytest.raises(UserFault, match="no authority covers"):
        asyncio.run(looks(told, at(0, 13)).track("P0001", at(0, 12), at(0, 13), "D01"))
    assert looks(told, at(0, 13)).of_device("B0001") is None
    with pytest.raises(UserFault, match="no person"):
        looks(told, at(0, 13)).where("P0009", "D01")


@pytest.mark.parametrize(
    ("since", "until"), [(13, 13), (13, 12), (-24 * 32, 13), (float("nan"), 13), (-float("inf"), 13)]
)
def test_a_stretch_has_bounds(since, until):
    with pytest.raises(UserFault, match="--since"):
        asyncio.run(looks(Timeline.of(), at(0, 14)).track("P0001", at(0, since), at(0, until), "D01"))


def test_one_track_at_a_time_and_a_failing_one_is_said_and_leaves_room_for_the_next(tmp_path):
    async def story():
        asked = looks(Timeline.of(), at(0, 14), tmp_path / "gone")
        first = asyncio.create_task(asked.track("P0001", at(0, 12), at(0, 13), "D01"))
        await asyncio.sleep(0)
        with pytest.raises(UserFault, match="another track"):
            await asked.track("P0001", at(0, 12), at(0, 13), "D01")
        ended = await asyncio.gather(first, return_exceptions=True)
        return ended, asked._one.locked()

    (ended,), locked = asyncio.run(story())
    assert not locked
    assert isinstance(ended, OurFault) or ended["fixes"] == []


def test_a_track_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "PATIENCE", 0.0)
    with pytest.raises(OurFault, match="shorter stretch"):
        asyncio.run(looks(Timeline.of(), at(0, 14), tmp_path).track("P0001", at(0, 12), at(0, 13), "D01"))


def test_an_answered_locate_comes_with_the_place_and_any_other_order_without():
    told = Timeline.of()
    told.stay(ABROAD, at(0, 12), at(0, 13), 60.0)
    office = Office(rules=(RULES["stay"],))
    office.desk.places = looks(told, at(0, 13))
    for kind, end, known in (("locate", End.DONE, True), ("locate", End.FAILED, False), ("text", End.DONE, False)):
        office.stored["1"] = CommandRecord(Command("1", "B0001", kind, "D01", at(0, 14)), at(0, 13), 0, end)
        reply = asyncio.run(office.ask(Request("wait", id="1")))
        assert ("place" in reply.data) == known


def test_the_log_says_who_looked_at_whom(capsys):
    told = Timeline.of()
    told.report(at(0, 12))
    looks(told, at(0, 13)).where("P0001", "D07")
    said = capsys.readouterr()
    line = next(line for line in (said.out + said.err).splitlines() if "a place was asked for" in line)
    assert "D07" in line
    assert "P0001" in line
    assert "109." not in line


def test_what_else_is_known_is_told_with_since_when():
    people = {"P0001": replace(person("P0001", HOME), term_until=at(40, 0)), "P0002": person("P0002", ABROAD)}
    told = Timeline.of(people=people)
    told.stay(HOME, at(0, 20), at(0, 23), 60.0)
    found = looks(told, at(0, 23)).where("P0001", "D01")
    assert found["office"] == "SFS-01"
    assert (found["authority_until"], found["term_until"]) == (iso(at(55, 0)), iso(at(40, 0)))
    (device,) = found["devices"]
    assert device == {"device": "B0001", "contact": iso(at(0, 23) - 60), "silent": False, "battery_percent": 80}
    duties = {zone["zone"]: zone["duty"] for zone in found["places"][0]["zones"]}
    assert duties["home:P0001"] == {"is": "home", "since": iso(at(0, 22)), "until": iso(at(1, 8))}
    assert duties["cafes"] is None
    later = looks(told, at(0, 24)).where("P0001", "D01")
    assert {zone["zone"]: zone["duty"] for zone in later["places"][0]["zones"]}["home:P0001"] == {
        "is": "unknown", "since": iso(at(0, 23) - 60 + STALE), "until": iso(at(1, 8)),
    }  # fmt: skip
    for language, lines in (
        ("en", ["B0001  last contact: 11-02 22:59:00 (1 min ago); battery 80 %", "authority until 2026-12-27 00:00",
                "term until 2026-12-12 00:00"]),
        ("zh", ["B0001  最近联系：11-02 22:59:00（1分钟前）；电量80%", "定位授权至 2026-12-27 00:00",
                "矫正期限至 2026-12-12 00:00"]),
    ):  # fmt: skip
        assert known_lines(found, "Asia/Shanghai", language) == lines
    assert "; there since 11-02 22:00" in "".join(place_lines(found["places"][0], "Asia/Shanghai", "en"))
    assert "；自11-02 22:00起在" in "".join(place_lines(found["places"][0], "Asia/Shanghai", "zh"))


def test_a_device_that_was_never_heard_of_says_so():
    found = looks(Timeline.of(), at(0, 13)).where("P0001", "D01")
    assert found["devices"] == [{"device": "B0001", "contact": None, "silent": False, "battery_percent": None}]
    assert known_lines(found, "Asia/Shanghai", "en")[0] == "B0001  never heard of"


def test_whoever_reads_the_files_has_what_came_put_down_first():
    office, kept_then = Office(), []

    async def keep():
        kept_then.append(True)

    office.desk.places.keep = keep
    assert asyncio.run(office.ask_now(Request("keep_history"))).ok
    assert kept_then == [True]
