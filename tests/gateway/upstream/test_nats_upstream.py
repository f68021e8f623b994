"""Alarms into a real JetStream, acts out of it: each stored once, in order, and nothing lost whoever goes away."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace

from city_streams import NOBODY, city_streams
from msgspec import structs
from stream_server import StreamServer
from upstream_room import KEY, NAME, QUICK, RARELY, Room, SteppedTiming, event, meant, quiet_life

from gateway.clock import SystemClock
from gateway.errors import TransientFault
from gateway.settings.model import Credential, Delivery, Telemetry, Upstream, UpstreamKind
from gateway.store.outbox import POISON
from gateway.store.state_db import StateStore
from gateway.stream.connection import Connection
from gateway.stream.names import act_subject, alarm_id, alarm_subject, life_subject, telemetry_subject
from gateway.upstream.acts import sign
from gateway.upstream.nats import NatsUpstream
from gateway.upstream.rows import OwnRows
from gateway.upstream.telemetry import Lane
from gateway.writer import Writer


@asynccontextmanager
async def sending(path, url, county, *, on_act=None, lane=None, **patience):
    """An upstream whose waits pass when the test says so; the server answers in its own time."""
    store, writer, timing = StateStore(path / "state.db"), Writer(), SteppedTiming()
    refused, acts = Counter(), []

    async def take(act):
        acts.append(act)
        return "done"

    delivery = Delivery(**{"per_second": QUICK, "heartbeat": RARELY, "publish_wait": RARELY} | patience)
    upstream = NatsUpstream(
        Upstream(NAME, UpstreamKind.NATS, url, Credential(act_key=KEY), accept_acts=True, delivery=delivery),
        OwnRows(NAME, store, writer, SystemClock()), SystemClock(), quiet_life(), lane, county=county,
        on_act=on_act or take, refuse=lambda reason, _: refused.update((reason,)),
        timing=timing,
    )  # fmt: skip
    one = Room(upstream, store, writer, timing, refused, acts)
    try:
        yield one
    finally:
        await one.stop()
        writer.close()
        store.close()


async def stored(city, county):
    """Ids of the events in the stream, in order."""
    answer = await city.ask("STREAM.INFO.ALARMS", {"deleted_details": True})
    found, state = [], answer["state"]
    for sequence in range(state["first_seq"], state["last_seq"] + 1):
        if sequence in (state.get("deleted") or ()):
            continue
        message = await city.js.get_msg("ALARMS", sequence)
        if message.subject == alarm_subject(county, "county"):
            found.append((json.loads(message.data)["id"], message.headers["Nats-Msg-Id"]))
    return found


def test_alarms_are_stored_once_in_order_with_signs_of_life_and_what_goes_beside(
    tmp_path, stream_server, stream_county
):
    county = stream_county
    telemetry = Telemetry("order 7", 10.0, positions=True)
    lane = Lane(telemetry, county, lambda _: {"positions": {("B1",): {"device": "B1"}}}, SystemClock().now)

    async def work():
        async with (
            city_streams(stream_server.url) as city,
            sending(tmp_path, stream_server.url, county, lane=lane) as one,
        ):
            heard = await city.inbox(telemetry_subject(county, "positions"))
            await one.owe(event("x", severity="info"), event("a", 1), event("a", 2), event("sos", severity="critical"))
            one.start()
            await one.delivered()
            ids = await stored(city, county)
            assert {name for name, _ in ids} == {"x.1", "a.1", "a.2", "sos.1"}
            assert ids.index(("a.1", alarm_id(county, "county", "a.1"))) < [name for name, _ in ids].index("a.2")
            assert (await heard.next(10)).data.count(b'"device":"B1"') == 1
            assert (one.upstream.connected, one.upstream.trouble) == (True, None)
            await one.upstream.farewell()
            life = await city.js.get_last_msg("LIFE", life_subject(county, "county"))
            assert json.loads(life.data)["type"] == "bracelet.gateway.stopped"

    asyncio.run(work())


def test_what_was_published_and_not_marked_is_stored_once_and_an_id_of_others_costs_nothing(
    tmp_path, stream_server, stream_county
):
    """As after a crash between the two; and an id that was used by somebody else, or outlived its message."""
    county = stream_county

    async def work():
        async with city_streams(stream_server.url) as city, sending(tmp_path, stream_server.url, county) as one:
            doubtful, foreign = event("a"), event("b")
            await one.owe(doubtful)
            (row,) = await one.upstream.rows.claim(1, frozenset())
            for each in (doubtful, replace(foreign, body=b'{"id":"another"}')):
                await city.publish(
                    alarm_subject(county, "county"), each.body, message_id=alarm_id(county, "county", each.id)
                )
            await one.owe(foreign)
            one.start()
            await one.delivered()
            assert row.id == "a.1"
            assert [name for name, _ in await stored(city, county)] == ["a.1", "another", "b.1"]

    asyncio.run(work())


def test_acts_are_done_then_acknowledged_and_what_is_none_is_refused_for_good(tmp_path, stream_server, stream_county):
    county, tries = stream_county, []

    def ours(name):
        return sign(structs.replace(meant(name), county=county), KEY)

    async def on_act(act):
        tries.append(act.id)
        if act.id == "waits" and tries.count("waits") < 2:
            raise TransientFault("disk full")
        if act.id == "never":
            raise ZeroDivisionError
        return "done"

    async def work():
        async with city_streams(stream_server.url) as city:
            for body in (
                ours("waits"), b"{}", sign(meant("foreign"), KEY),
                ours("never"), ours("last"),
            ):  # fmt: skip
                await city.publish(act_subject(county), body)
            async with sending(tmp_path, stream_server.url, county, on_act=on_act) as one:
                one.start()
                await one.eventually(lambda: "last" in tries, "all came", 0.5)

                async def over():
                    info = await city.ask(f"CONSUMER.INFO.ACTS.acts_{county}")
                    return info["num_ack_pending"] == info["num_pending"] == 0

                await one.eventually(over, "each is answered", 0.5)
                assert tries == ["waits"] * 2 + ["never"] * 3 + ["last"]
                assert one.refused == {"act_malformed": 1, "act_foreign": 1, "act_failed": 1}

    asyncio.run(work())


def test_a_full_stream_is_waited_for_what_is_too_large_stands_aside_and_a_lost_server_loses_nothing(tmp_path):
    server = StreamServer(tmp_path / "server", more="max_payload: 64KB").start()

    async def work():
        async def all_but_one():
            return {name for name, _ in await stored(city, "c1")} == {"a.1", "b.1", "c.1"}

        async with city_streams(server.url, max_msgs=2) as city, sending(tmp_path, server.url, "c1", tries=1) as one:
            await one.owe(event("large", size=66_000), event("a"), event("b"), event("c"))
            one.start()
            await one.eventually(lambda: "nats_full" in one.upstream.troubles, "it is full")
            assert "the stream is full: alarms wait in the outbox" in one.upstream.trouble.en
            await one.eventually(lambda: one.upstream.set_aside == {POISON: 1}, "the large one stands aside", 0.5)
            limits = (await city.ask("STREAM.INFO.ALARMS"))["config"] | {"max_msgs": 10}
            await city.ask("STREAM.UPDATE.ALARMS", limits)
            await one.eventually(lambda: "nats_full" not in one.upstream.troubles, "room", 0.5)
            await one.eventually(all_but_one, "all are there", 0.5)
        server.kill()
        async with sending(tmp_path, server.url, "c1") as one:
            await one.owe(event("d"))
            one.start()
            await one.eventually(lambda: one.upstream.trouble is not None, "nobody is there", 0.5)
            server.start()
            await one.delivered(0.5)
            async with Connection(server.url, NOBODY) as city:
                assert {name for name, _ in await stored(city, "c1")} == {"a.1", "b.1", "c.1", "d.1"}

    try:
        asyncio.run(work())
    finally:
        server.kill()


def test_a_county_that_has_used_up_its_share_waits_in_words_and_the_others_go_on(tmp_path):
    server = StreamServer(tmp_path / "server").start()

    async def work():
        async with (
            city_streams(server.url, max_msgs_per_subject=2, discard_new_per_subject=True) as city,
            sending(folder(tmp_path, "a"), server.url, "a", tries=1) as full,
            sending(folder(tmp_path, "b"), server.url, "b") as other,
        ):
            names = ["x.1", "x.2", "x.3", "y.1", "y.2"]
            await full.owe(*(event(*name.split(".")[:1], int(name[-1])) for name in names))
            full.start()
            await full.eventually(lambda: "nats_share_full" in full.upstream.troubles, "its share is used up")
            said = full.upstream.trouble
            assert "other counties go on" in said.en
            assert "alarm.a.county" in said.zh
            await other.owe(event("z", 1))
            other.start()
            await other.delivered()
            assert [name for name, _ in await stored(city, "b")] == ["z.1"]
            assert (other.upstream.trouble, full.upstream.set_aside) == (None, {})
            # What is oldest goes, as after 30 days, until all have been there.
            seen = dict.fromkeys(name for name, _ in await stored(city, "a"))
            while len(seen) < len(names):
                await city.ask("STREAM.PURGE.ALARMS", {"filter": alarm_subject("a", "county"), "keep": 1})

                async def more():
                    before = len(seen)
                    seen.update(dict.fromkeys(name for name, _ in await stored(city, "a")))
                    return len(seen) > before

                await full.eventually(more, "one more of it is taken", 0.5)
            await full.delivered(0.5)
            for alarm in "xy":
                assert [name for name in seen if name[0] == alarm] == [name for name in names if name[0] == alarm]
            assert full.upstream.trouble is None

    try:
        asyncio.run(work())
    finally:
        server.kill()


def folder(path, name):
    (path / name).mkdir()
    return path / name
