"""What a county may take of streams that it shares, and streams that are brought up to date."""

from __future__ import annotations

import asyncio

import pytest
from stream_server import StreamServer

from gateway.errors import OurFault, UserFault
from gateway.settings.model import Credential
from gateway.stream import layout, shares
from gateway.stream.bringing import bring
from gateway.stream.connection import Connection
from gateway.stream.faults import Full, ShareFull
from gateway.stream.names import Partition, alarm_subject, journal_subject
from gateway.stream.shares import Share


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    one = StreamServer(tmp_path_factory.mktemp("shares"))
    try:
        yield one.start()
    finally:
        one.kill()


def with_alarms(server, work, made=None):
    """On a server whose alarm stream is as it was made, two messages a county's source if nothing is said."""

    async def connected():
        async with Connection(server.url, Credential()) as city:
            config = made or layout.alarms(each=2).whole
            await city.ask("STREAM.CREATE.ALARMS", config)
            try:
                return await work(city)
            finally:
                await city.ask("STREAM.DELETE.ALARMS")

    return asyncio.run(connected())


OLDER = {key: value for key, value in layout.alarms().whole.items() if key not in {
    layout.EACH, layout.EACH_REFUSES, layout.LARGEST,
}}  # fmt: skip
"""As versions made it that knew of no shares."""


def test_who_fills_his_share_is_refused_in_words_and_nobody_else_is(server):
    async def work(city):
        mine, other = alarm_subject("a", "county"), alarm_subject("b", "county")
        for number in range(2):
            await city.publish(mine, b"{}", message_id=f"a:{number}")
        with pytest.raises(ShareFull, match=r"share of alarm\.a\.county in the stream is used up") as refused:
            await city.publish(mine, b"{}", message_id="a:2")
        assert "其他县不受影响" in refused.value.args[0].zh
        assert (await city.publish(mine, b"{}", message_id="a:1")).is_duplicate
        for subject in (other, alarm_subject("a", "worker"), other):
            await city.publish(subject, b"{}")
        with pytest.raises(OurFault, match="larger than the stream takes") as large:
            await city.publish(other, bytes(shares.ALARM_SIZE + 1))
        assert not isinstance(large.value, Full)
        await city.ask("STREAM.PURGE.ALARMS", {"filter": mine, "keep": 1})
        assert not (await city.publish(mine, b"{}", message_id="a:2")).is_duplicate

    with_alarms(server, work)


def test_all_shares_together_are_the_size_of_what_counties_share():
    wanted = {one.name: one for one in layout.of_city(["a", "b", "c"], 2, 1, Share(1_000))}
    assert list(wanted) == [
        "ALARMS", "LIFE", "ACTS",
        *(f"{name}_{code}{part}" for code in "abc" for name, part in (
            ("JOURNAL", "_0"), ("JOURNAL", "_1"), ("OBJ_configurations", ""), ("SIGNS", ""),
        )),
    ]  # fmt: skip
    alarms, acts = wanted["ALARMS"].limits, wanted["ACTS"].limits
    assert alarms["max_bytes"] >= 3 * 2 * alarms["max_msgs_per_subject"] * alarms["max_msg_size"]
    assert acts["max_bytes"] >= 3 * acts["max_msgs_per_subject"] * acts["max_msg_size"]
    # 4.2 alarms of some five messages each, and reports each minute of 75 bytes, for 30 days.
    assert alarms["max_msgs_per_subject"] > 4 * 1_000 * 4.2 * 5
    assert wanted["JOURNAL_a_0"].limits["max_bytes"] > 3 * 1_000 * 30 * 1_440 * 75 / 2
    assert all(one.limits["max_bytes"] > 0 for one in wanted.values() if one.name != "LIFE")
    for one in wanted.values():
        if any("*" in subject for subject in one.config["subjects"]):
            assert one.limits.get(layout.EACH, one.config.get(layout.EACH)) > 0
            assert one.limits[layout.LARGEST] > 0


def test_an_older_stream_gets_its_limits_and_loses_nothing_and_one_that_would_lose_is_refused(server):
    async def work(city):
        subject = alarm_subject("a", "county")
        for _ in range(10):
            await city.publish(subject, b"{}")
        with pytest.raises(UserFault, match="max_msgs_per_subject 10, and has 10 already: nothing was changed"):
            await bring(city, layout.alarms(each=10))
        with pytest.raises(UserFault, match="max_bytes 100, and has") as refused:
            await bring(city, layout.alarms(each=12, max_bytes=100))
        assert "--bracelets" in refused.value.args[0].zh
        with pytest.raises(UserFault, match="has max_age"):
            await bring(city, layout.alarms(days=31, each=12))
        with pytest.raises(UserFault, match=r"no room for stream ALARMS, which may have \d+.0 GB"):
            await bring(city, layout.alarms(each=12, max_bytes=10**18))
        assert (await city.ask("STREAM.INFO.ALARMS"))["config"].get(layout.EACH_REFUSES, False) is False
        for _ in range(2):
            await bring(city, layout.alarms(each=12, max_bytes=1_000_000))
        config, state = (said := await city.ask("STREAM.INFO.ALARMS"))["config"], said["state"]
        assert {key: config[key] for key in layout.alarms().limits} == layout.alarms(each=12, max_bytes=10**6).limits
        assert (state["messages"], config["metadata"]["schema"]) == (10, "1")
        # A worker, which does not know how many counties there are, takes it as it is.
        assert (await layout.lay(city, layout.alarms()))["config"] == config

    with_alarms(server, work, OLDER)


def test_a_journal_that_is_full_says_whose_it_is(server):
    async def work(city):
        await bring(city, layout.journal(Partition("a", 0, 1), max_bytes=2_000))
        with pytest.raises(Full, match=r"journal\.a\.0 is full"):
            await city.publish(journal_subject("a", 0), bytes(3_000))

    with_alarms(server, work)
