"""A serial line over pseudo-terminals: pulled, put back, not there yet."""

from __future__ import annotations

import asyncio
import os
import tty
from contextlib import suppress

import pytest
from doorway import Doorway, answered, eventually, location

from gateway.journal.entries import EntryKind
from gateway.settings.model import AUTO, Limits, Listener, ListenerKind, SerialLine


class Cable:
    """A pseudo-terminal under a fixed name: a USB adapter that comes and goes."""

    def __init__(self, path) -> None:
        self.path = path
        self.ours = -1

    def plug(self):
        self.ours, theirs = os.openpty()
        tty.setraw(theirs)
        os.set_blocking(self.ours, False)
        self.path.symlink_to(os.ttyname(theirs))
        os.close(theirs)

    def pull(self):
        if self.ours >= 0:
            self.path.unlink()
            os.close(self.ours)
            self.ours = -1

    def send(self, data):
        os.write(self.ours, data)

    def read(self):
        with suppress(BlockingIOError, OSError):
            return os.read(self.ours, 4096)
        return b""


def told(tmp_path, test, *, is_plugged=True, limits=None, protocol="jt808", idle=900.0):
    async def run():
        cable = Cable(tmp_path / "tty")
        if is_plugged:
            cable.plug()
        profile = "" if protocol == AUTO else "g10ls"
        line = SerialLine(str(cable.path), 115_200)
        way = Listener(
            "cable",
            protocol,
            profile,
            idle_seconds=idle,
            kind=ListenerKind.SERIAL,
            line=line,
            limits=limits or Limits(),
        )
        try:
            async with Doorway(way) as door:
                await test(door, cable)
        finally:
            cable.pull()

    asyncio.run(run())


async def heard(cable, count=1):
    """Answers on the cable."""
    data = b""

    def enough():
        nonlocal data
        data += cable.read()
        return len(answered(data)) >= count

    await eventually(enough, "it is answered")
    return answered(data)


@pytest.mark.parametrize("protocol", ["jt808", AUTO])
def test_frames_are_answered_after_the_commit(tmp_path, protocol):
    async def test(door, cable):
        await eventually(lambda: door.way.connections, "the line is open")
        frame = location()
        cable.send(b"\r\n" + frame[:9])
        cable.send(frame[9:])
        assert await heard(cable) == [(1, 0x0200, 0)]
        assert door.frames == [("B0001", frame)]

    told(tmp_path, test, protocol=protocol)


def test_a_line_that_is_not_there_yet_is_waited_for_and_named(tmp_path):
    async def test(door, cable):
        await eventually(lambda: door.way.trouble, "it is missed")
        assert str(cable.path) in door.way.trouble
        assert door.counts["listener_lost"] == 1
        cable.plug()
        await eventually(lambda: not door.way.trouble, "it is found")
        cable.send(location())
        assert await heard(cable) == [(1, 0x0200, 0)]

    told(tmp_path, test, is_plugged=False)


def test_a_line_that_was_pulled_is_had_again_under_the_same_name(tmp_path):
    async def test(door, cable):
        await eventually(lambda: door.way.connections, "the line is open")
        cable.send(location(serial=1))
        await heard(cable)
        for round_number in (2, 3):
            cable.pull()
            await eventually(lambda: door.way.trouble, "it is missed")
            await eventually(lambda: ("B0001", EntryKind.CLOSED) in door.controls, "its device has gone")
            assert door.way.connections == 0
            cable.plug()
            await eventually(lambda: door.way.connections, "it is back")
            cable.send(location(serial=round_number))
            assert await heard(cable) == [(round_number, 0x0200, 0)]
            door.controls.clear()
        assert door.counts["listener_lost"] == 2
        assert [data for _, data in door.frames] == [location(serial=serial) for serial in (1, 2, 3)]

    told(tmp_path, test)


def test_a_line_that_is_lost_without_a_reason_is_lost_all_the_same(tmp_path):
    async def test(door, cable):
        await eventually(lambda: door.way.connections, "the line is open")
        before, lost = door.way._line, door.counts["listener_lost"]
        before._transport.close()
        await eventually(before.lost.done, "the line is lost")
        assert before.lost.result() == ""
        await eventually(lambda: door.way.connections and door.way._line is not before, "it is had again")
        assert door.counts["listener_lost"] == lost + 1
        cable.send(location())
        assert await heard(cable) == [(1, 0x0200, 0)]

    told(tmp_path, test)


def test_nothing_is_read_while_the_store_fails(tmp_path):
    async def test(door, cable):
        await eventually(lambda: door.way.connections, "the line is open")
        door.way.set_reading(reading=False)
        cable.send(location())
        await asyncio.sleep(0.05)
        assert len(door.intake) == 0
        door.way.set_reading(reading=True)
        assert await heard(cable) == [(1, 0x0200, 0)]

    told(tmp_path, test)


def test_what_is_too_fast_waits_on_the_line(tmp_path):
    async def test(door, cable):
        await eventually(lambda: door.way.connections, "the line is open")
        cable.send(b"".join(location(serial=serial) for serial in range(6)))
        assert len(await heard(cable, 6)) == 6
        assert door.counts["rate_exceeded"] >= 1

    told(tmp_path, test, limits=Limits(frames_per_second=20.0, burst_seconds=0.05))


def test_silence_ends_the_session_and_leaves_the_line(tmp_path):
    async def test(door, cable):
        await eventually(lambda: door.way.connections, "the line is open")
        cable.send(location(serial=1))
        await heard(cable)
        await eventually(lambda: ("B0001", EntryKind.CLOSED) in door.controls, "the session is over")
        cable.send(location(serial=2))
        assert await heard(cable) == [(2, 0x0200, 0)]
        assert door.counts["listener_lost"] == 0

    told(tmp_path, test, idle=0.2)


def test_a_file_that_is_no_serial_line_is_said(tmp_path):
    async def test(door, cable):
        cable.path.write_text("no line")
        await eventually(lambda: "onfigure" in door.way.trouble, "the reason is named")
        cable.path.unlink()

    told(tmp_path, test, is_plugged=False)
