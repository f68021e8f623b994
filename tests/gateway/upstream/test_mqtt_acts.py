"""Acts of the platform at the broker: done once, kept until they are, and none stops another."""

from __future__ import annotations

from upstream_room import ACT, KEY, event, meant, told

from gateway.errors import OurFault
from gateway.upstream.acts import sign


def test_an_act_waits_at_the_broker_until_it_is_done_and_alarms_do_not_wait_for_it(tmp_path):
    tries = []

    async def on_act(act):
        tries.append(act.id)
        if len(tries) < 4:
            raise OurFault("disk full")
        return "done"

    async def test(broker, one):
        one.start()
        await one.eventually(lambda: one.upstream.connected, "there")
        mid = broker.say(ACT, sign(meant("id1"), KEY))
        await one.eventually(lambda: tries, "tried")
        await one.owe(event("a"))
        await one.delivered()
        assert mid in broker.unacknowledged
        await one.eventually(lambda: mid not in broker.unacknowledged, "done", pace=1.0)
        assert tries == ["id1"] * 4

    told(tmp_path, test, on_act=on_act)


def test_an_act_that_only_raises_is_kept_and_stops_no_other(tmp_path):
    done = []

    async def on_act(act):
        if act.id == "bad":
            raise ZeroDivisionError
        done.append(act.id)
        return "done"

    async def test(broker, one):
        one.start()
        await one.eventually(lambda: one.upstream.connected, "there")
        broker.say(ACT, sign(meant("bad"), KEY))
        broker.say(ACT, sign(meant("good"), KEY))
        await one.eventually(lambda: done == ["good"], "the next is done", pace=1.0)
        await one.eventually(lambda: not broker.unacknowledged, "acknowledged")
        assert one.refused == {"act_failed": 1}

    told(tmp_path, test, on_act=on_act)
