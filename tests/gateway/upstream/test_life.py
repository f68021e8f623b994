"""Signs of life: within a minute a platform knows of a silent county, and of nobody else anything."""

from __future__ import annotations

import asyncio
import json

from posted_platform import posted
from upstream_room import ALIVE, COUNTY, event, told

from gateway.upstream.life import Life, Sign

EVERY = 20.0


def kinds(messages):
    return [json.loads(body)["type"].rpartition(".")[2] for body in messages]


def test_a_sign_says_who_how_and_what_seals_the_journal():
    life = Life(COUNTY, lambda: {"healthy": False, "journal": {"next": 7, "chain": "ab"}}, lambda: 1_800_000_000.0)
    (first, body), (second, _) = life.sign(Sign.HEARTBEAT, EVERY), life.sign(Sign.STOPPED, EVERY)
    assert first != second
    assert json.loads(body) == {
        "specversion": "1.0", "id": first, "source": "/bracelet/pressed", "type": "bracelet.gateway.heartbeat",
        "datacontenttype": "application/json",
        "data": {
            "county": "pressed", "run": life.run, "every_seconds": 20.0, "time": "2027-01-15T08:00:00Z",
            "healthy": False, "journal": {"next": 7, "chain": "ab"},
        },
    }  # fmt: skip


def test_what_the_broker_says_in_our_name_says_nothing_of_what_is_not_known_yet():
    life = Life(COUNTY, lambda: {"healthy": True}, lambda: 1.0)
    assert json.loads(life.sign(Sign.LOST, EVERY)[1])["data"] == {
        "county": "pressed", "run": life.run, "every_seconds": 20.0,
    }  # fmt: skip


def test_a_webhook_gets_one_at_once_and_then_at_intervals_however_quiet_it_is(tmp_path):
    async def test(platform, one):
        one.start()
        await one.eventually(lambda: one.upstream.connected, "the first")
        for count in (2, 3, 4):
            one.timing.advance(EVERY - 0.1)
            await one.writer.run(one.store.applied_offset)
            assert len(platform.beside) == count - 1
            one.timing.advance(0.1)
            await one.eventually(lambda count=count: len(platform.beside) == count, "one more")
        await one.upstream.farewell()
        assert kinds(each.body for each in platform.beside) == ["heartbeat"] * 4 + ["stopped"]

    posted(tmp_path, test, heartbeat=EVERY)


def test_a_broker_gets_one_at_once_and_then_at_intervals_and_a_last_one(tmp_path):
    async def test(broker, one):
        one.start()
        for count in (1, 2, 3):
            await one.eventually(lambda count=count: len(broker.signs) == count, "one more")
            await one.quiet(broker)
            one.timing.advance(EVERY)
        await one.eventually(lambda: len(broker.signs) == 4, "the fourth")
        await one.upstream.farewell()
        assert {topic for topic, _ in broker.signs} == {ALIVE}
        assert kinds(body for _, body in broker.signs) == ["heartbeat"] * 4 + ["stopped"]

    told(tmp_path, test, heartbeat=EVERY)


def test_the_broker_has_our_last_word_from_the_start(tmp_path):
    async def test(broker, one):
        one.start()
        await one.eventually(lambda: one.upstream.connected, "there")
        topic, body = broker.will
        assert topic == ALIVE
        assert kinds([body]) == ["lost"]

    told(tmp_path, test)


def test_a_broker_that_ends_the_connection_at_each_is_spared_them_and_alarms_go_on(tmp_path):
    async def test(broker, one):
        broker.beaten = lambda: None
        await one.owe(event("a"))
        one.start()
        await one.eventually(lambda: len(broker.signs) == 3, "three", pace=0.25)
        await one.owe(event("b"))
        await one.delivered(pace=0.25)
        await one.eventually(lambda: ALIVE in str(one.upstream.trouble), "said", pace=0.25)
        assert (len(broker.signs), one.upstream.set_aside) == (3, {})

    told(tmp_path, test)


def test_a_broker_that_acknowledges_none_holds_up_no_alarm(tmp_path):
    async def test(broker, one):
        broker.beaten = lambda: 0
        broker.mutes_signs = True
        one.start()
        for number in range(1, 6):
            await one.owe(event("a", number))
            await one.delivered()
            one.timing.advance(EVERY)
        await one.eventually(lambda: len(broker.signs) == 3 and one.upstream.trouble is not None, "no more", pace=1.0)
        assert ALIVE in one.upstream.trouble.en
        assert broker.connections == 1

    told(tmp_path, test, heartbeat=EVERY)


def test_while_alarms_go_out_for_long_a_sign_of_life_goes_between(tmp_path):
    async def test(broker, one):
        await one.owe(*(event(f"a{number}") for number in range(300)))
        one.start()
        await one.delivered(pace=0.5)
        assert 64 <= broker.order_at_signs[0] < 200
        assert len(broker.signs) >= 3

    told(tmp_path, test, per_second=2.0, heartbeat=EVERY)


def test_a_broker_that_refuses_them_is_named(tmp_path):
    async def test(broker, one):
        broker.beaten = lambda: 0x87
        one.start()
        await one.eventually(lambda: one.upstream.trouble is not None, "said")
        assert "0x87" in one.upstream.trouble.en
        broker.beaten = lambda: 0
        await one.eventually(lambda: one.upstream.trouble is None, "allowed", pace=1.0)

    told(tmp_path, test, mqtt_version=5, heartbeat=EVERY)


def test_a_farewell_that_nobody_takes_ends(tmp_path):
    async def test(broker, one):
        await one.upstream.farewell()
        one.start()
        await one.eventually(lambda: one.upstream.connected, "there")
        broker.cut()
        async with asyncio.timeout(30):
            await one.upstream.farewell()

    told(tmp_path, test)
