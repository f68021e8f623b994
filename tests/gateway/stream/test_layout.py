from __future__ import annotations

import asyncio

import pytest

from gateway.errors import UserFault
from gateway.settings.model import Credential
from gateway.stream import layout, names
from gateway.stream.connection import Connection
from gateway.stream.faults import Full


def run(server, work):
    async def connected():
        async with Connection(server.url, Credential()) as connection:
            return await work(connection)

    return asyncio.run(connected())


ALL = (layout.alarms(), layout.life(), layout.acts(), layout.objects("snapshots"))


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.name)
def test_a_stream_is_made_once_also_by_two_at_once_and_waits_for_the_disk_in_a_file(stream_server, each):
    async def work(connection):
        await asyncio.gather(*(layout.lay(connection, each) for _ in range(4)))
        return (await layout.lay(connection, each))["config"]

    config = run(stream_server, work)
    assert (config["storage"], config["discard"], config["retention"]) == ("file", "new", "limits")
    assert config["metadata"]["schema"] == "1"


def test_an_event_is_there_once_however_often_and_by_whomever_it_is_told(stream_server, stream_county):
    async def work(connection):
        await layout.lay(connection, layout.alarms())
        subject, event = names.alarm_subject(stream_county, "worker"), names.alarm_id(stream_county, "worker", "e1")
        acks = [await connection.publish(subject, b"{}", message_id=event) for _ in range(3)]
        config = (await connection.ask("STREAM.INFO.ALARMS"))["config"]
        return [(ack.stream, ack.is_duplicate) for ack in acks], config["duplicate_window"] / 1e9

    acks, window = run(stream_server, work)
    assert acks == [("ALARMS", False), ("ALARMS", True), ("ALARMS", True)]
    assert window == layout.ALARM_WINDOW


def test_of_signs_of_life_the_last_one_of_each_source_stays(stream_server, stream_county):
    async def work(connection):
        await layout.lay(connection, layout.life())
        for source, said in (("county", b"1"), ("worker", b"2"), ("county", b"3")):
            await connection.publish(names.life_subject(stream_county, source), said)
        wanted = {"subjects_filter": f"life.{stream_county}.*"}
        return (await connection.ask("STREAM.INFO.LIFE", wanted))["state"]["subjects"]

    assert run(stream_server, work) == {f"life.{stream_county}.county": 1, f"life.{stream_county}.worker": 1}


def test_a_full_stream_refuses_and_keeps_what_it_has(stream_server, stream_county):
    bucket = f"small_{stream_county}"

    async def work(connection):
        await layout.lay(connection, layout.objects(bucket, max_bytes=2_000))
        subject = f"$O.{bucket}.C.x"
        await connection.publish(subject, bytes(1_500))
        with pytest.raises(Full):
            await connection.publish(subject, bytes(1_500))
        return (await connection.ask(f"STREAM.INFO.OBJ_{bucket}"))["state"]["messages"]

    assert run(stream_server, work) == 1


def test_other_limits_than_were_asked_for_are_refused_with_advice_in_both_languages(stream_server, stream_county):
    async def work(connection):
        name = f"b_{stream_county}"
        await layout.lay(connection, layout.objects(name, max_bytes=1_000))
        with pytest.raises(UserFault, match="has max_bytes 1000, and it has to be 5000") as refused:
            await layout.lay(connection, layout.objects(name, max_bytes=5_000), (layout.MAX_BYTES,))
        await layout.look(connection, layout.objects(name, max_bytes=5_000))
        return refused.value.args[0]

    said = run(stream_server, work)
    assert "nats stream edit" in said.zh
    assert "nats stream edit" in said.en


def test_more_replicas_than_there_are_servers_are_refused(stream_server, stream_county):
    async def work(connection):
        with pytest.raises(UserFault, match="replicas > 1 not supported in non-clustered mode"):
            await layout.lay(connection, layout.journal(names.Partition(stream_county, 0, 1), replicas=3))

    run(stream_server, work)
