"""The bare echo: reads a frame, writes an answer of a general answer's size; the same loop as the gateway."""

from __future__ import annotations

import asyncio
import sys

import uvloop

ANSWER = bytes.fromhex("7e8001000501380013800000070000020000557e")


class Echo(asyncio.Protocol):
    """Counts flags: two make a frame."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        """Answer every whole frame."""
        self.buffer += data
        while (end := self.buffer.find(b"\x7e", 1)) > 0:
            self.buffer = self.buffer[end + 1 :]
            self.transport.write(ANSWER)  # type: ignore[attr-defined]


async def main(port: int) -> None:
    """Serve until killed."""
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(sys.argv[1])))
