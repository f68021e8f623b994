"""city.db: an event counts once, an older one changes nothing, and what is counted is what stands there."""

from __future__ import annotations

import asyncio
import stat

import msgspec
import pytest
from city_events import DAY, HOUR, NOW, alarm, sign

from gateway.city.store import FILE, CityStore, Counts, Heard
from gateway.city.told import taken
from gateway.engine.episode import Change
from gateway.errors import GatewayFault
from gateway.upstream import life

A, B = "450203", "450204"


def read(county, *bodies, received=NOW):
    return [one for one in (taken(body, county, received) for body in bodies) if one is not None]


def with_store(directory, story):
    """Run a story with a store, and close it."""

    async def told():
        store = CityStore(directory)
        try:
            return await story(store)
        finally:
            store.close()

    return asyncio.run(told())


def test_an_event_twice_counts_once_and_one_that_comes_late_takes_nothing_back(tmp_path):
    first = read(A, alarm(A, "a"))
    second = read(A, alarm(A, "a", Change.ACKNOWLEDGED, revision=2, acknowledged=NOW + 5, owner="D01"))

    async def story(store):
        kept = [await store.keep(told) for told in (first, first, second, first, second + first)]
        return kept, await store.unresolved(A), (await store.counts(NOW - DAY, NOW - DAY))[A]

    kept, alarms, counts = with_store(tmp_path, story)
    assert kept == [1, 0, 1, 0, 0]
    assert alarms == second
    assert counts == Counts({"serious": 1}, 0, NOW, 0, 0, 0)


def test_the_same_alarm_of_two_counties_is_two(tmp_path):
    async def story(store):
        await store.keep(read(A, alarm(A, "a")) + read(B, alarm(B, "a")))
        return [len(await store.unresolved(county)) for county in (A, B)]

    assert with_store(tmp_path, story) == [1, 1]


def test_figures_are_of_each_county_its_day_and_its_month(tmp_path):
    def closed(name, at, outcome, **known):
        return alarm(A, name, Change.CLOSED, closed=at, outcome=outcome, onset=at - HOUR, **known)

    bodies = [
        alarm(A, "1", kind="sos", onset=NOW - HOUR), alarm(A, "2", onset=NOW - 2 * HOUR, owner="D01"),
        alarm(A, "3", Change.CLEARED, kind="battery_low", ended=NOW), alarm(A, "4", Change.RETRACTED),
        closed("5", NOW - HOUR, "false"), closed("6", NOW - 3 * DAY, "technical"), closed("7", NOW - 9 * DAY, "false"),
        closed("8", NOW - 40 * DAY, "false"),
    ]  # fmt: skip

    async def story(store):
        await store.keep(read(A, *bodies) + read(B, alarm(B, "1", kind="battery_low")))
        found = await store.counts(today=NOW - DAY, month=NOW - 30 * DAY)
        return found, [one.outcome for one in await store.closed(A, NOW - 30 * DAY, 2)]

    found, outcomes = with_store(tmp_path, story)
    assert found == {
        A: Counts({"critical": 1, "serious": 1}, 1, NOW - 2 * HOUR, 1, 3, 2),
        B: Counts({"warning": 1}, 1, NOW, 0, 0, 0),
    }
    assert outcomes == ["false", "technical"]


def test_what_is_unresolved_stands_at_the_office_that_it_was_told_with(tmp_path):
    async def story(store):
        await store.keep(read(A, alarm(A, "a"), alarm(A, "b", office="SFS-02"), alarm(A, "c", office="")))
        await store.keep(read(B, alarm(B, "d", office="SFS-02")))
        return await store.by_office()

    assert with_store(tmp_path, story) == {"SFS-01": 1, "SFS-02": 2}


def test_when_a_county_was_heard_goes_on_and_never_back(tmp_path):
    async def story(store):
        said = []
        for body, received in (
            (sign(A, life.Sign.LOST), NOW), (sign(A), NOW), (sign(A, now=NOW - HOUR, healthy=False), NOW + 1),
            (sign(A, life.Sign.LOST), NOW + 9), (sign(A, now=NOW + 20), NOW + 20),
        ):  # fmt: skip
            await store.keep(read(A, body, received=received))
            said.append((await store.heard()).get(A))
        return said

    assert with_store(tmp_path, story) == [
        None, Heard(NOW, "heartbeat", healthy=True, since=NOW), Heard(NOW, "heartbeat", healthy=False, since=NOW),
        Heard(NOW, "lost", healthy=False, since=NOW), Heard(NOW + 20, "heartbeat", healthy=True, since=NOW),
    ]  # fmt: skip


def test_what_is_over_for_long_is_forgotten_and_nothing_else(tmp_path):
    old = alarm(A, "a", Change.CLOSED, closed=NOW - 100 * DAY, outcome="excused", onset=NOW - 101 * DAY)

    async def story(store):
        await store.keep(read(A, old, alarm(A, "b", onset=NOW - 200 * DAY)))
        return await store.forget(NOW - 90 * DAY), await store.forget(NOW - 90 * DAY), len(await store.unresolved(A))

    assert with_store(tmp_path, story) == (1, 0, 1)


def test_what_was_kept_is_there_after_a_restart_and_for_its_owner_alone(tmp_path):
    told = read(A, alarm(A, "a"), sign(A))
    with_store(tmp_path, lambda store: store.keep(told))
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert with_store(tmp_path, lambda store: store.unresolved(A)) == told[:1]
    held = (tmp_path / FILE).read_bytes()
    assert b"24.33" not in held
    assert "网吧".encode() not in held


def test_a_batch_is_kept_wholly_or_not_at_all_and_a_damaged_file_is_said(tmp_path):
    good = read(A, alarm(A, "a"))
    bad = msgspec.structs.replace(good[0], id="b", kind=None)

    async def story(store):
        with pytest.raises(GatewayFault):
            await store.keep([*good, bad])
        return await store.unresolved(A)

    assert with_store(tmp_path, story) == []
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(GatewayFault, match=FILE):
        with_store(tmp_path / "other", lambda store: store.heard())
