"""The upstream against a broker that misbehaves: once each, nothing lost, nothing believed that did not come back."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise

import pytest
from scripted_broker import ScriptedBroker
from upstream_room import ACT, ALARMS, KEY, event, meant, room, told

from gateway.errors import OurFault
from gateway.store.outbox import POISON, UNCONFIRMED, Outbox
from gateway.upstream.acts import sign
from gateway.upstream.mqtt import identifier

FENCE = "bracelet/pressed/gateway/fence"


def is_alarm(topic, _payload=b""):
    return topic.startswith(ALARMS)


def test_what_is_owed_goes_out_once_and_is_delivered_when_it_comes_back(tmp_path):
    async def test(broker, one):
        await one.owe(*(event(f"a{number}") for number in range(200)))
        one.start()
        await one.delivered()
        assert sum(broker.taken.values()) == 201  # and the fence
        assert set(broker.taken.values()) == {1}
        assert one.upstream.connected
        assert one.upstream.trouble is None

    told(tmp_path, test)


def test_urgent_alarms_overtake_and_those_of_one_alarm_stay_in_order(tmp_path):
    """A revision that is more urgent takes the earlier ones of its alarm with it."""

    async def test(broker, one):
        await one.owe(*(event(f"low{number}", severity="info") for number in range(150)))
        await one.owe(event("a", 1, "info"), event("a", 2, "critical"), event("a", 3, "info"))
        await one.owe(event("sos", 1, "critical"))
        one.start()
        await one.delivered()
        said = [json.loads(body)["id"] for body in broker.order if body.startswith(b"{")]
        assert said[:2] == ["a.1", "sos.1"]
        assert said.index("a.2") < said.index("a.3") < 64 * 2 + 3
        assert said[-1].startswith("low")

    told(tmp_path, test)


def test_a_row_that_came_back_while_we_were_away_is_not_sent_again(tmp_path):
    async def test(broker, one):
        broker.mutes = broker.holds = is_alarm
        await one.owe(event("a"), event("b"))
        one.start()
        await one.eventually(lambda: len(broker.held) == 2, "both are there")
        broker.cut()
        broker.mutes = broker.holds = lambda *_: False
        await one.eventually(lambda: one.upstream.reconnects == 2, "again", pace=0.1)
        broker.release()
        await one.delivered()
        assert broker.taken[event("a").body] == broker.taken[event("b").body] == 1

    told(tmp_path, test)


def test_what_stands_behind_a_row_in_doubt_goes_out_when_that_comes_back_and_nothing_else_happens(tmp_path):
    """A repetition comes half a minute late, in a quiet night: no new alarm is there to stir anybody."""

    async def test(broker, one):
        broker.mutes = broker.holds = is_alarm
        await one.owe(event("a", 1))
        one.start()
        await one.eventually(lambda: len(broker.held) == 1, "it is there")
        broker.cut()
        broker.mutes = broker.holds = lambda *_: False
        await one.eventually(lambda: one.upstream.reconnects == 2, "again", pace=0.1)
        await one.owe(event("a", 2))
        await one.quiet(broker)
        assert not broker.taken[event("a", 2).body]
        broker.release()
        await one.eventually(lambda: broker.taken[event("a", 2).body] == 1, "the later one goes out", pace=0.0)

    told(tmp_path, test)


def test_a_row_that_never_arrived_is_sent_again_when_no_repetition_came_for_the_wait(tmp_path):
    """And its later revision waits for it, while other alarms go out."""

    async def test(broker, one):
        broker.mutes = broker.drops = is_alarm
        await one.owe(event("lost", 1))
        one.start()
        await one.eventually(lambda: one.upstream.reconnects == 1, "there")
        await one.quiet(broker)
        broker.cut()
        broker.mutes = broker.drops = lambda *_: False
        await one.owe(event("lost", 2), event("other"))
        await one.eventually(lambda: broker.taken[event("other").body], "others do not wait", pace=0.1)
        await one.eventually(lambda: broker.taken and not broker.unacknowledged, "the fence is back")
        one.timing.advance(34.0)
        await one.quiet(broker)
        assert not broker.taken[event("lost", 1).body]
        one.timing.advance(1.5)
        await one.delivered()
        assert broker.order.index(event("lost", 1).body) < broker.order.index(event("lost", 2).body)

    told(tmp_path, test)


def test_the_wait_begins_anew_with_each_repetition(tmp_path):
    async def test(broker, one):
        broker.mutes = broker.holds = is_alarm
        await one.owe(event("slow"), event("slower"))
        one.start()
        await one.eventually(lambda: len(broker.held) == 2, "both are there")
        broker.cut()
        await one.eventually(lambda: one.upstream.reconnects == 2, "again", pace=0.1)
        await one.quiet(broker)
        one.timing.advance(30.0)
        slow, slower = broker.held
        broker.say(*slow)
        await one.quiet(broker)
        one.timing.advance(30.0)
        await one.quiet(broker)
        broker.say(*slower)
        await one.delivered()
        assert broker.taken[event("slow").body] == broker.taken[event("slower").body] == 1

    told(tmp_path, test)


def test_without_a_fence_we_connect_again_and_send_nothing_again(tmp_path):
    """Only on the third connection on which nothing came back is the doubt settled towards sending; it is said."""

    async def test(broker, one):
        broker.mutes = is_alarm
        broker.holds = lambda *_: True
        await one.owe(event("a"))
        one.start()
        await one.eventually(lambda: len(broker.held) == 2, "fence and alarm are there")
        broker.cut()
        broker.mutes = lambda *_: False
        for connection in (2, 3, 4):
            await one.eventually(lambda n=connection: one.upstream.reconnects == n, "again", pace=0.1)
            await one.eventually(lambda n=connection: len(broker.held) == n + 1, "fenced")
            await one.quiet(broker)
            assert broker.taken[event("a").body] == 1
            one.timing.advance(44.0)
            await one.eventually(lambda: broker.writer is not None, "it stays")
            one.timing.advance(2.0)
        await one.eventually(lambda: broker.taken[event("a").body] == 2, "sent again")
        assert "returned none of our own messages" in str(one.upstream.trouble)
        broker.holds = lambda *_: False
        broker.release()
        await one.delivered()
        assert one.upstream.trouble is None

    told(tmp_path, test)


def test_a_slow_broker_whose_fence_comes_late_doubles_nothing(tmp_path):
    async def test(broker, one):
        broker.mutes = broker.holds = lambda topic, _: is_alarm(topic)
        await one.owe(*(event(f"a{number}") for number in range(20)))
        one.start()
        await one.eventually(lambda: len(broker.held) == 20, "all are there")
        broker.cut()
        broker.holds = lambda *_: True
        broker.mutes = lambda *_: False
        await one.eventually(lambda: len(broker.held) == 21, "the fence is held", pace=0.1)
        one.timing.advance(40.0)
        broker.held.reverse()
        broker.release()
        await one.delivered()
        assert {count for body, count in broker.taken.items() if body.startswith(b"{")} == {1}

    told(tmp_path, test)


def test_an_acknowledged_alarm_that_does_not_come_back_is_kept_said_and_sent_by_command_only(tmp_path):
    async def test(broker, one):
        broker.drops = is_alarm
        await one.owe(event("denied", 1))
        one.start()
        await one.eventually(lambda: one.upstream.reconnects, "there")
        await one.eventually(lambda: one.upstream.set_aside == {UNCONFIRMED: 1}, "set aside", pace=1.0)
        assert "1 messages were acknowledged by the broker and did not come back" in str(one.upstream.trouble)
        broker.drops = lambda *_: False
        await one.owe(event("denied", 2))
        await one.eventually(lambda: broker.taken[event("denied", 2).body] == 1, "later revisions go out")
        for _ in range(5):
            one.timing.advance(100.0)
            await one.quiet(broker)
        assert not broker.taken[event("denied", 1).body]
        assert await one.upstream.resend() == 1
        await one.delivered()
        assert broker.taken[event("denied", 1).body] == 1
        assert (one.upstream.set_aside, one.upstream.trouble) == ({}, None)

    told(tmp_path, test)


def test_a_restart_between_acknowledgement_and_return_neither_doubles_nor_loses(tmp_path):
    async def run():
        async with ScriptedBroker() as broker:
            broker.holds = is_alarm
            async with room(tmp_path, broker.port) as one:
                await one.owe(event("late"), event("gone"))
                one.start()

                async def acked():
                    return [row.acked for row in one.store.outbox.unsettled("city")] == [True, True]

                await one.eventually(acked, "acknowledged")
            broker.held = [each for each in broker.held if b"late" in each[1]]
            async with room(tmp_path, broker.port) as one:
                one.start()
                await one.eventually(lambda: one.upstream.connected, "there")
                broker.release()
                await one.eventually(lambda: one.upstream.set_aside == {UNCONFIRMED: 1}, "the other is said", pace=1.0)
                assert await one.owed() == 0
            assert broker.taken[event("late").body] == broker.taken[event("gone").body] == 1

    asyncio.run(run())


def test_an_alarm_that_comes_back_after_all_is_no_longer_set_aside(tmp_path):
    async def test(broker, one):
        broker.holds = is_alarm
        await one.owe(event("a"))
        one.start()
        await one.eventually(lambda: one.upstream.set_aside == {UNCONFIRMED: 1}, "set aside", pace=1.0)
        broker.release()
        await one.eventually(lambda: one.upstream.set_aside == {}, "it came")
        assert one.store.figures() | {"events": 0, "unresolved": 0} == {
            "events": 0, "unresolved": 0, "owed": 0, "set_aside": 0,
        }  # fmt: skip

    told(tmp_path, test)


def test_where_we_may_not_listen_the_acknowledgement_counts_and_it_is_said(tmp_path):
    async def test(broker, one):
        await one.owe(event("a"))
        one.start()
        await one.delivered()
        assert "refuses us our own alarms (code 0x80)" in str(one.upstream.trouble)
        broker.codes = {}
        await one.eventually(lambda: one.upstream.trouble is None, "asked again, allowed", pace=1.0)
        assert broker.connections == 1

    told(tmp_path, test, script={"codes": {"+": 0x80}})


@pytest.mark.parametrize(
    ("topic", "words"), [("act", "acts of the platform do not arrive"), ("fence", "gateway/fence")]
)
def test_a_refused_subscription_is_said(tmp_path, topic, words):
    async def test(broker, one):
        one.start()
        await one.eventually(lambda: one.upstream.connected, "there")
        assert words in str(one.upstream.trouble)
        assert broker.subscribed == [f"{ALARMS}/+", FENCE, ACT]

    told(tmp_path, test, script={"codes": {topic: 0x80}})


def test_acts_are_not_asked_for_where_none_are_accepted_and_the_old_subscription_is_given_up(tmp_path):
    async def test(broker, one):
        one.start()
        await one.eventually(lambda: broker.unsubscribed, "given up", pace=1.0)
        assert broker.subscribed == [f"{ALARMS}/+", FENCE]
        assert broker.unsubscribed == ["bracelet/pressed/#", ACT]

    told(tmp_path, test, accept_acts=False)


def test_a_row_that_ends_the_connection_is_set_aside_and_what_is_behind_it_flows(tmp_path):
    async def test(broker, one):
        broker.ends = lambda _, payload: len(payload) > 5000
        await one.owe(*(event(f"a{number}") for number in range(10)))
        await one.owe(event("huge", severity="critical", size=6000), event("huge", 2, severity="critical"))
        await one.owe(*(event(f"b{number}") for number in range(200)))
        one.start()
        await one.eventually(lambda: broker.taken[event("b199").body], "what is behind flows", pace=0.2)
        await one.eventually(lambda: one.upstream.set_aside == {POISON: 1}, "set aside", pace=0.5)
        await one.delivered(pace=0.5)
        assert "ended the connection, again and again" in str(one.upstream.trouble)
        assert {count for body, count in broker.taken.items() if body.startswith(b"{")} == {1}
        assert broker.taken[event("huge", 2, severity="critical").body] == 1
        assert broker.connections == 4

    told(tmp_path, test)


def test_a_broker_that_comes_and_goes_sets_nothing_aside(tmp_path):
    """It ends connections before it has taken anything, or stops answering: that is not the row's doing."""

    async def test(broker, one):
        broker.ends = lambda topic, _: topic == FENCE
        await one.owe(event("a"))
        one.start()
        await one.eventually(lambda: broker.connections == 8, "many connections", pace=1.0)
        broker.ends = lambda *_: False
        broker.mutes = broker.drops = is_alarm
        await one.eventually(lambda: broker.connections == 13, "many more", pace=10.0)
        broker.mutes = broker.drops = lambda *_: False
        await one.delivered(pace=1.0)
        assert broker.taken[event("a").body] == 1
        assert one.upstream.set_aside == {}

    told(tmp_path, test, publish_wait=5.0)


