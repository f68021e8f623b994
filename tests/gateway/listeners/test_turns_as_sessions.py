"""For any bytes, cuts, turns and interleavings: what whole turns give is what the sessions alone would give."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest
import turn_talk_gt06
import turn_talk_jt808
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from turn_worlds import DEVICES, World, configuration, identity_of, running

from gateway.intake import batching, turns

DEVICE, SALT = st.integers(0, DEVICES - 1), st.integers(0, 999)
OTHERS = [
    st.tuples(st.just("commit"), st.none()),
    st.tuples(st.just("order"), DEVICE),
    st.tuples(st.just("close"), DEVICE),
    st.tuples(st.just("come_again"), DEVICE),
    st.tuples(st.just("wait"), st.sampled_from([0.02, 1.0, 45.0, 400.0])),
    st.tuples(st.just("put_away"), DEVICE),
    st.tuples(st.just("reload"), st.none()),
]


def ops(talk):
    """What may happen; more than half of what is said is as usual."""
    quiet = st.tuples(DEVICE, st.sampled_from(list(talk.CALM)), SALT)
    loud = st.tuples(DEVICE, st.sampled_from([*talk.ODD, *talk.DAMAGE, "other"]), SALT)
    turn = st.tuples(st.just("turn"), st.lists(quiet, min_size=6, max_size=16))
    mixed = st.tuples(st.just("turn"), st.lists(st.one_of(quiet, loud), min_size=3, max_size=10))
    return st.sampled_from([*range(20)]).flatmap(lambda at: [*[turn] * 11, mixed, mixed, *OTHERS][at])


class Play:
    """One script in both worlds; all that must not differ is compared after each step."""

    def __init__(self, talk, authentication: str) -> None:
        self.talk = talk
        how = {"authentication": authentication, "protocol": talk.PROTOCOL}
        self.worlds = [World(in_turns=way, **how) for way in (True, False)]
        self.machine = self.worlds[0].machine
        self.worlds[1].machine = self.worlds[1].intake._clock = self.machine
        self.lines = list(range(DEVICES))
        self.serial = 0

    def run(self, ops) -> World:
        with running(self.machine):
            for _ in range(DEVICES):
                self.both("open")
            self.turn([(number, says, 1) for number in range(DEVICES) for says in self.talk.HELLO])
            self.commit(None)
            for world in self.worlds:
                world.frames = 0
            for name, what in ops:
                getattr(self, name)(what)
                self.compare(name)
            self.commit(None)
            self.machine.pass_by(5.0)
            self.compare("end")
        return self.worlds[0]

    def compare(self, step: str) -> None:
        with_turns, alone = (world.account() for world in self.worlds)
        for name, said in with_turns.items():
            assert said == alone[name], (step, name)

    def both(self, deed: str, *arguments) -> None:
        for world in self.worlds:
            getattr(world, deed)(*arguments)

    def turn(self, talk) -> None:
        for number, says, salt in talk:
            self.both("say", self.lines[number], self.bytes_of(number, says, salt))
        leading, following = self.worlds
        leading.order = []
        leading.end_turn()
        following.order = leading.order
        following.end_turn()

    def commit(self, _) -> None:
        self.both("commit")

    def order(self, number: int) -> None:
        self.both("order_to", f"B{number:04d}", f"text {number}")

    def close(self, number: int) -> None:
        self.both("close", self.lines[number])

    def come_again(self, number: int) -> None:
        """The device has a new connection; the old one may still be there."""
        self.lines[number] = len(self.worlds[0].wires)
        self.both("open")
        if number % 2:
            self.turn([(number, says, 1) for says in self.talk.HELLO])
            return
        for says in self.talk.COMING:
            self.both("say", self.lines[number], self.bytes_of(number, says, 1))

    def put_away(self, number: int) -> None:
        devices = configuration(self.talk.PROTOCOL).devices
        key = f"B{number:04d}"
        self.both("reload", devices | {key: replace(devices[key], put_away=True)})

    def reload(self, _) -> None:
        self.both("reload", configuration(self.talk.PROTOCOL).devices)

    def wait(self, seconds: float) -> None:
        self.machine.pass_by(seconds)

    def bytes_of(self, number: int, says: str, salt: int) -> bytes:
        talk, time = self.talk, float(int(self.machine.time)) - salt % 3
        if says in talk.CALM or says in talk.ODD:
            messages = (talk.CALM | talk.ODD)[says](time, salt)
            return b"".join(self.frame(number, message, body) for message, body in messages)
        if says == "other":
            self.serial += 1
            return talk.of_another(number, time, self.serial & 0xFFFF)
        [(message, body)] = talk.CALM["fresh"](time, salt)
        return talk.DAMAGE[says](self.frame(number, message, body), salt)

    def frame(self, number: int, message: int, body: bytes) -> bytes:
        self.serial += 1
        directory, protocol = self.worlds[0].directory, self.talk.PROTOCOL
        code = directory.credential(directory.known(protocol, identity_of(protocol, number)))
        return self.talk.frame(number, message, body, self.serial & 0xFFFF, code)


@pytest.mark.parametrize("talk", [turn_talk_jt808, turn_talk_gt06], ids=["jt808", "gt06"])
def test_whole_turns_give_what_the_sessions_give(talk, monkeypatch):
    monkeypatch.setattr(turns, "LEAST", 1)
    monkeypatch.setattr(batching, "MOST_REPORTS", 7)
    tally = Counter()

    @settings(max_examples=examples(250))
    @given(st.lists(ops(talk), min_size=6, max_size=20), st.sampled_from(["optional", "required"]))
    def run(script, authentication):
        async def test():
            world = Play(talk, authentication).run(script)
            tally.update(plain=world.plain, frames=world.frames)

        asyncio.run(test())

    run()
    assert tally["plain"] * 2 >= tally["frames"] > 0, tally


@pytest.mark.parametrize(
    ("talk", "says"),
    [(turn_talk_jt808, "heartbeat"), (turn_talk_gt06, "stored"), (turn_talk_gt06, "unknown")],
    ids=["jt808-heartbeat", "gt06-stored", "gt06-unknown"],
)
def test_what_is_no_live_report_leaves_what_is_known_of_the_clock(talk, says, monkeypatch):
    monkeypatch.setattr(turns, "LEAST", 1)
    again = [("come_again", 0), *[("turn", [(0, says, 0)])] * 2]

    async def test():
        world = Play(talk, "optional").run([("turn", [(0, "future", 0)]), *again])
        assert world.intake.memory._clocks["B0000"] == 8 * 3600.0
        assert world.plain

    asyncio.run(test())
