"""Datagrams: whole frames, sessions by address, answers to the latest one."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network

import pytest
from doorway import Doorway, answered, eventually, location, waited_for

from firmware_sim.firmware.messages import Message, authenticate_body
from firmware_sim.firmware.wire import Edition, build_frame
from gateway.demo.broker import free_port
from gateway.errors import OurFault
from gateway.journal.entries import EntryKind
from gateway.settings.model import AUTO, Limits, Listener, ListenerKind

PHONE = "013900000001"


def listener(limits=None, **changes):
    how = {"name": "datagrams", "protocol": "jt808", "profile": "g10ls", "host": "127.0.0.1", **changes}
    return Listener(kind=ListenerKind.UDP, limits=limits or Limits(), **how)


class Device(asyncio.DatagramProtocol):
    """One source address."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def datagram_received(self, data, _addr):
        self.heard.append(data)


async def device(door):
    loop = asyncio.get_running_loop()
    line, end = await loop.create_datagram_endpoint(Device, remote_addr=("127.0.0.1", door.port))
    return line, end


def told(test, way=None):
    async def run():
        async with Doorway(way or listener()) as door:
            await test(door)

    asyncio.run(run())


def test_each_frame_of_a_datagram_is_answered_after_the_commit():
    async def test(door):
        door.is_committing = False
        line, end = await device(door)
        line.sendto(location(serial=1) + location(serial=2))
        await eventually(lambda: len(door.intake) == 3, "both are taken")
        assert end.heard == []
        door.is_committing = True
        door.commit()
        await eventually(lambda: len(end.heard) == 2, "each has its own datagram")
        assert [answered(one) for one in end.heard] == [[(1, 0x0200, 0)], [(2, 0x0200, 0)]]
        line.close()

    told(test)


@pytest.mark.parametrize("protocol", ["jt808", AUTO])
def test_the_rest_of_a_datagram_is_never_joined_with_the_next(protocol):
    async def test(door):
        line, end = await device(door)
        frame = location()
        line.sendto(frame[:20])
        line.sendto(frame[20:])
        await eventually(lambda: door.counts["cut_datagram"] >= 1, "the half is refused")
        line.sendto(location(serial=7))
        await eventually(lambda: end.heard, "the next whole one is answered")
        assert answered(end.heard[0]) == [(7, 0x0200, 0)]
        assert len(door.frames) == 1
        line.close()

    told(test, listener(protocol=protocol, profile="" if protocol == AUTO else "g10ls"))


def test_what_is_owed_goes_to_the_address_last_heard_from():
    async def test(door):
        door.is_committing = False
        old_line, old = await device(door)
        new_line, new = await device(door)
        old_line.sendto(location(serial=1))
        await eventually(lambda: len(door.intake) == 2, "the first is taken")
        new_line.sendto(location(serial=2))
        await eventually(lambda: door.counts["session_superseded"] == 1, "the second is taken")
        door.is_committing = True
        door.commit()
        await eventually(lambda: len(new.heard) == 2, "both answers go there")
        assert [answered(one)[0][0] for one in new.heard] == [1, 2]
        assert old.heard == []
        assert door.way.connections == 1
        for line in (old_line, new_line):
            line.close()

    told(test)


def test_an_answer_that_an_order_held_back_is_not_lost_when_the_device_moves():
    async def test(door):
        line, end = await device(door)
        line.sendto(location(serial=1))
        await eventually(lambda: end.heard, "it is there")
        door.intake.presence.newest["B0001"].channel.send([b"order"])
        await eventually(lambda: len(end.heard) == 2, "the order goes out")
        line.sendto(location(serial=2))
        await eventually(lambda: len(door.frames) == 2, "its answer is held back for the order's sake")
        other_line, other = await device(door)
        other_line.sendto(location(serial=3))
        heard = lambda: sorted(found[0] for one in end.heard + other.heard for found in answered(one))  # noqa: E731
        await eventually(lambda: heard() == [1, 2, 3], "every report is answered")
        for one in (line, other_line):
            one.close()

    told(test)


