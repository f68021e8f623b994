"""The router: every entry goes where somebody needs it, in order, whole, and once."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from changing_county import COUNTY_RULES, DEVICES, PEOPLE, PROTECTED, history, registers
from timeline import FOREVER, at

from gateway.engine.policy import compile_policy
from gateway.errors import OurFault
from gateway.journal.controls import Configured
from gateway.journal.entries import EntryBatch, EntryKind, Gathering, Origin
from gateway.partition.homes import home_of
from gateway.partition.kinds import WAY, Way
from gateway.partition.part import part_of
from gateway.partition.placed import Placed
from gateway.partition.router import Router, picked
from gateway.settings.model import Assignment, County, Device

NOW = at(0, 12)


def of(*entries: tuple[EntryKind, str]) -> EntryBatch:
    gathering = Gathering()
    for number, (kind, device) in enumerate(entries):
        gathering.add(kind, NOW + number, Origin(device), f"{number} {device}".encode())
    return gathering.batch()


def rows(batch: EntryBatch) -> list[tuple[int, float, Origin, bytes]]:
    return [
        (int(batch.kind[at]), float(batch.received[at]), batch.origin_of(at), batch.bytes_of(at))
        for at in range(len(batch))
    ]


@pytest.mark.parametrize(("seed", "at_once"), [(1, False), (2, True)])
def test_nothing_is_lost_and_who_wears_or_wore_a_device_is_where_its_entries_go(seed, at_once):
    batch, configurations = history(seed, at_once=at_once)
    routed = Router("demo", 3).route(batch, configurations.__getitem__, first=1000)
    goes = np.zeros((len(batch), 3), np.bool_)
    for partition, mine, offsets in routed:
        assert (np.diff(offsets) > 0).all()
        goes[offsets - 1000, partition] = True
        assert rows(mine) == [row for row, here in zip(rows(batch), goes[:, partition], strict=True) if here]
    assert goes.any(axis=1).all()
    assert goes[WAY[batch.kind] == Way.ALL].all()
    now = None
    for at_, (kind, _, origin, payload) in enumerate(rows(batch)):
        if kind == EntryKind.CONFIGURATION:
            now = configurations[msgspec.json.decode(payload, type=Configured).digest]
        elif origin.device and now is not None:
            wearers = {each.person for each in now.assignments if each.device == origin.device}
            assert all(goes[at_, home_of("demo", person, 3)] for person in wearers)


@pytest.mark.parametrize("partitions", [1, 2, 5])
def test_before_a_configuration_each_entry_of_a_device_goes_where_its_hash_says(partitions):
    batch = of(*((EntryKind.FRAME, device) for device in DEVICES), (EntryKind.OPENED, ""), (EntryKind.TICK, ""))
    for partition, mine, _ in Router("demo", partitions).route(batch, {}.__getitem__):
        here = [device for device in (*DEVICES, "") if home_of("demo", device, partitions) == partition]
        assert [origin.device for kind, _, origin, _ in rows(mine) if kind != EntryKind.TICK] == here
        assert mine.kind[-1] == EntryKind.TICK


def test_what_concerns_no_engine_stays_in_the_county():
    batch = of((EntryKind.AUDIT, ""), (EntryKind.SKIPPED, "B0001"), (EntryKind.TICK, ""), (EntryKind.PAPER, ""))
    routed = Router("demo", 2).route(batch, {}.__getitem__, first=7)
    assert [(at, mine.kind.tolist(), offsets.tolist()) for at, mine, offsets in routed] == [
        (0, [EntryKind.TICK], [9]), (1, [EntryKind.TICK], [9]),
    ]  # fmt: skip
    assert Router("demo", 2).route(of((EntryKind.AUDIT, "")), {}.__getitem__) == []


def test_who_goes_on_needs_the_last_configuration_alone():
    batch, configurations = history(2)
    at_ = int(np.flatnonzero(batch.kind == EntryKind.CONFIGURATION)[2])
    through, again = Router("demo", 3), Router("demo", 3)
    through.route(batch.slice(0, at_ + 1), configurations.__getitem__)
    again.configure(configurations[msgspec.json.decode(batch.bytes_of(at_), type=Configured).digest])
    behind = batch.slice(at_ + 1, len(batch))
    for one, other in zip(
        through.route(behind, configurations.__getitem__), again.route(behind, configurations.__getitem__), strict=True
    ):
        assert one.offsets.tolist() == other.offsets.tolist()


def test_how_a_log_is_cut_changes_nothing():
    batch, configurations = history(3)
    whole = Router("demo", 3).route(batch, configurations.__getitem__)
    router, pieces = Router("demo", 3), {at: [] for at in range(3)}
    for first in range(0, len(batch), 97):
        piece = batch.slice(first, min(first + 97, len(batch)))
        for at_, _, offsets in router.route(piece, configurations.__getitem__, first=first):
            pieces[at_] += offsets.tolist()
    assert [each.offsets.tolist() for each in whole] == list(pieces.values())


def test_another_countys_configuration_is_refused():
    elsewhere = replace(registers(), county=County("other", "Asia/Shanghai", "en", None, (0.0, 0.0)))
    with pytest.raises(OurFault, match="a configuration of other in the log of demo"):
        Router("demo", 2).configure(elsewhere)


def test_what_is_picked_has_its_own_payloads_and_origins_alone_wherever_they_stood():
    batch = of(*((EntryKind.FRAME, device) for device in DEVICES))
    shuffled = replace(batch, start=batch.start[::-1], length=batch.length[::-1])
    mine = picked(shuffled, np.array([0, 3]))
    assert rows(mine) == [rows(shuffled)[0], rows(shuffled)[3]]
    assert mine.payload.tobytes() == mine.bytes_of(0) + mine.bytes_of(1)
    assert {origin.device for origin in mine.origins} == {DEVICES[0], DEVICES[3]}
    assert picked(batch, np.arange(len(batch))) is batch


def test_a_part_has_its_own_people_and_guests_and_no_others_devices():
    county = registers(rules=())
    parts = [part_of(county, at, 3) for at in range(3)]
    for at_, part in enumerate(parts):
        mine = {name for name in PEOPLE if home_of("demo", name, 3) == at_}
        assert {each.person for each in part.assignments} == {each.person for each in part.authorities} == mine
        assert part.devices.keys() == {each.device for each in part.assignments}
        assert part.people is county.people
        assert part.zones is county.zones
    assert compile_policy(parts[0]).rules_digest == compile_policy(county).rules_digest
    assert part_of(county, 0, 1) is county


def test_a_partner_is_a_guest_where_the_first_one_of_a_pair_is_at_home():
    (away,) = (rule for rule in COUNTY_RULES if rule.keep_away is not None)
    county = registers(rules=(replace(away, people=("P0004",)),))
    placed = Placed.of(county, 3)
    here, there = placed.home("P0004"), placed.home(PROTECTED)
    assert here != there
    assert placed.holds(here, PROTECTED)
    assert not placed.holds(there, "P0004")
    assert placed.of_devices(["B0008", "B0004"]).tolist() == [
        [at in {here, there} for at in range(3)], [at == here for at in range(3)],
    ]  # fmt: skip
    assert "B0008" in part_of(county, here, 3, placed).devices


def test_a_wearing_of_which_no_report_counts_any_more_moves_nothing():
    """P0002 (partition 0) wore B0001 before P0001 (partition 2) got it, and authorities are of 31 days ago."""
    ended = {at(-39, 0): False, at(-37, 0): True, at(-33, 0): True}
    for until, counts in ended.items():
        earlier = Assignment("B0001", "P0002", at(-90, 0), until)
        county = registers(assignments=(earlier, *registers().assignments), rules=())
        placed = Placed.of(county, 3)
        assert placed.of_devices(["B0001"])[0].tolist() == [counts, False, True]
        assert earlier in part_of(county, 0, 3, placed).assignments
        lawful = {each.person for each in part_of(county, 0, 3, placed).authorities}
        assert ("P0001" in lawful) is counts
    gone = Assignment("B0009", "P0002", at(-900, 0), at(-800, 0))
    spare = {**registers().devices, "B0009": Device("B0009", "jt808", "13900000009", "g10ls")}
    county = registers(devices=spare, assignments=(gone, *registers().assignments), rules=())
    assert Placed.of(county, 3).of_devices(["B0009"]).all()
    assert gone in part_of(county, 1, 3).assignments


def test_what_nobody_wears_is_heard_everywhere_and_told_of_once():
    spare = Device("B0009", "jt808", "13900000009", "g10ls")
    handed_in = Assignment("B0001", "P0001", at(-30, 0), NOW)
    worn = [each for each in registers().assignments if each.device != "B0001"]
    county = registers(devices={**registers().devices, "B0009": spare}, assignments=(handed_in, *worn), rules=())
    placed = Placed.of(county, 3)
    assert placed.of_devices(["B0009", "B0001"]).all()
    assert placed.of_devices(["B0002"]).sum() == 1
    assert [placed.teller(device) for device in ("B0009", "B0001")] == [
        home_of("demo", device, 3) for device in ("B0009", "B0001")
    ]  # fmt: skip
    assert placed.teller("B0002") == placed.home("P0002")
    elsewhere = next(at for at in range(3) if at != placed.home("P0001"))
    part = part_of(county, elsewhere, 3, placed)
    assert handed_in in part.assignments
    assert "P0001" not in {each.person for each in part.authorities}
    assert FOREVER not in {each.until for each in part.assignments if each.device == "B0001"}
