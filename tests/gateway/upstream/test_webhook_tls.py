"""Platforms and brokers know us, and we them, by certificates of an authority of our own; renewed ones are taken."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import Counter
from dataclasses import replace

import pytest
from certificates import Authority
from posted_platform import Platform, posting
from scripted_broker import ScriptedBroker
from upstream_room import event, room

from gateway.errors import TransientFault
from gateway.settings.model import Tls
from gateway.tls import Certificates, client_context


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An authority, another that vouches for nobody here, a platform's and a county's certificate."""
    folder = tmp_path_factory.mktemp("tls")
    ours, other = Authority(folder), Authority(folder, "other")
    return ours, other, ours.vouches_for("platform"), ours.vouches_for("county")


def pem(*files):
    return Tls(*map(str, files))


def test_by_mutual_tls_alarms_arrive(tmp_path, made):
    ours, _, platform_pair, county = made

    async def run():
        async with Platform(ours.serving(platform_pair, asks=True)) as platform:
            tls = pem(ours.file, county.certificate, county.key)
            async with posting(tmp_path, platform.url, tls=tls) as one:
                await one.owe(event("a"))
                one.start()
                await one.delivered()
            assert platform.url.startswith("https://")
            assert platform.taken == ["a.1"]

    asyncio.run(run())


def test_a_broker_is_known_by_the_same_files_and_knows_us(tmp_path, made):
    ours, other, platform_pair, county = made

    async def run():
        async with ScriptedBroker(tls=ours.serving(platform_pair, asks=True)) as broker:
            async with room(tmp_path, broker.port) as one:
                mine = replace(one.upstream.upstream, url=f"mqtts://127.0.0.1:{broker.port}", tls=pem(other.file))
                one.upstream.upstream = mine
                await one.owe(event("a"))
                one.start()
                await one.eventually(lambda: one.upstream.trouble is not None, "not known")
                assert (broker.connections, broker.taken) == (0, Counter())
                one.upstream.upstream = replace(mine, tls=pem(ours.file, county.certificate, county.key))
                await one.delivered(pace=0.1)
            assert broker.taken[event("a").body] == 1

    asyncio.run(run())


@pytest.mark.parametrize("case", ["unknown authority", "none of ours", "another's name"])
def test_who_is_not_known_gets_nothing_and_it_is_said(tmp_path, made, case):
    ours, other, platform_pair, county = made
    tls = {
        "unknown authority": pem(other.file, county.certificate, county.key), "none of ours": pem(ours.file),
        "another's name": pem(ours.file, county.certificate, county.key),
    }[case]  # fmt: skip

    async def run():
        async with Platform(ours.serving(platform_pair, asks=True)) as platform:
            url = platform.url.replace("127.0.0.1", "localhost") if case == "another's name" else platform.url
            async with posting(tmp_path, url, tls=tls) as one:
                await one.owe(event("a"))
                one.start()
                await one.eventually(lambda: one.upstream.trouble is not None, "said")
                assert not one.upstream.connected
            assert platform.asked == []

    asyncio.run(run())


def test_a_certificate_that_comes_later_is_taken_without_a_restart(tmp_path, made):
    ours, _, platform_pair, county = made
    files = [tmp_path / name for name in ("county.pem", "county.key")]

    async def run():
        async with Platform(ours.serving(platform_pair, asks=True)) as platform:
            async with posting(tmp_path, platform.url, tls=pem(ours.file, *files)) as one:
                await one.owe(event("a"))
                one.start()
                await one.eventually(lambda: "county.pem" in str(one.upstream.trouble), "the file is named")
                shutil.copy(county.certificate, files[0])
                shutil.copy(county.key, files[1])
                await one.delivered(pace=0.5)
                assert one.upstream.trouble is None
            assert platform.taken == ["a.1"]

    asyncio.run(run())


def test_what_is_half_renewed_is_not_taken_and_what_is_renewed_is(tmp_path, made):
    ours, _, platform_pair, county = made
    files = [tmp_path / name for name in ("one.pem", "one.key")]
    shutil.copy(county.certificate, files[0])
    shutil.copy(county.key, files[1])
    certificates = Certificates(pem(ours.file, *files))
    first = certificates.context()
    assert certificates.context() is first
    shutil.copy(platform_pair.certificate, files[0])
    os.utime(files[0], (1.0, 1.0))
    assert certificates.context() is first
    shutil.copy(platform_pair.key, files[1])
    os.utime(files[1], (2.0, 2.0))
    assert certificates.context() is not first


def test_files_that_cannot_be_used_are_named(tmp_path, made):
    ours, _, platform_pair, county = made
    for tls, name in (
        (pem(tmp_path / "none.pem"), "none.pem"),
        (pem(county.key), "county.key"),
        (pem(ours.file, county.certificate, platform_pair.key), "platform.key"),
    ):
        with pytest.raises(TransientFault, match=name):
            client_context(tls)