def test_a_device_need_not_authenticate_again_when_its_address_changes():
    async def test(door):
        code = door.intake.directory.credential(door.intake.directory.find("jt808", PHONE.lstrip("0")))
        body = authenticate_body(code.encode(), "", Edition.Y2013)
        line, end = await device(door)
        line.sendto(build_frame(Message.AUTHENTICATE, PHONE, 0, body, Edition.Y2013))
        await eventually(lambda: end.heard, "it is let in")
        other_line, other = await device(door)
        other_line.sendto(location(serial=1))
        await eventually(lambda: other.heard, "it is known there too")
        stranger_line, _ = await device(door)
        stranger_line.sendto(location("B0002"))
        await eventually(lambda: door.counts["not_authenticated"] == 1, "the other device is not")
        for one in (line, other_line, stranger_line):
            one.close()

    told(test, listener(authentication="required"))


def test_nobody_is_looked_at_of_whom_nothing_can_be_due():
    async def test(door):
        line, end = await device(door)
        line.sendto(location())
        await eventually(lambda: end.heard, "it is heard")
        assert waited_for(door.way) == 0
        assert waited_for(door.way, after=door.way.listener.idle_seconds + 1) == 1
        line.close()

    told(test)


def test_silence_ends_a_presence():
    async def test(door):
        line, end = await device(door)
        line.sendto(location())
        await eventually(lambda: end.heard, "it is there")
        await eventually(lambda: ("B0001", EntryKind.CLOSED) in door.controls, "it has gone")
        assert door.counts["connection_idle"] == 1
        assert door.way.connections == 0
        line.close()

    told(test, listener(idle_seconds=0.1))


def test_while_the_store_fails_datagrams_are_dropped_and_counted():
    async def test(door):
        door.way.set_reading(reading=False)
        line, end = await device(door)
        line.sendto(location(serial=1))
        await eventually(lambda: door.counts["datagram_dropped"] == 1, "it is dropped")
        door.way.set_reading(reading=True)
        line.sendto(location(serial=2))
        await eventually(lambda: end.heard, "the next is taken")
        assert answered(end.heard[0]) == [(2, 0x0200, 0)]
        line.close()

    told(test)


def test_addresses_are_bounded_and_the_one_longest_silent_goes():
    async def test(door):
        lines = [await device(door) for _ in range(3)]
        for (line, _), name in zip(lines, ("B0001", "B0002", "B0001"), strict=True):
            line.sendto(location(name))
            await eventually(lambda: door.way.connections, "it is taken")
        await eventually(lambda: lines[2][1].heard, "the last is answered")
        assert door.way.connections <= 2
        stranger, _ = await device(door)
        stranger.sendto(b"~rubbish~")
        await eventually(lambda: door.counts["peer_displaced"] >= 1, "somebody had to go")
        assert door.way.connections <= 2
        for line, _ in (*lines, (stranger, None)):
            line.close()

    told(test, listener(max_connections=2))


def test_a_peer_above_its_rate_is_not_heard():
    async def test(door):
        line, _ = await device(door)
        for serial in range(30):
            line.sendto(location(serial=serial))
        await eventually(lambda: door.counts["rate_exceeded"] >= 20, "the flood is dropped")
        assert len(door.frames) < 10
        line.close()

    told(test, listener(Limits(frames_per_second=0.01, burst_seconds=100.0)))


def test_a_port_that_is_lost_is_had_again():
    async def test(door):
        line, end = await device(door)
        door.way._transport.abort()
        await eventually(lambda: door.counts["listener_lost"] == 1, "it is noticed")
        await eventually(lambda: not door.way.trouble, "it is back")
        line.sendto(location())
        await eventually(lambda: end.heard, "it works")
        line.close()

    told(test, listener(port=free_port()))


def test_a_port_in_use_is_an_error_at_the_start():
    async def test(door):
        with pytest.raises(OurFault, match="cannot listen on"):
            async with Doorway(listener(port=door.port)):
                pass

    told(test)


def test_a_datagram_from_another_network_displaces_nobody():
    async def test(door):
        line, end = await device(door)
        line.sendto(location())
        await eventually(lambda: end.heard, "the device is heard")
        door.way.listener = listener(max_connections=1, networks=(ip_network("10.20.0.0/16"),))
        outsider, _ = await device(door)
        outsider.sendto(location(serial=2))
        await eventually(lambda: door.counts["network_refused"] == 1, "the other is turned away")
        line.sendto(location(serial=3))
        await eventually(lambda: len(end.heard) == 2, "the device is heard still")
        assert (door.counts["peer_displaced"], len(door.frames)) == (0, 2)
        for each in (line, outsider):
            each.close()

    told(test)
