"""Alarms posted to a platform that answers well, badly, late or not at all: nothing lost, nothing held up."""

from __future__ import annotations

import asyncio
import base64
import socket
from collections import Counter

import pytest
from posted_platform import CUT_AFTER, CUT_BEFORE, HANG, LATE, Platform, posted, posting
from upstream_room import event

from gateway.errors import OurFault
from gateway.store.outbox import POISON, Outbox
from gateway.upstream.attempts import AT_ONCE


def by_alarm(alarm, status):
    """That status for one alarm, and 200 for all others."""
    return lambda posted: status if posted.id.startswith(f"{alarm}.") else 200


def test_what_is_owed_is_posted_once_signed_and_with_its_id(tmp_path):
    async def test(platform, one):
        await one.owe(*(event(f"a{number}") for number in range(100)))
        one.start()
        await one.delivered()
        assert Counter(platform.taken) == Counter(f"a{number}.1" for number in range(100))
        assert one.upstream.connected
        assert one.upstream.trouble is None

    posted(tmp_path, test)


def test_the_headers_are_those_of_the_document(tmp_path):
    seen = []

    async def test(_platform, one):
        await one.owe(event("a"))
        one.start()
        await one.delivered()
        (head,) = [posted.head for posted in seen]
        assert head["line"] == "POST /alarms HTTP/1.1"
        assert head["content-type"] == "application/cloudevents+json; charset=utf-8"
        assert head["idempotency-key"] == '"a.1"'
        assert abs(int(head["webhook-timestamp"]) - one.upstream.clock.now()) < 120
        assert base64.b64decode(head["authorization"].removeprefix("Basic ")) == "county:口令".encode()

    posted(tmp_path, test, answers=lambda one: seen.append(one) or 200, password="口令")  # noqa: S106  made up


def test_urgent_alarms_overtake_and_those_of_one_alarm_stay_in_order(tmp_path):
    async def test(platform, one):
        await one.owe(*(event(f"low{number}", severity="info") for number in range(40)))
        await one.owe(event("a", 1, "info"), event("a", 2, "critical"), event("a", 3, "info"))
        await one.owe(event("sos", 1, "critical"))
        one.start()
        await one.delivered()
        order = platform.taken
        assert [order.index(f"a.{revision}") for revision in (1, 2, 3)] == sorted(
            order.index(f"a.{revision}") for revision in (1, 2, 3)
        )
        assert max(order.index("a.2"), order.index("sos.1")) < AT_ONCE * 3

    posted(tmp_path, test)


@pytest.mark.parametrize("status", [400, 413, 422])
def test_what_is_refused_for_good_is_set_aside_and_stops_nothing(tmp_path, status):
    async def test(platform, one):
        await one.owe(event("bad", 1), event("bad", 2), *(event(f"b{number}") for number in range(30)))
        one.start()
        await one.eventually(lambda: len(platform.taken) == 30, "all others are there")
        assert platform.asked.count("bad.1") <= 2
        await one.eventually(lambda: one.upstream.set_aside == {POISON: 1}, "set aside", pace=0.5)
        assert platform.asked.count("bad.1") == one.upstream.upstream.delivery.tries
        assert "alarms resend" in one.upstream.trouble.en
        platform.answers = lambda _: 200
        await one.delivered(pace=0.5)
        assert "bad.1" not in platform.taken
        assert await one.upstream.resend() == 1
        await one.delivered(pace=0.5)
        assert sorted(each for each in platform.taken if each.startswith("bad")) == ["bad.1", "bad.2"]
        assert (one.upstream.set_aside, one.upstream.trouble) == ({}, None)

    def answers(one):
        return status if one.id == "bad.1" else 200

    posted(tmp_path, test, answers=answers)


@pytest.mark.parametrize("what", [500, CUT_BEFORE, 503, 403])
def test_what_alone_fails_again_and_again_is_set_aside_in_the_end(tmp_path, what):
    """It counts only because the platform takes what else there is: here signs of life."""

    async def test(platform, one):
        await one.owe(event("bad"), event("good"))
        one.start()
        await one.eventually(lambda: "good.1" in platform.taken, "the other is there", pace=0.1)
        await one.eventually(lambda: one.upstream.set_aside == {POISON: 1}, "set aside", pace=2.0)
        assert platform.asked.count("bad.1") > 2 * one.upstream.upstream.delivery.tries
        assert len(platform.beside) > 10

    posted(tmp_path, test, answers=by_alarm("bad", what), tries=2, heartbeat=20.0)


def test_one_that_hangs_holds_up_no_other(tmp_path):
    async def test(platform, one):
        await one.owe(event("bad", severity="critical"), *(event(f"b{number}") for number in range(50)))
        one.start()
        await one.eventually(lambda: len(platform.taken) == 50, "the others are there, and no time has passed")

        async def alone():
            return await one.owed() == 1

        await one.eventually(alone, "all others are marked")
        platform.answers = lambda _: 200
        one.timing.advance(61.0)
        await one.delivered(pace=0.5)

    posted(tmp_path, test, answers=by_alarm("bad", HANG))


@pytest.mark.parametrize("what", [500, 503, 401, 404, 302, 429, CUT_BEFORE, CUT_AFTER, HANG])
def test_a_platform_that_takes_nothing_loses_nothing_and_no_message_is_blamed(tmp_path, what):
    async def test(platform, one):
        platform.others = lambda _: what
        names = [f"a{number}" for number in range(20)]
        await one.owe(*map(event, names))
        one.start()
        await one.eventually(lambda: len(platform.asked) > 12, "tried again and again", pace=1.0)
        assert not one.upstream.connected
        assert one.upstream.trouble is not None
        assert one.upstream.set_aside == {}
        platform.answers = platform.others = lambda _: 200
        platform.released.set()
        await one.delivered(pace=1.0)
        assert set(platform.taken) == {f"{name}.1" for name in names}
        assert (one.upstream.set_aside, one.upstream.trouble) == ({}, None)

    posted(tmp_path, test, answers=lambda _: what, tries=1, heartbeat=20.0)