def test_a_refusal_with_a_reason_counts_and_is_set_aside_after_so_many_tries(tmp_path):
    async def test(broker, one):
        tries = []
        broker.reason = lambda _, payload: tries.append(payload) or 0x87 if b"denied" in payload else 0
        await one.owe(event("denied"), event("well"))
        one.start()
        await one.eventually(lambda: one.upstream.set_aside == {POISON: 1}, "set aside", pace=0.5)
        await one.delivered()
        assert len(tries) == 3
        assert broker.taken[event("well").body] == 1
        assert broker.connections == 1

    told(tmp_path, test, mqtt_version=5, tries=3)


def test_a_broker_that_has_enough_for_now_sets_nothing_aside(tmp_path):
    async def test(broker, one):
        tries = []
        broker.reason = lambda topic, payload: tries.append(payload) or 0x97 if is_alarm(topic) else 0
        await one.owe(event("a"))
        one.start()
        await one.eventually(lambda: len(tries) > 6, "again and again", pace=0.5)
        assert "refuses alarms (code 0x97)" in str(one.upstream.trouble)
        broker.reason = lambda *_: 0
        await one.delivered(pace=0.5)
        assert (one.upstream.set_aside, one.upstream.trouble) == ({}, None)

    told(tmp_path, test, mqtt_version=5, tries=2)


