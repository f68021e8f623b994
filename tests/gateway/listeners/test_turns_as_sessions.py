"""For any bytes, cuts, turns and interleavings: what whole turns give is what the sessions alone would give."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline import HOME, record
from turn_worlds import DEVICES, NOON, World, configuration, phone_of, running

from firmware_sim.firmware.messages import Alarm, Message
from firmware_sim.firmware.wire import Edition, build_frame
from gateway.intake import batching, turns

CODE = "<code>"


def located(time: float, salt: int = 0) -> bytes:
    return record(time, (float(salt), 0.0))


def batch(body: bytes) -> bytes:
    return b"\0\1\1" + len(body).to_bytes(2, "big") + body


CALM = {
    "fresh": lambda time, salt: [(Message.LOCATION, located(time, salt))],
    "stored": lambda time, salt: [(Message.LOCATION, located(time - 3600.0 - salt))],
    "heartbeat": lambda _time, _salt: [(Message.HEARTBEAT, b"")],
    "escaped": lambda time, _salt: [(Message.LOCATION, located(time) + b"\xe1\x02\x7e\x7d")],
    "several": lambda time, salt: [(Message.LOCATION, located(time + at / 2.0)) for at in range(2 + salt % 9)],
}
"""What a device says, as messages and bodies, by the time and a number that varies it."""
ODD = {
    "help": lambda time, _salt: [(Message.LOCATION, record(time, HOME, alarm=Alarm.SOS))],
    "unlawful": lambda _time, _salt: [(Message.LOCATION, located(NOON - 40 * 86400.0))],
    "future": lambda time, _salt: [(Message.LOCATION, located(time + 8 * 3600.0))],
    "no_time": lambda time, _salt: [(Message.LOCATION, located(time)[:22] + b"\xff" * 6 + located(time)[28:])],
    "batch": lambda time, _salt: [(Message.LOCATION_BATCH, batch(located(time)))],
    "stuck": lambda _time, _salt: [(Message.LOCATION, located(NOON))],
    "short": lambda time, _salt: [(Message.LOCATION, located(time)[:20])],
    "register": lambda _time, _salt: [(Message.REGISTER, bytes(37))],
    "login": lambda _time, salt: [(Message.AUTHENTICATE, (CODE if salt % 4 else "wrong").encode())],
    "asks": lambda _time, _salt: [(Message.ASK_TIME, b"")],
}
DAMAGE = {
    "bad_sum": lambda data, _salt: data[:12] + bytes((data[12] ^ 1,)) + data[13:],
    "half": lambda data, salt: data[: 1 + salt % (len(data) - 1)],
    "rest": lambda data, salt: data[-1 - salt % 20 :],
    "rubbish": lambda _data, salt: bytes((salt % 256, 0x30, 0x7D)),
    "shared_flag": lambda data, _salt: data + data[1:],
    "twice": lambda data, _salt: data + data,
    "double_flag": lambda data, _salt: b"\x7e" + data,
}
"""What becomes of a position on its way."""
DEVICE, SALT = st.integers(0, DEVICES - 1), st.integers(0, 999)
QUIET = st.tuples(DEVICE, st.sampled_from(list(CALM)), SALT)
LOUD = st.tuples(DEVICE, st.sampled_from([*ODD, *DAMAGE, "other"]), SALT)
TURN = st.tuples(st.just("turn"), st.lists(QUIET, min_size=6, max_size=16))
MIXED = st.tuples(st.just("turn"), st.lists(st.one_of(QUIET, LOUD), min_size=3, max_size=10))
OTHERS = [
    st.tuples(st.just("commit"), st.none()),
    st.tuples(st.just("order"), DEVICE),
    st.tuples(st.just("close"), DEVICE),
    st.tuples(st.just("come_again"), DEVICE),
    st.tuples(st.just("wait"), st.sampled_from([0.02, 1.0, 45.0, 400.0])),
    st.tuples(st.just("put_away"), DEVICE),
    st.tuples(st.just("reload"), st.none()),
]
OPS = st.sampled_from([*range(20)]).flatmap(lambda at: [*[TURN] * 11, MIXED, MIXED, *OTHERS][at])
"""More than half of what is said is as usual."""


class Play:
    """One script in both worlds; all that must not differ is compared after each step."""

    def __init__(self, authentication: str) -> None:
        self.worlds = [World(in_turns=way, authentication=authentication) for way in (True, False)]
        self.machine = self.worlds[0].machine
        self.worlds[1].machine = self.worlds[1].intake._clock = self.machine
        self.lines = list(range(DEVICES))
        self.serial = 0

    def run(self, ops) -> World:
        with running(self.machine):
            for _ in range(DEVICES):
                self.both("open")
            self.turn([(number, says, 1) for number in range(DEVICES) for says in ("login", "fresh")])
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
            self.turn([(number, says, 1) for says in ("login", "fresh")])

    def put_away(self, number: int) -> None:
        devices = configuration().devices
        key = f"B{number:04d}"
        self.both("reload", devices | {key: replace(devices[key], put_away=True)})

    def reload(self, _) -> None:
        self.both("reload", configuration().devices)

    def wait(self, seconds: float) -> None:
        self.machine.pass_by(seconds)

    def bytes_of(self, number: int, says: str, salt: int) -> bytes:
        time = float(int(self.machine.time)) - salt % 3
        if says in CALM or says in ODD:
            messages = (CALM | ODD)[says](time, salt)
            return b"".join(self.frame(number, message, body) for message, body in messages)
        if says == "other":
            return self.frame((number + 1) % DEVICES, Message.LOCATION, located(time))
        return DAMAGE[says](self.frame(number, Message.LOCATION, located(time, salt)), salt)

    def frame(self, number: int, message: int, body: bytes) -> bytes:
        self.serial += 1
        directory = self.worlds[0].directory
        code = directory.credential(directory.known("jt808", phone_of(number).lstrip("0")))
        body = body.replace(CODE.encode(), code.encode())
        return build_frame(message, phone_of(number), self.serial & 0xFFFF, body, Edition.Y2013)


def test_whole_turns_give_what_the_sessions_give(monkeypatch):
    monkeypatch.setattr(turns, "LEAST", 1)
    monkeypatch.setattr(batching, "MOST_REPORTS", 7)
    tally = Counter()

    @settings(max_examples=examples(250))
    @given(st.lists(OPS, min_size=6, max_size=20), st.sampled_from(["optional", "required"]))
    def run(ops, authentication):
        async def test():
            world = Play(authentication).run(ops)
            tally.update(plain=world.plain, frames=world.frames)

        asyncio.run(test())

    run()
    assert tally["plain"] * 2 >= tally["frames"] > 0, tally