def test_tries_at_a_platform_that_takes_nothing_grow_seldom(tmp_path):
    async def test(platform, one):
        platform.others = lambda _: 503
        await one.owe(*(event(f"a{number}") for number in range(500)))
        one.start()
        await one.eventually(lambda: one.timing.time >= 1600.0, "ten minutes have passed", pace=1.0)
        assert 600 / 30 <= len(platform.asked) <= 2 * 600 / 15 + 20

    posted(tmp_path, test, answers=lambda _: 503)


def test_what_the_platform_asks_for_is_waited_up_to_a_minute(tmp_path):
    async def test(platform, one):
        platform.heads = "Retry-After: 86400\r\n"
        await one.owe(event("a"))
        one.start()
        await one.eventually(lambda: len(platform.asked) == 1 and one.upstream.trouble is not None, "too much")
        platform.answers = lambda _: 200
        one.timing.advance(59.0)
        await one.owe(event("b"))
        await one.writer.run(one.store.applied_offset)
        assert len(platform.asked) == 1
        await one.delivered(pace=0.5)
        assert one.timing.time < 1064.0

    posted(tmp_path, test, answers=lambda _: 429)


def test_a_sign_of_life_that_is_taken_ends_the_wait(tmp_path):
    async def test(platform, one):
        platform.others = lambda _: 503
        await one.owe(*(event(f"a{number}") for number in range(9)))
        one.start()
        await one.eventually(lambda: len(platform.asked) > 8, "away", pace=0.5)
        platform.answers = platform.others = lambda _: 200
        before = one.timing.time
        await one.delivered(pace=0.25)
        assert one.timing.time - before < 10.0

    posted(tmp_path, test, answers=lambda _: 503, heartbeat=5.0)


@pytest.mark.parametrize("what", [LATE, CUT_AFTER])
def test_what_was_taken_and_not_answered_comes_again_with_the_same_id(tmp_path, what):
    async def test(platform, one):
        await one.owe(event("a", 1), event("a", 2))
        one.start()
        await one.eventually(lambda: platform.taken == ["a.1"], "taken")
        platform.answers = lambda _: 200
        await one.delivered(pace=1.0)
        assert platform.taken == ["a.1", "a.1", "a.2"]

    posted(tmp_path, test, answers=lambda _: what)


def test_a_store_that_fails_is_gone_on_with_when_it_works_again(tmp_path, monkeypatch):
    """What was posted and could not be marked goes out again; nothing ends."""
    note, faults = Outbox.note, [OurFault("disk full")] * 2

    def failing(self, *arguments):
        if faults:
            raise faults.pop()
        return note(self, *arguments)

    async def test(platform, one):
        await one.owe(event("a"), event("b"))
        monkeypatch.setattr(Outbox, "note", failing)
        one.start()
        await one.delivered(pace=0.1)
        assert set(platform.taken) == {"a.1", "b.1"}

    posted(tmp_path, test)


def test_a_crash_between_the_post_and_the_mark_repeats_it(tmp_path):
    async def run():
        async with Platform(answers=lambda _: LATE) as platform:
            async with posting(tmp_path, platform.url) as one:
                await one.owe(event("a", 1), event("a", 2), event("b"))
                one.start()
                await one.eventually(lambda: len(platform.taken) == 2, "taken, not answered")
            platform.answers = lambda _: 200
            async with posting(tmp_path, platform.url) as one:
                one.start()
                await one.delivered()
            assert Counter(platform.taken) == {"a.1": 2, "b.1": 2, "a.2": 1}
            assert platform.taken.index("a.2") > 2

    asyncio.run(run())


def test_nobody_there_is_said(tmp_path):
    async def run():
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            async with posting(tmp_path, f"http://127.0.0.1:{held.getsockname()[1]}/") as one:
                await one.owe(event("a"))
                one.start()
                await one.eventually(lambda: one.upstream.trouble is not None, "said")
                assert str(one.upstream.trouble).startswith("not connected")
                assert not one.upstream.connected

    asyncio.run(run())


def test_after_days_of_outage_it_goes_out_at_the_pace_that_is_set(tmp_path):
    async def test(platform, one):
        await one.owe(*(event(f"a{number}") for number in range(100)))
        one.start()
        await one.eventually(lambda: len(platform.taken) == 10, "what may go at once")
        await one.writer.run(one.store.applied_offset)
        assert len(platform.asked) == 10
        before = one.timing.time
        await one.delivered(pace=0.05)
        assert 8.0 <= one.timing.time - before <= 20.0

    posted(tmp_path, test, per_second=10.0)


def test_at_rest_nothing_is_looked_for(tmp_path, monkeypatch):
    claims = []
    claim = Outbox.claim
    monkeypatch.setattr(Outbox, "claim", lambda *arguments: claims.append(1) or claim(*arguments))

    async def test(_platform, one):
        await one.owe(event("a"))
        one.start()
        await one.delivered()
        await one.eventually(lambda: one.upstream.connected, "there")
        for _ in range(5):
            await one.writer.run(one.store.applied_offset)
        before = len(claims)
        for _ in range(200):
            await asyncio.sleep(0)
        assert len(claims) == before

    posted(tmp_path, test)
