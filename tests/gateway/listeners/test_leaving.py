"""Who goes leaves nothing that only a collection finds: a crowd that comes and goes would stop all others for it."""

from __future__ import annotations

import asyncio
import gc

import pytest
from doorway import Doorway, eventually, location

from gateway.settings.model import AUTO, Limits, Listener
from protocols.registry import FAMILIES

COUNT = 10
GT06_LOGIN = bytes.fromhex("78780d010123456789012345 00018cdd0d0a".replace(" ", ""))
WAYS = {
    "silent": ("jt808", b""), "known": ("jt808", location()), "unknown": ("jt808", location(phone="999999999999")),
    "gt06 silent": ("gt06", b""), "gt06 unknown": ("gt06", GT06_LOGIN), "auto silent": (AUTO, b""),
    "auto known": (AUTO, location()),
}  # fmt: skip


def left(protocol: str, said: bytes) -> list[object]:
    """What of connections that said something and went only a collection finds."""
    profile = "" if protocol == AUTO else FAMILIES[protocol].profiles[0]
    way = Listener("bracelets", protocol, profile, "127.0.0.1", 0, limits=Limits())

    async def story():
        async with Doorway(way) as door:
            for _ in range(2):  # what is made once stays
                gc.collect()
                gc.garbage.clear()
                gc.set_debug(gc.DEBUG_SAVEALL)
                for _ in range(COUNT):
                    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
                    await eventually(lambda: door.way.connections == 1, "it is in")
                    if said:
                        visit = next(iter(door.way.conversations)).visit
                        writer.write(said)
                        await eventually(lambda visit=visit: visit.origins or door.refusals.counts, "it is heard")
                    writer.close()
                    await eventually(lambda: not door.way.connections, "it has gone")
                    del reader, writer
                visit = None
                await asyncio.sleep(0)
                gc.collect()
            return list(gc.garbage)

    gc.disable()
    try:
        return asyncio.run(story())
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


@pytest.mark.parametrize(("protocol", "said"), WAYS.values(), ids=WAYS)
def test_no_session_waits_for_a_collection(protocol, said):
    ours = {"Session", "Detecting", "Connection", "Visit", "Door", "Dialogue", "Strand", "DeviceClock"}
    found = [kind for kind in (type(one).__name__ for one in left(protocol, said)) if kind in ours]
    assert found == []
