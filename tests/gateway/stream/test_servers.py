"""Servers by the configurations that the commands write: a county does what is its own, and nothing of another's."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from configured_servers import BRACELETS, KEY, PARTITIONS, city_of, known_as, leaf_at, password_of, started
from timeline import county

from gateway.cli.stream_servers import Asked, leaf_of, make_streams, node_of
from gateway.errors import GatewayFault, UserFault
from gateway.journal.entries import EntryKind, Gathering, Origin
from gateway.settings.city import load_city
from gateway.stream.connection import Connection
from gateway.stream.faults import Away
from gateway.stream.journal import StreamJournal
from gateway.stream.names import Partition, act_consumer, act_subject, alarm_subject, life_subject
from gateway.stream.pulled import Pulled

ONE, OTHER = "450203", "450204"


def of(code):
    base = county()
    return replace(base, county=replace(base.county, code=code))


def credentials_at(folder, code):
    folder.mkdir(exist_ok=True)
    (folder / "credentials.yaml").write_text(
        f"leaf: {{username: '{code}', password: \"{password_of(code)}\", act_key: {KEY}}}\n", "utf-8"
    )
    (folder / "credentials.yaml").chmod(0o600)
    return folder


def journaled(connection, code):
    """As the forwarder does, in a thread of its own."""
    gathering = Gathering()
    gathering.add(EntryKind.TICK, 1.0, Origin(), b"")
    journal = StreamJournal(connection, Partition(code, 1, PARTITIONS))
    journal.store_configuration("d1", {"gateway.yaml": "x" * 300_000})
    journal.append(gathering.batch(), 7)
    return StreamJournal(connection, Partition(code, 1, PARTITIONS), read_only=True).source


def test_a_county_speaks_and_hears_for_itself_alone_however_it_tries(tmp_path):
    node, city = started(tmp_path, [ONE, OTHER])
    leaf = leaf_at(tmp_path / "leaf", of(ONE), credentials_at(tmp_path / "county", ONE), node)
    leaf.start()

    async def work():
        owner = city.counties[ONE].credential
        async with (
            Connection(node.url, owner, None, "city") as city_,
            Connection(leaf.url, known_as(ONE), None, "city", wait=2.0) as mine,
        ):
            await until(lambda: mine.publish(life_subject(ONE, "county"), b"alive"))
            await mine.publish(alarm_subject(ONE, "county"), b"own", message_id="1")
            assert await asyncio.to_thread(journaled, mine, ONE) == 7
            for code in (ONE, OTHER):
                await city_.publish(act_subject(code), code.encode())
            async with Pulled(mine, "ACTS", act_consumer(ONE), act_subject(ONE)) as pulled:
                (act,) = await pulled.some()
                assert act.body == ONE.encode()
                await pulled.answer(act)
            await refused(mine, city_)
            await answered_elsewhere(mine, city_)
            counts = (await city_.ask("STREAM.INFO.ALARMS", {"subjects_filter": ">"}))["state"]["subjects"]
            assert counts == {alarm_subject(ONE, "county"): 1}

    async def refused(mine, city_):
        """What a hostile county may try."""
        for subject in (
            alarm_subject(OTHER, "county"), alarm_subject(ONE, "worker"), life_subject(OTHER, "county"),
            f"journal.{OTHER}.0", act_subject(ONE), f"$O.configurations_{OTHER}.M.x", f"erased.{ONE}_1.1",
        ):  # fmt: skip
            with pytest.raises(Away):
                await mine.publish(subject, b"forged")
        wide = {"stream_name": "ACTS", "config": {"durable_name": "acts_x", "filter_subject": "act.*"}}
        for name, body in (
            (f"STREAM.MSG.DELETE.JOURNAL_{ONE}_1", {"seq": 1}), (f"STREAM.PURGE.JOURNAL_{ONE}_1", None),
            ("STREAM.DELETE.ALARMS", None), ("STREAM.PURGE.ALARMS", None), ("STREAM.INFO.ALARMS", None),
            ("STREAM.CREATE.MINE", {"name": "MINE", "sources": [{"name": "ALARMS"}]}),
            ("CONSUMER.CREATE.ACTS.acts_x.act.*", wide), ("CONSUMER.DURABLE.CREATE.ACTS.acts_x", wide),
            (f"CONSUMER.CREATE.ACTS.{act_consumer(ONE)}.{act_subject(ONE)}", {
                "stream_name": "ACTS", "config": {"durable_name": act_consumer(ONE), "filter_subject": "act.*"},
            }),
            (f"STREAM.INFO.JOURNAL_{OTHER}_0", None), (f"DIRECT.GET.JOURNAL_{OTHER}_0", {"seq": 1}),
        ):  # fmt: skip
            with pytest.raises(GatewayFault):
                await mine.ask(name, body)
        heard = [await mine.inbox(subject) for subject in ("alarm.>", "_INBOX.>", "act.>", "telemetry.>")]
        await city_.publish(alarm_subject(OTHER, "worker"), b"secret")
        await city_.ask("STREAM.PURGE.ALARMS", {"filter": alarm_subject(OTHER, "worker")})
        # What was asked last is answered last: by then anything else would have come.
        await mine.publish(life_subject(ONE, "county"), b"alive")
        assert [one.has_more for one in heard if one.subject != "_INBOX.>"] == [False] * 3

    async def answered_elsewhere(mine, city_):
        """Whoever asks names the subject of the answer: another's alarm with a body of ours, or a request."""
        prefix, journal = f"$JS.city.API.DIRECT.GET.JOURNAL_{ONE}_1", b'{"seq":1}'
        for subject in (
            alarm_subject(OTHER, "county"), act_subject(OTHER), f"journal.{OTHER}.0", "$JS.API.STREAM.PURGE.LIFE",
            "$JS.city.API.STREAM.DELETE.ACTS",
        ):  # fmt: skip
            await mine.send(prefix, journal, subject)
            await mine.send(life_subject(ONE, "county"), b"alive", subject)
        # Asked last, answered last.
        await mine.publish(life_subject(ONE, "county"), b"alive")
        for stream, subjects in (
            ("LIFE", {life_subject(ONE, "county"): 1}), ("ACTS", {act_subject(one): 1 for one in (ONE, OTHER)}),
            (f"JOURNAL_{OTHER}_0", None),
        ):  # fmt: skip
            state = (await city_.ask(f"STREAM.INFO.{stream}", {"subjects_filter": ">"}))["state"]
            assert state.get("subjects") == subjects

    try:
        asyncio.run(work())
    finally:
        leaf.kill()
        node.kill()