def test_a_connection_without_an_answer_is_given_up_and_closed(tmp_path):
    async def test(broker, one):
        one.start()
        await one.eventually(lambda: broker.closed == 2, "given up, and no socket is left", pace=1.0)
        assert "not connected" in str(one.upstream.trouble)
        broker.is_deaf = False
        await one.eventually(lambda: one.upstream.connected, "there", pace=1.0)
        assert one.upstream.trouble is None

    told(tmp_path, test, script={"is_deaf": True}, connect_wait=0.05)


def test_between_two_connections_lies_more_than_the_second_in_which_a_broker_may_not_answer(tmp_path):
    begun = []

    async def test(broker, one):
        broker.ends = lambda topic, _: topic == FENCE

        def connected_anew():
            begun.extend([one.timing.now()] * (broker.connections - len(begun)))
            return len(begun) == 5

        await one.owe(event("a"))
        one.start()
        await one.eventually(connected_anew, "connected again and again", pace=0.25)

    told(tmp_path, test)
    assert all(later - sooner > 1.0 for sooner, later in pairwise(begun))


HOSTILE = {
    "signature": json.dumps({"act": "{}", "signature": "签名"}).encode(),
    "nested act": b'{"act": ' + b"[" * 100_000,
    "nested alarm": b"[" * 100_000,
    "nested id": b'{"id": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "surrogate": b'{"act": "\\ud800", "signature": "\\udfff"}',
    "not text": b"\xff\xfe\x00",
    "empty": b"",
    "somebody else's": b'{"id": "a.1"}',
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("topic", [ACT, FENCE, f"{ALARMS}/a", f"{ALARMS}/", "bracelet/pressed/else"])
def test_nothing_that_anybody_publishes_ends_us(tmp_path, name, topic):
    """It is counted, acknowledged, kept; alarms and acts go on."""

    async def test(broker, one):
        await one.owe(event("a"))
        one.start()
        await one.delivered()
        mid = broker.say(topic, HOSTILE[name])
        await one.eventually(lambda: mid not in broker.unacknowledged, "acknowledged")
        broker.say(ACT, sign(meant("id1"), KEY))
        await one.eventually(lambda: len(one.acts) == 1, "acts go on")
        await one.owe(event("b"))
        await one.delivered()
        assert broker.connections == 1
        assert sum(one.refused.values()) == (topic != FENCE)

    told(tmp_path, test)


def test_a_topic_that_is_no_text_ends_nothing(tmp_path):
    async def test(broker, one):
        one.start()
        await one.eventually(lambda: one.upstream.connected, "there")
        mid = broker.say("", b"x", raw_topic=b"bracelet/\xff\xfe/alarm")
        await one.eventually(lambda: mid not in broker.unacknowledged, "acknowledged")
        assert (broker.connections, one.refused) == (1, {"topic_unexpected": 1})

    told(tmp_path, test)


def test_a_bug_in_judging_a_message_ends_nothing(tmp_path, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("gateway.upstream.doing.verify", broken)

    async def test(broker, one):
        one.start()
        await one.eventually(lambda: one.upstream.connected, "there")
        mid = broker.say(ACT, b"x")
        await one.eventually(lambda: mid not in broker.unacknowledged, "acknowledged")
        assert (broker.connections, one.refused) == (1, {"message_fault": 1})

    told(tmp_path, test)


def test_two_commits_a_window_are_enough(tmp_path):
    async def test(_broker, one):
        commits = []
        claim, note = type(one.store.outbox).claim, type(one.store.outbox).note
        counted = {"claim": claim, "note": note}
        for name, what in counted.items():

            def count(self, *values, what=what):
                commits.append(what)
                return what(self, *values)

            patch.setattr(type(one.store.outbox), name, count)
        await one.owe(*(event(f"a{number}") for number in range(640)))
        one.start()
        await one.delivered()
        assert len(commits) <= 2 * 10 + 6

    with pytest.MonkeyPatch.context() as patch:
        told(tmp_path, test)


def test_two_names_never_share_a_client_id():
    county = "a-county-with-quite-a-long-code"
    assert identifier(county, "city") != identifier(county, "province")
    assert len(identifier(county, "city")) == 64
    assert identifier("x", "y") == b"bracelet-gateway-x-y".hex()


def test_the_broker_may_forget_what_came_back_only_once_that_is_on_the_disk(tmp_path, monkeypatch):
    """The store fails just then: the proof that the alarm arrived must be said again, or it would go out twice."""
    faults, body, note = [OurFault("disk full")], event("a").body, Outbox.note

    def fail_once(self, upstream, marks, now):
        if marks.delivered and faults:
            raise faults.pop()
        note(self, upstream, marks, now)

    async def test(broker, one):
        await one.owe(event("a"))
        one.start()
        await one.eventually(lambda: broker.closed, "the connection is given up")
        assert body in [payload for _, payload in broker.unacknowledged.values()]
        await one.delivered(pace=1.0)
        await one.quiet(broker)
        assert broker.taken[body] == 1
        assert not broker.unacknowledged

    monkeypatch.setattr(Outbox, "note", fail_once)
    told(tmp_path, test)
