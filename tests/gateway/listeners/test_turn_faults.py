"""A pass that fails loses nothing, and what a plain frame costs does not creep up."""

from __future__ import annotations

import asyncio

from met import work_of
from timeline import HOME, record
from turn_worlds import DEVICES, NOON, World, phone_of, running

from firmware_sim.firmware.wire import Edition, build_frame
from gateway.intake.seats import UNSEEN
from gateway.intake.turns import LEAST
from gateway.journal.entries import EntryKind


def position(number: int, serial: int) -> bytes:
    return build_frame(0x0200, phone_of(number), serial, record(NOON - 50.0 + 2.0 * serial, HOME), Edition.Y2013)


def told(test) -> None:
    """Run a test before a gateway to whom every device has spoken once."""

    async def run() -> None:
        world = World(in_turns=True)
        with running(world.machine):
            for number in range(DEVICES):
                world.open()
                world.say(number, position(number, 0))
            world.end_turn()
            world.commit()
            test(world)

    asyncio.run(run())


def say_all(world: World, serial: int) -> None:
    for number in range(DEVICES):
        world.say(number, position(number, serial))
    world.end_turn()


def test_a_pass_that_fails_is_counted_and_told_and_the_sessions_read_all(monkeypatch):
    def test(world):
        def fail(*_):
            raise ValueError("planted")

        faults = []
        world.intake.turns.on_failure = faults.append
        family = world.intake.families["jt808"]
        monkeypatch.setattr(type(family), "read_turn", staticmethod(fail))
        say_all(world, 1)
        world.commit()
        assert world.refusals.counts["turn_failed"] == 1
        assert [str(fault) for fault in faults] == ["planted"]
        frames = [said for entries in world.entries.values() for said in entries if said[0] is EntryKind.FRAME]
        assert len(frames) == 2 * DEVICES
        assert all(wire.heard for wire in world.wires)
        assert world.intake.figures()["frames"] == {"in_turns": 0, "singly": 2 * DEVICES}

    told(test)


def test_fewer_than_pay_are_read_by_their_sessions():
    def test(world):
        for number in range(LEAST - 1):
            world.say(number, position(number, 1))
        world.end_turn()
        assert world.intake.figures()["frames"]["in_turns"] == 0
        for number in range(LEAST):
            world.say(number, position(number, 2))
        world.end_turn()
        assert world.intake.figures()["frames"]["in_turns"] == LEAST

    told(test)


def test_frames_read_in_turns_count_in_the_names_of_those_that_follow():
    def test(world):
        say_all(world, 1)
        assert world.intake.figures()["frames"]["in_turns"] == DEVICES
        world.say(0, build_frame(0x0200, "013999999999", 9, record(NOON, HOME), Edition.Y2013))
        world.end_turn()
        assert [refusal.frame.split(".")[1] for refusal in world.refusals.last] == ["3"]

    told(test)


def test_where_frames_are_followed_each_is_read_by_its_session():
    def test(world):
        stages = []
        world.intake.trace = lambda stage, /, **facts: stages.append((stage, facts["frame"]))
        say_all(world, 1)
        assert world.intake.figures()["frames"]["in_turns"] == 0
        assert len({frame for stage, frame in stages if stage == "frame queued"}) == DEVICES

    told(test)


def test_nothing_is_answered_before_the_commit_and_a_connection_that_is_gone_hears_nothing():
    def test(world):
        before = [len(wire.heard) for wire in world.wires]
        say_all(world, 1)
        assert [len(wire.heard) for wire in world.wires] == before
        world.close(0)
        world.open()
        world.say(DEVICES, position(0, 2))
        world.end_turn()
        world.commit()
        heard = [len(wire.heard) for wire in world.wires]
        assert heard[0] == before[0]
        assert heard[1:DEVICES] == [count + 1 for count in before[1:]]
        assert heard[DEVICES] == 1

    told(test)


def test_a_heartbeat_takes_nothing_from_what_is_remembered_of_a_clock():
    """It shows no time: as with its session, what an earlier one has found out stays."""

    def test(world):
        for ahead in (28800.0, 0.0):
            world.intake.memory._clocks["B0000"] = ahead
            for number in range(DEVICES):
                world.say(number, build_frame(0x0002, phone_of(number), 1, b"", Edition.Y2013))
            world.end_turn()
            assert world.intake.memory._clocks["B0000"] == ahead
        assert world.intake.figures()["frames"]["in_turns"] == 2 * DEVICES
        say_all(world, 1)
        assert world.intake.memory._clocks["B0000"] == 0.0

    told(test)


def test_a_plain_frame_takes_few_calls():
    def test(world):
        say_all(world, 1)
        world.commit()
        for number in range(DEVICES):
            world.doors[number].data_received(b"".join([position(number, serial) for serial in range(2, 42)]))

        def turn():
            world.way.turn.end()
            waiting = world.intake.next_batch()
            waiting.entries.batch()
            waiting.release()

        assert work_of(turn) <= 3 * 40 * DEVICES
        assert world.intake.figures()["frames"]["in_turns"] == 41 * DEVICES

    told(test)


def test_of_two_sessions_of_a_device_neither_goes_on_as_it_was_known():
    """The older one speaks for it no more; the newer one is looked at again once the older has been heard after all."""

    def test(world):
        older, (identity, origin) = visit_of(world, 0), next(iter(visit_of(world, 0).origins.items()))
        family = world.intake.turns.seats.family
        say_all(world, 1)
        assert family[older.row] >= 0
        world.open()
        world.say(DEVICES, position(0, 2))
        world.way.turn.end()
        newer = visit_of(world, DEVICES)
        assert family[older.row] == UNSEEN
        for number in range(1, DEVICES):
            world.say(number, position(number, 3))
        world.say(DEVICES, position(0, 3))
        world.way.turn.end()
        assert family[newer.row] >= 0
        assert not world.intake._come_forward(older, origin, identity)
        assert family[newer.row] == UNSEEN

    told(test)


def visit_of(world: World, number: int):
    return world.doors[number]._connection.visit
