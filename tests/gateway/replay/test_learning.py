"""From a journal to a version of what own reports teach: who may teach, what, and what of it others may know."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from timeline import DAY, FOREVER, HOME, HOUR, PLANE, Timeline, at, authority, degrees, leave, person

from firmware_sim.firmware.measurement import AccessPoint
from firmware_sim.firmware.messages import Alarm, Location, batch_body, location_body
from firmware_sim.firmware.wire import Edition, build_frame
from firmware_sim.radio import Cell
from gateway.engine import compile_policy
from gateway.errors import OurFault, TransientFault
from gateway.fusion.scan.points_place import points_place
from gateway.journal import FileJournal
from gateway.journal.controls import Configured, Skipped
from gateway.journal.entries import EntryKind, Origin
from gateway.replay import lessons as lessons_of
from gateway.replay.learning import learn_version
from gateway.replay.lessons import read_lessons
from gateway.settings.model import Assignment, Device
from gateway.towers.importing import Watch, import_files
from gateway.towers.lock import ImportLock
from gateway.towers.versions import TowerVersions
from protocols.report import Flag, Source, WifiColumns, blank

BEGIN, NOW = at(0, 12), at(3, 0)
PHONES = {f"B{number:04d}": f"01390000{number:04d}" for number in range(1, 6)}
PEOPLE = {key: f"P{key[1:]}" for key in PHONES}
SHOP, ROOM = 0x0000_5E00_5301, 0x0000_5E00_5401
SHOP_AT, ROOM_AT = (600.0, 400.0), (-900.0, 100.0)
"""Access points, and where they are."""
CELL = 1001


def county(**changes):
    wearers = {name: person(name, HOME) for name in PEOPLE.values()}
    worn = tuple(Assignment(key, name, at(-30, 0), FOREVER) for key, name in PEOPLE.items())
    devices = {key: Device(key, "jt808", phone.lstrip("0"), "g10ls") for key, phone in PHONES.items()}
    told = {
        "people": wearers, "devices": devices, "assignments": worn, "rules": (),
        "authorities": tuple(authority(name) for name in wearers),
    }  # fmt: skip
    return {**told, **changes}


def body(time, place, points=(), cells=(CELL,), alarm=0, satellites=9):
    latitude, longitude = degrees(place) if place else (0.0, 0.0)
    heard = tuple(Cell(460, 0, 77, cell, 60) for cell in cells)
    wifi = tuple(AccessPoint(point.to_bytes(6), -60) for point in points)
    return location_body(
        Location(
            time, Alarm(alarm), place is not None, latitude, longitude, 0.0, 0.0, satellites if place else 0, 20, 80,
            0.0, heard, wifi,
        )
    )  # fmt: skip


class Lived(Timeline):
    """A county of five, whose frames are journaled."""

    def frame(self, message, content, received, device="B0001", *, sound=True):
        self.serial += 1
        raw = build_frame(message, PHONES[device], self.serial, content, Edition.Y2013)
        self.waiting.add(EntryKind.FRAME, received, Origin(device, "", "", "jt808", "g10ls", checksum_ok=sound), raw)

    def told(self, device, place, points=(), **more):
        """A report five minutes after the last of all."""
        self.clock = getattr(self, "clock", BEGIN) + 300.0
        sound, ahead = more.pop("sound", True), more.pop("ahead", 0.0)
        self.frame(0x0200, body(self.clock + ahead, place, points, **more), self.clock, device, sound=sound)

    def journaled(self, directory):
        journal = FileJournal(directory / "journal")
        journal.append(self.waiting.batch())
        journal.close()
        return FileJournal(directory / "journal", read_only=True)


def around(middle, number):
    """A place ten metres about a middle."""
    return middle[0] + 10.0 * np.cos(number), middle[1] + 10.0 * np.sin(number)


def usual():
    """Three wearers are seen at the shop; one at home, with a visitor."""
    lived = Lived.of(BEGIN, **county())
    for number in range(30):
        lived.told(f"B000{1 + number % 3}", around(SHOP_AT, number), [SHOP])
        lived.told("B0001", around(ROOM_AT, number), [ROOM])
        lived.told("B0002", around(ROOM_AT, number), [ROOM])
    return lived


def learnt(lived, directory, since=0.0, now=NOW):
    directory.mkdir(exist_ok=True)
    journal = lived.journaled(directory)
    digest = learn_version(directory, journal, lived.policies, PLANE, since, now)
    return TowerVersions(directory), digest


def test_what_three_wearers_heard_is_learnt_and_a_home_is_not(tmp_path):
    versions, digest = learnt(usual(), tmp_path)
    assert versions.current() == digest
    known, of = versions.open(digest), versions.about(digest).lessons
    assert known.points.cell.tolist() == [SHOP]
    assert float(known.points.cell_x[0]) == pytest.approx(SHOP_AT[0], abs=5.0)
    assert len(known.learnt.cell) == 1
    assert known.centre == (PLANE.latitude, PLANE.longitude)
    assert (of.reports, of.cells, of.points) == (90, 1, 1)
    heard = WifiColumns(np.array([0, 1]), np.array([SHOP, ROOM], np.uint64), np.array([-60, -60], np.int16))
    place = points_place(heard, 2, known, PLANE)
    assert (place.x[0], place.y[0]) == pytest.approx(SHOP_AT, abs=5.0)
    assert np.isnan(place.x[1])
    everything = b"".join(path.read_bytes() for path in versions.directory.iterdir())
    assert SHOP.to_bytes(8, "little") in everything
    assert ROOM.to_bytes(8, "little") not in everything
    assert not any(name.encode() in everything for name in PEOPLE.values())


def test_a_third_wearer_makes_it_known(tmp_path):
    lived = usual()
    lived.told("B0003", ROOM_AT, [ROOM])
    versions, digest = learnt(lived, tmp_path)
    assert versions.open(digest).points.cell.tolist() == [SHOP, ROOM]


def test_the_same_journal_gives_the_same_digest_and_more_reports_another(tmp_path):
    _, one = learnt(usual(), tmp_path / "one")
    _, other = learnt(usual(), tmp_path / "other", now=NOW + DAY)
    assert one == other
    lived = usual()
    lived.told("B0003", ROOM_AT, [ROOM])
    assert learnt(lived, tmp_path / "more")[1] != one


@pytest.mark.parametrize(
    "more",
    [
        {"place": None}, {"satellites": 4}, {"ahead": 1e7}, {"place": (500_000.0, 0.0)}, {"sound": False},
    ],
    ids=["no fix", "a poor one", "no time", "an impossible leap", "a damaged frame"],
)  # fmt: skip
def test_a_report_that_is_not_good_teaches_nothing(tmp_path, more):
    lived = usual()
    lived.told("B0003", **{"place": ROOM_AT, "points": [ROOM], **more})
    lived.told("B0003", SHOP_AT, [SHOP])
    versions, digest = learnt(lived, tmp_path)
    assert versions.open(digest).points.cell.tolist() == [SHOP]


def test_where_a_device_sees_a_false_base_station_it_teaches_nothing():
    batch, policy = blank(3), compile_policy(replace(Timeline.of(None).policy.configuration, **county()))
    batch.time[:], batch.located[:], batch.source[:], batch.satellites[:] = BEGIN, True, Source.GNSS, 9
    batch.flags[1:] = Flag.PSEUDO_BASE_STATION, Flag.JAMMING
    device = np.zeros(3, np.int64)
    good = lessons_of._good(batch, device, policy.wearing_at(device, batch.time), batch.time, policy)
    assert good.tolist() == [True, False, False]


def third_at_home(**changes):
    """The same with a third wearer at the home, under rules."""
    lived = Lived.of(BEGIN, **county(**changes))
    for number in range(5):
        for device in ("B0001", "B0002", "B0003"):
            lived.told(device, around(ROOM_AT, number), [ROOM])
    return lived


def test_who_is_under_no_authority_teaches_nothing(tmp_path):
    names = list(PEOPLE.values())
    versions, digest = learnt(third_at_home(), tmp_path / "all")
    assert versions.open(digest).points.cell.tolist() == [ROOM]
    ended = (*map(authority, names[:2]), authority(names[2], until=BEGIN))
    versions, digest = learnt(third_at_home(authorities=ended), tmp_path / "ended")
    assert versions.open(digest).points.cell.tolist() == []
    away = (replace(leave(at(0, 0), at(9, 0)), person=names[2]),)
    versions, digest = learnt(third_at_home(leave=away), tmp_path / "leave")
    assert versions.open(digest).points.cell.tolist() == [ROOM]


def test_two_bracelets_of_one_wearer_are_one(tmp_path):
    worn = [Assignment(key, name, at(-30, 0), FOREVER) for key, name in PEOPLE.items()]
    worn[2] = Assignment("B0003", "P0001", at(-30, 0), FOREVER)
    versions, digest = learnt(third_at_home(assignments=tuple(worn)), tmp_path)
    assert versions.open(digest).points.cell.tolist() == []


def test_a_wearer_counts_by_the_configuration_of_then(tmp_path):
    """B0003 passes to somebody who has worn B0001 before: two wearers in all."""
    names, lived = list(PEOPLE.values()), Lived.of(BEGIN, **county())
    for number in range(4):
        for device in ("B0001", "B0002"):
            lived.told(device, around(ROOM_AT, number), [ROOM])
    later = compile_policy(replace(lived.policy.configuration, digest="d2", assignments=(
        Assignment("B0003", names[0], at(-30, 0), FOREVER),
    )))  # fmt: skip
    lived.shelf["d2"] = later
    lived.control(EntryKind.CONFIGURATION, lived.clock + 1.0, Configured("d2"))
    for number in range(4):
        lived.told("B0003", around(ROOM_AT, number), [ROOM])
    versions, digest = learnt(lived, tmp_path)
    assert versions.open(digest).points.cell.tolist() == []
    assert versions.about(digest).lessons.reports == 12


def test_reports_of_before_the_days_asked_for_are_not_read(tmp_path):
    lived = Lived.of(BEGIN, **county())
    lived.told("B0001", SHOP_AT, [SHOP])
    journal = FileJournal(tmp_path / "journal")
    journal.append(lived.waiting.batch())
    lived.waiting = type(lived.waiting)()
    lived.clock += DAY
    lived.told("B0002", SHOP_AT, [SHOP])
    journal.append(lived.waiting.batch())
    every, newest = (
        read_lessons(journal, lived.policies, PLANE, since, lambda _: None) for since in (0.0, lived.clock - HOUR)
    )
    assert (len(every.lessons().x), len(newest.lessons().x)) == (2, 1)
    assert list(newest.wearers) == ["P0002"]
    journal.close()


def test_an_entry_that_the_engine_could_not_stand_is_passed_over(tmp_path):
    lived = third_at_home()
    count = len(lived.waiting)
    at_home = range(4, count, 3)
    for offset in at_home:
        lived.control(EntryKind.SKIPPED, lived.clock + 1.0, Skipped(offset, "ValueError"))
    versions, digest = learnt(lived, tmp_path)
    assert versions.open(digest).points.cell.tolist() == []


def test_memory_goes_by_places_and_not_by_reports(tmp_path, monkeypatch):
    journal = usual().journaled(tmp_path)
    whole = read_lessons(journal, usual().policies, PLANE, 0.0, lambda _: None)
    for name, value in (
        ("replay.lessons.ENOUGH", 40),
        ("replay.lessons.STRETCH", 10),
        ("fusion.scan.lessons.A_WEARER", 2),
    ):
        monkeypatch.setattr(f"gateway.{name}", value)
    few = read_lessons(journal, usual().policies, PLANE, 0.0, lambda _: None)
    assert len(few.lessons().x) <= 40 < len(whole.lessons().x)


def imported(directory, cell):
    """What is in use once a table of one cell is imported."""
    path = directory / f"{cell}.csv"
    path.write_text(f"radio,mcc,net,area,cell,lon,lat\nLTE,460,0,77,{cell},109.41,24.33\n", "utf-8")
    import_files(directory, [path], (), Watch(*[lambda *_: None] * 4), NOW)
    versions = TowerVersions(directory)
    return versions.about(versions.current())


def test_learning_leaves_tables_and_other_versions_alone_and_an_import_what_was_learnt(tmp_path):
    first = imported(tmp_path, 1)
    versions, digest = learnt(usual(), tmp_path)
    about = versions.about(digest)
    assert about.cells == 1
    assert about.base == first.base
    second = imported(tmp_path, 2)
    assert (second.learnt, second.points, second.lessons) == (about.learnt, about.points, about.lessons)
    assert versions.open(versions.current()).points.cell.tolist() == [SHOP]


def test_one_at_a_time_and_what_is_damaged_is_told(tmp_path):
    with ImportLock(tmp_path), pytest.raises(TransientFault):
        learn_version(tmp_path, usual().journaled(tmp_path), usual().policies, PLANE, 0.0, NOW)
    digest = learn_version(
        tmp_path, FileJournal(tmp_path / "journal", read_only=True), usual().policies, PLANE, 0.0, NOW
    )
    path = tmp_path / "towers" / f"{TowerVersions(tmp_path).about(digest).points}.learnt"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(OurFault, match="is missing or damaged"):
        TowerVersions(tmp_path).open(digest)


def test_nothing_good_teaches_nothing_and_says_so(tmp_path):
    lived = Lived.of(BEGIN, **county())
    lived.told("B0001", None)
    versions, digest = learnt(lived, tmp_path)
    about = versions.about(digest)
    assert (about.learnt, about.points, about.ears) == ("", "", "")
    assert (about.lessons.reports, about.lessons.taught) == (1, 0)
    assert not versions.open(digest)


def test_a_version_of_before_there_was_learning_is_read(tmp_path):
    versions, digest = learnt(usual(), tmp_path)
    old = {name: getattr(versions.about(digest), name) for name in ("base", "overlay", "cells", "made", "newest")}
    told = msgspec.json.decode(msgspec.json.encode({**old, "counted": []}), type=type(versions.about(digest)))
    versions.use(told)
    assert versions.about(told.digest).lessons is None
    assert len(versions.open(told.digest).points.cell) == 0


def test_stored_reports_count_at_their_own_time(tmp_path):
    lived = third_at_home()
    lived.frame(0x0704, batch_body([body(BEGIN + 60.0 * n, SHOP_AT, [SHOP]) for n in range(3)]), lived.clock, "B0001")
    journal = lived.journaled(tmp_path)
    found = read_lessons(journal, lived.policies, PLANE, 0.0, lambda _: None).lessons()
    stored = found.time[found.points.cell[:, 0] == SHOP]
    assert stored.tolist() == [BEGIN]
