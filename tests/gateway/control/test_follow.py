"""Following what changes, over real sockets: in order, within bounds, and nobody waits for who does not read."""

from __future__ import annotations

import asyncio
import json

import pytest
from entered import auditing

from gateway.control.address import NAME
from gateway.control.follow import Follower, Following
from gateway.control.messages import Request
from gateway.control.rights import Caller
from gateway.control.server import ControlServer

FOLLOW = b'{"do": "follow"}\n'
MANY = 2000
LONG = [("a" * 32 + str(at), "") for at in range(500)]


class Served:
    """A server that is asked for nothing but to be followed."""

    def __init__(self, directory, **bounds):
        self.digest = "one"
        self.following = Following(lambda: 7.0, lambda: self.digest, **bounds)
        self.path = directory / NAME
        self.server = ControlServer(self.path, {"follow": self.following.follow}, dict, auditing(), "en")

    async def __aenter__(self):
        await self.server.start()
        self.following.committed((), ())
        return self

    async def __aexit__(self, *_):
        self.server.close()
        self.following.close()

    async def joined(self):
        """Somebody who follows, his first line read."""
        reader, writer = await asyncio.open_unix_connection(str(self.path))
        writer.write(FOLLOW)
        return reader, writer, json.loads(await reader.readline())

    async def until(self, follow):
        """So many are left."""
        while self.following.figures() != follow:  # noqa: ASYNC110  nobody tells when one is gone
            await asyncio.sleep(0)

    def change(self, *alarms):
        self.following.committed([(alarm, "SFS-01") for alarm in alarms], ())


async def lines(reader, count):
    return [json.loads(await reader.readline()) for _ in range(count)]


def test_the_configuration_in_force_comes_first_then_each_commit_in_its_order(tmp_path):
    async def story():
        async with Served(tmp_path) as served:
            reader, writer, first = await served.joined()
            served.change("a1", "a2", "a1")
            served.following.committed((), [("o1", "")])
            served.following.committed((), ())
            served.digest = "two"
            served.following.committed((), ())
            served.change("a3")
            told = await lines(reader, 4)
            writer.close()
            return first, told

    first, told = asyncio.run(story())
    assert first == {"digest": "one", "now": 7.0}
    assert told == [
        {"alarms": ["a1", "a2"], "orders": []},
        {"alarms": [], "orders": ["o1"]},
        {"alarms": [], "orders": [], "configuration": "two"},
        {"alarms": ["a3"], "orders": []},
    ]


def test_where_nothing_changes_the_time_is_told(tmp_path):
    async def story():
        async with Served(tmp_path, beat=0.0) as served:
            reader, writer, _ = await served.joined()
            beats = await lines(reader, 3)
            writer.close()
            return beats

    assert asyncio.run(story()) == [{"now": 7.0}] * 3


def test_who_does_not_keep_up_is_told_that_he_missed_something_and_then_goes_on(tmp_path):
    async def story():
        async with Served(tmp_path, most_lines=4) as served:
            reader, writer, _ = await served.joined()
            for number in range(10):
                served.change(str(number))
            told = await lines(reader, 2)
            served.change("later")
            told += await lines(reader, 1)
            writer.close()
            return told

    assert asyncio.run(story()) == [
        {"missed": True, "digest": "one", "now": 7.0},
        {"alarms": ["9"], "orders": []},
        {"alarms": ["later"], "orders": []},
    ]


def test_who_reads_nothing_holds_nobody_up_and_is_cut_off(tmp_path):
    async def story():
        async with Served(tmp_path, most_lines=8, patience=0.0) as served:
            slow, idle, _ = await served.joined()
            while served.following.figures():
                served.following.committed(LONG, ())
                await asyncio.sleep(0)
            reader, writer, first = await served.joined()
            served.change("a1")
            told = await lines(reader, 1)
            writer.close()
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await slow.readexactly(1 << 30)
            idle.close()
            return first, told

    first, told = asyncio.run(story())
    assert (first["digest"], told) == ("one", [{"alarms": ["a1"], "orders": []}])


def test_a_line_more_never_waits_whoever_follows():
    """What waits is bounded, whatever is not read."""
    following = Following(lambda: 7.0, lambda: "one", most_lines=3)
    asyncio.run(following.follow(Request("follow"), Caller("D01", "root")))
    for _ in range(MANY):
        following.committed(LONG[:1], ())
    assert len(following._followers[0]._waiting) <= 3


def test_many_follow_at_once_and_one_too_many_is_told_to_come_again(tmp_path):
    async def story():
        async with Served(tmp_path, most=3) as served:
            joined = [await served.joined() for _ in range(3)]
            _, refused, said = await served.joined()
            served.change("a1")
            told = [await lines(reader, 1) for reader, _, _ in joined]
            joined[0][1].close()
            await joined[0][1].wait_closed()
            await served.until(2)
            again = await served.joined()
            for _, writer, _ in (*joined, again):
                writer.close()
            refused.close()
            return said, told, again[2]

    said, told, again = asyncio.run(story())
    assert (said["ok"], said["passes"]) == (False, True)
    assert told == [[{"alarms": ["a1"], "orders": []}]] * 3
    assert again["digest"] == "one"


def test_at_a_stop_what_waits_is_told_and_then_the_stream_ends(tmp_path):
    async def story():
        async with Served(tmp_path) as served:
            reader, writer, _ = await served.joined()
            served.change("a1")
            served.following.close()
            rest = await reader.read()
            writer.close()
            return rest, served.following.figures()

    rest, left = asyncio.run(story())
    assert json.loads(rest) == {"alarms": ["a1"], "orders": []}
    assert left == 0


def test_who_works_at_an_office_hears_of_its_people_alone():
    following, told = Following(lambda: 7.0, lambda: "one"), {}
    for within in (None, "SFS-01", "SFS-02", ""):
        caller = Caller("S01", "root", within=within)
        told[within] = asyncio.run(following.follow(Request("follow"), caller))
    following.committed([("a1", "SFS-01"), ("a2", "SFS-02"), ("a3", "")], [("o1", "SFS-01")])

    def heard(follower: Follower):
        return [json.loads(line) for line in follower._waiting][1:]

    one = {"configuration": "one"}
    assert heard(told[None]) == [{"alarms": ["a1", "a2", "a3"], "orders": ["o1"], **one}]
    assert heard(told["SFS-01"]) == [{"alarms": ["a1"], "orders": ["o1"], **one}]
    assert heard(told["SFS-02"]) == [{"alarms": ["a2"], "orders": [], **one}]
    following.committed([("a4", "SFS-02")], ())
    assert len(heard(told["SFS-01"])) == 1
    assert heard(told[""])[1:] == []
