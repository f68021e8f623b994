"""The bare echo: reads a frame, writes an answer of a general answer's size; the same loop as the gateway."""

from __future__ import annotations

import asyncio
import sys

import uvloop

ANSWER = bytes.fromhex("7e8001000501380013800000070000020000557e")
GT06_ANSWER = bytes.fromhex("787805220000240a0d0a")


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


class Gt06Echo(Echo):
    """Goes by the length that a frame states in its third byte."""

    def data_received(self, data: bytes) -> None:
        """Answer every whole frame."""
        self.buffer += data
        while len(self.buffer) > 2 and len(self.buffer) >= (end := self.buffer[2] + 5):  # noqa: PLR2004  two start bytes
            self.buffer = self.buffer[end:]
            self.transport.write(GT06_ANSWER)  # type: ignore[attr-defined]


async def main(port: int, protocol: str) -> None:
    """Serve until killed."""
    echo = Gt06Echo if protocol == "gt06" else Echo
    server = await asyncio.get_running_loop().create_server(echo, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(sys.argv[1]), sys.argv[2]))
