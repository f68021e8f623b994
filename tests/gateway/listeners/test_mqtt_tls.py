"""A devices' broker by TLS: who is known by which authority, and certificates that are renewed under a connection."""

from __future__ import annotations

import asyncio
import os
import shutil

import pytest
from certificates import Authority
from doorway import Doorway, eventually, location
from scripted_broker import ScriptedBroker

from gateway.listeners import secure
from gateway.settings.model import Broker, Credential, Listener, ListenerKind, Tls

TOPIC = "bracelet/B0001/up"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An authority, another, and the certificates of a broker and of the county, old and new."""
    folder = tmp_path_factory.mktemp("tls")
    ours = Authority(folder)
    return ours, Authority(folder, "other"), *map(ours.vouches_for, ("broker", "county", "renewed"))


def way(broker, *files):
    there = Broker(f"mqtts://127.0.0.1:{broker.port}", "bgltest", Credential(), Tls(*map(str, files)))
    return Listener("topics", "jt808", "g10ls", kind=ListenerKind.MQTT, broker=there)


def shown(broker):
    """The name in the certificate by which we came."""
    return dict(field for (field,) in broker.writer.get_extra_info("peercert")["subject"])["commonName"]


def test_a_certificate_is_renewed_under_the_connection_and_shown_at_the_next(tmp_path, monkeypatch, made):
    ours, _, brokers, county, renewed = made
    files = [tmp_path / name for name in ("own.pem", "own.key")]
    monkeypatch.setattr(secure, "LOOK", 0.01)

    def put(pair, time):
        for file, source in zip(files, (pair.certificate, pair.key), strict=True):
            shutil.copy(source, file)
            os.utime(file, (time, time))

    async def run():
        put(county, 1.0)
        async with (
            ScriptedBroker(tls=ours.serving(brokers, asks=True)) as broker,
            Doorway(way(broker, ours.file, *files)) as door,
        ):
            await eventually(lambda: broker.subscribed, "subscribed")
            assert shown(broker) == "county"
            files[1].write_text("half", "utf-8")
            await eventually(lambda: door.way.complaint is not None, "told")
            assert "devices come in by the one before" in door.way.complaint.en
            assert door.counts["certificate_faulty"] == 1
            broker.say(TOPIC, location(serial=1))
            await eventually(lambda: door.frames, "the connection goes on")
            broker.cut()
            await eventually(lambda: broker.writer is not None and len(broker.subscribed) == 2, "by what was sound")
            assert shown(broker) == "county"
            put(renewed, 3.0)
            await eventually(lambda: door.way.complaint is None, "sound again")
            assert broker.connections == 2
            broker.cut()
            await eventually(lambda: broker.writer is not None and len(broker.subscribed) == 3, "once more")
            assert shown(broker) == "renewed"

    asyncio.run(run())


@pytest.mark.parametrize(
    ("case", "why"), [("another authority", "certificate verify failed"), ("no file", "certificates cannot be used")]
)
def test_a_broker_that_cannot_be_known_gets_nothing_and_why_is_said(tmp_path, made, case, why):
    ours, other, brokers, county, _ = made
    authority = {"another authority": other.file, "no file": tmp_path / "none.pem"}[case]

    async def run():
        async with ScriptedBroker(tls=ours.serving(brokers)) as broker:
            async with Doorway(way(broker, authority, county.certificate, county.key)) as door:
                await eventually(lambda: door.way.trouble, "said")
                assert why in door.way.trouble
                assert (door.way.complaint is not None) is (case == "no file")
            assert broker.subscribed == []

    asyncio.run(run())
