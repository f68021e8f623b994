"""What a connection does of itself: it asks again, waits between tries, says what is wrong, and else does nothing."""

from __future__ import annotations

import asyncio
import socket

import pytest
from upstream_room import ACT, ALARMS, KEY, event, meant, room, told

from gateway.errors import OurFault
from gateway.upstream.acts import sign
from gateway.upstream.settling import Settling

FENCE = "bracelet/pressed/gateway/fence"


@pytest.mark.parametrize(("last", "topic"), [("+", f"{ALARMS}/+"), ("fence", FENCE), ("act", ACT)])
def test_a_refused_subscription_is_asked_for_each_minute_until_it_is_granted(tmp_path, last, topic):
    async def test(broker, one):
        one.start()
        await one.eventually(lambda: one.upstream.connected and one.upstream.trouble is not None, "refused")
        for asked in (2, 3):
            await one.eventually(lambda n=asked: broker.subscribed.count(topic) == n, "asked again", pace=1.0)
        assert len(broker.subscribed) == 5
        del broker.codes[last]
        await one.eventually(lambda: one.upstream.trouble is None, "granted", pace=1.0)
        assert broker.subscribed.count(topic) == 4
        assert broker.connections == 1

    told(tmp_path, test, script={"codes": {last: 0x80}})


def test_an_act_that_cannot_be_done_yet_is_not_tried_again_before_its_time(tmp_path):
    tries = []

    async def on_act(act):
        tries.append(act.id)
        raise OurFault("disk full")

    async def test(broker, one):
        one.start()
        await one.eventually(lambda: one.upstream.connected, "there")
        broker.say(ACT, sign(meant("id1"), KEY))
        await one.eventually(lambda: tries, "tried")
        await one.quiet(broker)
        assert len(tries) == 1
        one.timing.advance(0.5)
        await one.eventually(lambda: len(tries) == 2, "tried again")
        await one.quiet(broker)
        assert len(tries) == 2

    told(tmp_path, test, on_act=on_act)


def test_a_broker_that_is_not_there_is_said(tmp_path):
    async def run():
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            async with room(tmp_path, held.getsockname()[1]) as one:
                one.start()
                await one.eventually(lambda: one.upstream.trouble is not None, "said")
                assert str(one.upstream.trouble).startswith("not connected")
                assert not one.upstream.connected

    asyncio.run(run())


def test_a_connection_that_was_lost_and_is_back_is_no_trouble(tmp_path):
    async def test(broker, one):
        one.start()
        await one.eventually(lambda: one.upstream.connected, "there")
        broker.cut()
        await one.eventually(lambda: one.upstream.trouble is not None, "said")
        assert not one.upstream.connected
        await one.eventually(lambda: one.upstream.connected, "back", pace=0.1)
        assert one.upstream.trouble is None

    told(tmp_path, test)


def test_at_rest_nothing_is_looked_for(tmp_path, monkeypatch):
    """A watch that does not wait would take a core for itself for as long as the broker is there."""
    looks = []
    look = Settling.look
    monkeypatch.setattr(Settling, "look", lambda self, now: looks.append(now) or look(self, now))

    async def test(broker, one):
        await one.owe(event("a"))
        one.start()
        await one.delivered()
        await one.quiet(broker)
        before = len(looks)
        for _ in range(200):
            await asyncio.sleep(0)
        assert len(looks) == before

    told(tmp_path, test)


def test_an_alarm_that_comes_back_ends_the_word_that_nothing_does_though_no_fence_is_returned(tmp_path):
    async def test(broker, one):
        broker.drops = lambda topic, _: topic == FENCE
        broker.mutes = lambda topic, _: topic != FENCE
        broker.holds = lambda *_: True
        await one.owe(event("a"))
        one.start()
        await one.eventually(lambda: broker.held, "it is there")
        broker.cut()
        broker.mutes = lambda *_: False
        await one.eventually(
            lambda: "returned none of our own" in str(one.upstream.trouble), "silent three times", pace=0.5
        )
        broker.holds = lambda *_: False
        broker.release()
        await one.delivered(pace=0.1)
        assert one.upstream.trouble is None

    told(tmp_path, test)


def test_the_wait_for_repetitions_is_counted_from_the_fence_that_came_back(tmp_path):
    """Not from the next moment at which something else is due."""

    async def test(broker, one):
        broker.ends = lambda topic, _: topic.startswith(ALARMS)
        broker.holds = lambda topic, _: topic == FENCE and broker.connections == 2
        await one.owe(event("a"))
        one.start()
        await one.eventually(lambda: broker.closed, "lost")
        broker.ends = lambda *_: False
        await one.eventually(lambda: broker.held, "the fence is there", pace=0.1)
        one.timing.advance(5.0)
        broker.release()
        await one.quiet(broker)
        one.timing.advance(one.upstream.upstream.delivery.repeat_wait - 0.1)
        await one.quiet(broker)
        assert not broker.taken[event("a").body]
        one.timing.advance(0.2)
        await one.eventually(lambda: broker.taken[event("a").body], "sent again")

    told(tmp_path, test)