async def until(work):
    """Once the leaf has its line."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await work()
            except Away:
                await asyncio.sleep(0.05)


def test_who_has_another_password_gets_in_nowhere_and_streams_are_made_once(tmp_path):
    node, city = started(tmp_path, [ONE])
    try:
        names = make_streams(city, PARTITIONS, 1, BRACELETS)
        assert names == [
            "ALARMS", "LIFE", "ACTS", f"JOURNAL_{ONE}_0", f"JOURNAL_{ONE}_1", f"OBJ_configurations_{ONE}",
            f"SIGNS_{ONE}",
        ]  # fmt: skip
        with pytest.raises(UserFault, match="partitions"):
            make_streams(city, PARTITIONS + 1, 1, BRACELETS)

        async def enter():
            async with Connection(node.url, replace(known_as(ONE), password="guess")):  # noqa: S106  made up
                pass

        with pytest.raises(UserFault, match="does not accept who we are"):
            asyncio.run(enter())
    finally:
        node.kill()


def test_nothing_goes_openly_beyond_this_machine_and_what_is_missing_is_named(tmp_path):
    city = city_of(tmp_path / "city", 4222, [ONE])
    asked = Asked("n1", tmp_path, "127.0.0.1:4222", "0.0.0.0:7422", "", (), None, None, None, 1)
    with pytest.raises(UserFault, match="openly beyond this machine"):
        node_of(city, tmp_path / "city", asked)
    files = asked._replace(
        certificate=Path("a.pem"), key=Path("a.key"), authorities=Path("ca.pem"), cluster="0.0.0.0:6222"
    )
    text = node_of(city, tmp_path / "city", files._replace(routes=("n1.example:6222", "n2.example:6222")))
    assert 'routes: ["nats-route://n1.example:6222", "nats-route://n2.example:6222"]' in text
    assert text.count("cert_file") == 3
    assert "verify: true" in text
    assert "sync_interval" not in text
    assert "sync_interval: always" in node_of(city, tmp_path / "city", asked._replace(leaves="127.0.0.1:7422"))
    with pytest.raises(UserFault, match="no address"):
        node_of(city, tmp_path / "city", asked._replace(leaves="here"))
    (tmp_path / "city" / "credentials.yaml").write_text("city: {username: city, password: x}\n", "utf-8")
    with pytest.raises(UserFault, match=f"no password under “{ONE}”"):
        node_of(load_city(tmp_path / "city"), tmp_path / "city", asked._replace(leaves="127.0.0.1:7422"))
    folder = credentials_at(tmp_path / "county", ONE)
    for where, listen, said in (
        ("city.example:7422", "127.0.0.1:4222", "openly beyond"), ("127.0.0.1:7422", "0.0.0.0:4222", "of this machine"),
    ):  # fmt: skip
        with pytest.raises(UserFault, match=said):
            leaf_of(of(ONE), folder, "leaf", [where], listen, None)
    with pytest.raises(UserFault, match="no password under “other”"):
        leaf_of(of(ONE), folder, "other", ["127.0.0.1:7422"], "127.0.0.1:4222", None)
    text = leaf_of(of(ONE), folder, "leaf", ["city.example:7422"], "127.0.0.1:4222", Path("ca.pem"))
    assert f"tls://{ONE}:of%2F{ONE}%40%3A%271@city.example:7422" in text
