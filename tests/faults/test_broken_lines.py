"""Brokers stopped and begun again, lines cut in the midst of a message, answers lost, gateways killed, by seed.

The platform counts an alarm once by its id: none is missing, those of an alarm come in order, and what comes twice is
byte for byte the same. NATS and Mosquitto are the real ones, each with its files.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count, cycle
from random import Random

import aiomqtt
import pytest
from faulty_line import Fate, FaultyLine
from mosquitto_broker import Mosquitto
from posted_platform import CUT_AFTER, CUT_BEFORE, LATE, Platform, posting
from upstream_room import event, room

from gateway.demo.broker import LocalBroker
from gateway.kinds import SEVERITIES

LIVES, MOVES, MOST_OWED = 2, 3, 6
BYTES = 3000
"""Of a connection, within which a line is cut: a login and some alarms."""
PACE = 0.05
"""Seconds that pass for the upstream in 2 ms of ours: a real broker repeats in time."""
PATIENCE = {"heartbeat": 20.0, "connect_wait": 5.0, "publish_wait": 10.0, "fence_wait": 10.0}
"""Of an upstream, so that a line that hangs is not waited for as long as in earnest."""
BROKERS = {
    "nats": lambda folder: LocalBroker(folder, repeat_after=1),
    "mosquitto": lambda folder: Mosquitto(folder, f"persistence true\npersistence_location {folder}/\n"),
}
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.torture) for seed in range(1, 60))]


@dataclass
class Story:
    """What is owed, by seed, and what has come of it."""

    chance: Random
    owed: list[str] = field(default_factory=list)
    number: count = field(default_factory=lambda: count(1))

    def events(self):
        """Some new ones, of a few alarms."""
        new = []
        for _ in range(self.chance.randint(1, MOST_OWED)):
            alarm = self.chance.choice("abcdef")
            revision = 1 + sum(one.startswith(f"{alarm}.") for one in self.owed)
            new.append(event(alarm, revision, self.chance.choice(SEVERITIES)))
            self.owed.append(new[-1].id)
        return new

    def fates(self):
        return [Fate.drawn(self.chance, BYTES) for _ in range(self.chance.randint(0, 3))]

    def check(self, got):
        """``got``: (id, bytes) in the order in which they came."""
        bodies = dict(got)
        assert bodies.keys() == set(self.owed), "none is missing"
        assert set(got) == set(bodies.items()), "what comes twice is the same"
        once = list(dict.fromkeys(identity for identity, _ in got))
        for alarm in "abcdef":
            revisions = [int(one[2:]) for one in once if one.startswith(alarm)]
            assert revisions == sorted(revisions)


@asynccontextmanager
async def subscriber(port):
    """What a platform gets of a broker that it comes back to: (id, bytes), acknowledged, over restarts."""
    got, there = [], asyncio.Event()

    async def listen():
        while True:
            with suppress(aiomqtt.MqttError):
                async with aiomqtt.Client("127.0.0.1", port, identifier="platform", clean_session=False) as client:
                    await client.subscribe("bracelet/+/alarm/#", qos=1)
                    there.set()
                    async for message in client.messages:
                        said = bytes(message.payload)
                        got.append((json.loads(said)["id"], said))
            await asyncio.sleep(0.02)

    listening = asyncio.create_task(listen())
    await there.wait()
    yield got
    listening.cancel()
    await asyncio.wait((listening,))


async def moved(one, line, story, again):
    """Something is owed, the line breaks, perhaps the broker ends; until what was to break has."""
    line.fates = story.fates()
    await one.owe(*story.events())
    if story.chance.random() < 0.5:
        line.cut()
    if story.chance.random() < 0.4:
        await asyncio.to_thread(again)
    await one.eventually(lambda: broken(one, line), "the line was broken as it should, or all is through", PACE)


async def broken(one, line):
    return not line.fates or await one.owed() == 0


async def sent_by_command(one):
    """All is delivered; whoever looks at the status sends again what a bad line made look like bad messages."""

    async def all_is():
        if one.upstream.set_aside:
            await one.upstream.resend()
            one.upstream.notify()
        return await one.owed() == 0 and not one.upstream.set_aside

    await one.eventually(all_is, "everything is delivered", PACE)


@pytest.mark.parametrize("name", BROKERS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_broker_and_its_line(tmp_path, name, seed):
    broker, story = BROKERS[name](tmp_path / name), Story(Random(seed))  # noqa: S311  a schedule, no secret

    def again():
        broker.stop()
        broker.start()

    async def run():
        async with subscriber(broker.port) as got, FaultyLine(broker.port) as line:
            for life in range(LIVES):
                async with room(tmp_path, line.port, **PATIENCE) as one:
                    one.start()
                    for _ in range(MOVES):
                        await moved(one, line, story, again)
                    if life == LIVES - 1:
                        await sent_by_command(one)
                        await one.eventually(lambda: len(dict(got)) == len(set(story.owed)), "the platform has all")
        story.check(got)

    broker.start()
    try:
        asyncio.run(run())
    finally:
        broker.stop()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_platform_that_is_posted_to_and_its_line(tmp_path, seed):
    """It dies in the midst of a request or an answer, answers too late, or with an error, and then well."""
    story, got = Story(Random(seed)), []  # noqa: S311  a schedule, no secret
    answers = cycle(story.chance.choices([200, 200, 500, 503, LATE, CUT_BEFORE, CUT_AFTER], k=9))

    async def run():
        async with Platform(answers=lambda _: next(answers)) as platform, FaultyLine(platform.port) as line:
            url = platform.url.replace(str(platform.port), str(line.port))
            for life in range(LIVES):
                async with posting(tmp_path, url, tries=1000, **PATIENCE) as one:
                    one.start()
                    for _ in range(MOVES):
                        line.fates = story.fates()
                        await one.owe(*story.events())
                        line.cut()
                        await one.eventually(lambda: broken(one, line), "it was broken, or all is through", 0.5)
                    if life == LIVES - 1:
                        platform.answers = lambda _: 200
                        platform.released.set()
                        await one.delivered(pace=0.5)
            got.extend((identity, b"") for identity in platform.taken)
            assert platform.forged == 0

    asyncio.run(run())
    story.check(got)
