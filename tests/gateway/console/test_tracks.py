"""Readings of the past: out of the files beside a gateway, a few at once, and of one visitor one at a time."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest
from opened_desk import Standing, visitor
from virtual import tell

from gateway.console import tracks
from gateway.console.in_force import FollowedInForce
from gateway.console.tracks import AT_ONCE, FRESH, Tracks
from gateway.engine import Curve, EngineState, Fix, Past, Told
from gateway.errors import OurFault, TransientFault
from gateway.history.days import DayHistory
from gateway.journal import FileJournal
from gateway.replay.derive import derive
from gateway.replay.reading import PolicyShelf
from gateway.settings.model import Assignment, AuthorityKind, Device


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return tell(tmp_path_factory.mktemp("county"), "demo", days=1, devices=13)


@pytest.fixture(scope="module")
def storage(told, tmp_path_factory):
    """Journal and history, as a gateway leaves them."""
    storage = tmp_path_factory.mktemp("storage")
    journal = FileJournal(told.journaled(storage / "journal", 100), read_only=True)
    history = DayHistory(storage / "history")
    state = EngineState(offset=journal.next_offset, now=float(told.entries.received[-1]))
    derive(history, journal, PolicyShelf(journal), state)
    history.close()
    return storage


def clock(told):
    return Standing(float(told.entries.received[-1]))


def test_a_persons_day_comes_out_of_the_files(told, storage):
    desk = Tracks.under(FollowedInForce(told.policy.configuration, storage), clock(told))
    begin = float(told.entries.received[0])
    pasts = [asyncio.run(desk.of(visitor("D01"), person, begin, begin + 86_400)) for person in told.policy.people]
    assert sum(len(past.fixes) for past in pasts) > 100
    assert all(past.told for past in pasts if past.fixes)


def test_a_configuration_that_the_journal_does_not_know_is_said(told, storage):
    unknown = replace(told.policy.configuration, digest="0" * 64)
    desk = Tracks.under(FollowedInForce(unknown, storage), clock(told))
    with pytest.raises(OurFault):
        asyncio.run(desk.of(visitor("D01"), told.policy.people[0], 0.0, 1.0))


def seen(told, storage, **changes):
    """How many fixes of everybody are shown under a changed configuration."""
    configuration = replace(told.policy.configuration, **changes)
    desk, begin = Tracks.under(FollowedInForce(configuration, storage), clock(told)), float(told.entries.received[0])
    asked = [desk.of(visitor("D01"), person, begin, begin + 86_400) for person in told.policy.people]

    async def run():
        return [len(past.fixes) + len(past.told) + len(past.curves) for past in await asyncio.gather(*asked)]

    return asyncio.run(run())


def test_what_may_not_be_shown_any_more_is_not_read(told, storage):
    configuration, now = told.policy.configuration, clock(told).now()
    ended = tuple(replace(one, until=min(one.until, now)) for one in configuration.authorities)
    over = {key: replace(one, term_until=now) for key, one in configuration.people.items()}
    assert sum(seen(told, storage)) > 0
    assert sum(seen(told, storage, authorities=ended)) == 0
    assert sum(seen(told, storage, people=over)) == 0


def test_an_authority_of_the_other_kind_shows_nothing(told, storage):
    other = {AuthorityKind.BRACELET: AuthorityKind.PHONE_CHECK, AuthorityKind.PHONE_CHECK: AuthorityKind.BRACELET}
    swapped = tuple(replace(one, kind=other[one.kind]) for one in told.policy.configuration.authorities)
    assert sum(seen(told, storage, authorities=swapped)) == 0


@pytest.mark.parametrize(("kind", "device", "asks"), [("bracelet", "B", "keep_out"), ("phone_check", "M", "region")])
def test_of_two_devices_the_one_without_an_authority_is_left_out(told, storage, monkeypatch, kind, device, asks):
    configuration, now = told.policy.configuration, clock(told).now()
    person = told.policy.people[0]
    known = {"B": Device("B", "jt808", "1", ""), "M": Device("M", "mlp", "2", "")}
    worn = tuple(Assignment(each, person, now - 9, now + 9) for each in known)
    authority = replace(
        configuration.authorities[0], person=person, kind=AuthorityKind(kind), start=now - 9, until=now + 9
    )
    changed = replace(configuration, devices=known, assignments=worn, authorities=(authority,))
    past = Past(
        [Fix(now, 24.0, 109.0, 9.0, 0.0, "well", "gnss", each) for each in known],
        told=[Told(now, 24.0, 109.0, 9.0, "gnss", each, now, used=True) for each in known],
        curves=[Curve("R", "z", "z", each, 0.9, [now], [0.5], []) for each in ("keep_out", "region")],
    )
    monkeypatch.setattr(tracks, "past_of", lambda *_: past)
    desk = Tracks.under(FollowedInForce(changed, storage), clock(told))
    found = asyncio.run(desk.of(visitor("D01"), person, now - 60, now + 60))
    assert [one.device for one in (*found.fixes, *found.told)] == [device, device]
    assert [curve.asks for curve in found.curves] == [asks]


def test_who_wears_nothing_now_is_shown_as_long_as_the_authority_lasts(told, storage):
    now = clock(told).now()
    off = tuple(replace(one, until=min(one.until, now - 1)) for one in told.policy.configuration.assignments)
    assert seen(told, storage, assignments=off) == seen(told, storage)


@pytest.mark.parametrize(("numbers", "together"), [(("D01", "D02", "L01", "S01"), AT_ONCE), (("D01",) * 4, 1)])
def test_a_few_are_worked_out_at_once_and_of_one_visitor_one(told, storage, monkeypatch, numbers, together):
    """Those that may begin wait for each other, so that they are seen together; nobody else joins them."""
    running, most, room = [0], [0], threading.Barrier(together)

    def slow(*_):
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        room.wait(60)
        with lock:
            running[0] -= 1
        return Past([])

    lock = threading.Lock()
    monkeypatch.setattr(tracks, "past_of", slow)
    desk = Tracks.under(FollowedInForce(told.policy.configuration, storage), clock(told))

    person = told.policy.people[0]

    async def run():
        return await asyncio.gather(*(desk.of(visitor(number), person, 0.0, 1.0) for number in numbers))

    assert len(asyncio.run(run())) == len(numbers)
    assert most[0] == together


def test_what_came_last_is_put_down_before_it_is_read_and_not_at_each_look(told, storage, monkeypatch):
    asked, now = [], [100.0]

    async def renew():
        asked.append(now[0])
        raise TransientFault("the daemon is away")

    monkeypatch.setattr("gateway.console.tracks.time.monotonic", lambda: now[0])
    desk = Tracks.under(FollowedInForce(told.policy.configuration, storage), clock(told), renew)
    begin, person = float(told.entries.received[0]), told.policy.people[0]
    for later in (0.0, FRESH / 2, FRESH, FRESH):
        now[0] = 100.0 + later
        asyncio.run(desk.of(visitor("D01"), person, begin, begin + 86_400))
    assert asked == [100.0, 100.0 + FRESH]
