"""What a county says in the streams: kept, then acknowledged, each once; and the city's acts on their way there."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager, suppress

import msgspec
from city_events import NOW, alarm, sign
from city_streams import city_streams

from gateway.city.acts import Standing, made, message, standings
from gateway.city.intake import Intake
from gateway.city.store import CityStore
from gateway.city.streamed import Streamed
from gateway.clock import SystemClock
from gateway.engine.act_lines import ActLine
from gateway.errors import TransientFault
from gateway.journal.controls import Act
from gateway.settings.city import CityCounty
from gateway.settings.model import Credential
from gateway.stream.names import act_subject, alarm_subject, life_subject, reader
from gateway.upstream import life
from gateway.upstream.acts import verify

KEY = "0123456789abcdef0123456789abcdef"
PATIENCE = 60


@asynccontextmanager
async def read(intake, county):
    """A city that reads a county's subjects, as long as this lasts."""
    one = Streamed(county, "4502", intake)
    task = asyncio.create_task(one.run())
    try:
        yield one
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(look):
    async with asyncio.timeout(PATIENCE):
        while not await look():  # noqa: ASYNC110  it happens at a server
            await asyncio.sleep(0.02)


def told(directory, story):
    async def run():
        store = CityStore(directory / "state")
        try:
            return await story(store)
        finally:
            store.close()

    return asyncio.run(run())


def of(server, code, **more):
    return CityCounty(code, code, streams=server.url, credential=Credential(act_key=KEY), **more)


def test_what_a_county_says_is_kept_before_it_is_acknowledged_and_other_voices_do_not_count(
    tmp_path, stream_server, stream_county, monkeypatch
):
    code, fails, kept = stream_county, [], CityStore.keep

    async def failing(self, told):
        if not fails:
            fails.append(1)
            raise TransientFault("disk full")
        return await kept(self, told)

    async def story(store):
        intake = Intake(store, SystemClock(), lambda: None)
        async with city_streams(stream_server.url) as city:
            await city.publish(alarm_subject(code, "county"), alarm(code, "a"))
            await city.publish(alarm_subject(code, "county"), alarm("other", "b"))
            await city.publish(alarm_subject(code, "worker"), alarm(code, "c"))
            monkeypatch.setattr(CityStore, "keep", failing)
            async with read(intake, of(stream_server, code)):
                await city.publish(life_subject(code, "county"), sign(code, life.Sign.STOPPED))
                await until(lambda: _sign(store, code, "stopped"))
                await until(lambda: store.unresolved(code))
                await until(lambda: _nothing_open(city, reader("4502", alarm_subject(code, "county"))))
            return [one.id[0] for one in await store.unresolved(code)], set(intake.refused_of(code))

    assert told(tmp_path, story) == (["a"], {"foreign"})
    assert fails


async def _sign(store, code, wanted):
    heard = (await store.heard()).get(code)
    return heard is not None and heard.sign == wanted


async def _nothing_open(city, consumer):
    info = await city.ask(f"CONSUMER.INFO.ALARMS.{consumer}")
    return info["num_pending"] == info["num_ack_pending"] == 0


def test_where_a_worker_judges_both_have_to_be_heard(tmp_path, stream_server, stream_county):
    code = stream_county

    async def story(store):
        intake = Intake(store, SystemClock(), lambda: None)
        async with (
            city_streams(stream_server.url) as city,
            read(intake, of(stream_server, code, source="worker")) as one,
        ):
            await city.publish(life_subject(code, "county"), sign(code))
            await until(lambda: _heard(one, "county"))
            alone = await store.heard()
            await city.publish(alarm_subject(code, "worker"), alarm(code, "e"))
            await city.publish(life_subject(code, "worker"), sign(code))
            await until(lambda: _sign(store, code, "heartbeat"))
            await until(lambda: store.unresolved(code))
            return alone

    assert told(tmp_path, story) == {}


def test_a_county_and_a_worker_whose_clocks_are_an_hour_off_are_heard_when_they_speak(
    tmp_path, stream_server, stream_county
):
    code, clock = stream_county, SystemClock()

    async def story(store):
        intake = Intake(store, clock, lambda: None)
        async with (
            city_streams(stream_server.url) as city,
            read(intake, of(stream_server, code, source="worker")) as one,
        ):
            await city.publish(life_subject(code, "worker"), sign(code, now=clock.now() + 3_600.0))
            await until(lambda: _heard(one, "worker"))
            await city.publish(life_subject(code, "county"), sign(code, now=clock.now() - 3_600.0))
            await until(lambda: _sign(store, code, "heartbeat"))
            return clock.now() - (await store.heard())[code].heard

    assert 0.0 <= told(tmp_path, story) < PATIENCE


async def _heard(one, source):
    return source in one._heard


def test_an_act_is_signed_sent_once_pending_until_the_county_says_so_and_missed_after_a_while(
    tmp_path, stream_server, stream_county
):
    code = stream_county

    async def story(store):
        intake = Intake(store, SystemClock(), lambda: None)
        async with city_streams(stream_server.url) as city, read(intake, of(stream_server, code)) as one:
            await city.publish(alarm_subject(code, "county"), alarm(code, "a"))
            await until(lambda: store.unresolved(code))
            (known,) = await store.unresolved(code)
            act = made("f" * 32, known, "4502/C01", "urge", "请速查", NOW)
            await store.add(act)
            await store.add(act)
            waiting = standings(await store.acts(code), known, NOW)
            one.wake.set()
            await until(lambda: _all_sent(store, code))
            sent = await city.js.get_last_msg("ACTS", act_subject(code))
            (ours,) = await store.acts(code)
            line = ActLine(NOW + 9, "4502/C01", "note", 2)
            await city.publish(alarm_subject(code, "county"), alarm(code, "a", revision=2, acts=[line]))
            await until(lambda: _revision(store, code, 2))
            (after,) = await store.unresolved(code)
            return waiting, sent, ours, known, after

    waiting, sent, ours, known, after = told(tmp_path, story)
    assert [how for _, how in waiting] == [Standing.WAITING]
    assert sent.headers["Nats-Msg-Id"] == "f" * 32
    assert verify(sent.data, KEY, "city") == msgspec.structs.replace(
        Act("f" * 32, "note", known.id, "4502/C01", note="【督办】请速查", county=code, origin="city"),
        time=json.loads(json.loads(sent.data)["act"])["time"],
    )
    for alarm_now, later, how in (
        (known, 60, Standing.PENDING),
        (known, 3600, Standing.MISSED),
        (after, 60, Standing.DONE),
    ):
        assert standings([ours], alarm_now, NOW + later) == [(ours, how)]
    again = msgspec.structs.replace(ours, id="e" * 32, at=NOW + 30)
    assert [how for _, how in standings([ours, again], after, NOW + 60)] == [Standing.DONE, Standing.PENDING]
    assert message(ours, KEY) == sent.data


async def _all_sent(store, code):
    return not await store.unsent(code)


async def _revision(store, code, wanted):
    return (await store.unresolved(code))[0].revision == wanted
