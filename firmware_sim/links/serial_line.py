"""A serial line over a pseudo-terminal: the bracelet holds the master's side, the platform opens ``path``.

Nobody can tell whether the other end reads: as on a real cable the line is always up, and the firmware's repeats find
out. The terminal stays when its reader closes, and when the bracelet begins anew, which throws away what nobody read.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import termios
import tty
from typing import TYPE_CHECKING, ClassVar

from firmware_sim.links.line import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firmware_sim.links.line import Address, LineEnd

MOST_UNSENT = 1 << 16
"""Bytes kept for a reader that does not read; frames beyond are lost, as without flow control."""
_MOST_READ = 4096
_CLOSED = -1


class SerialLine(Line):
    """Implements :class:`firmware_sim.links.line.Line`; the address says nothing here.

    Attributes:
        path: of the terminal to open on the other side.
    """

    is_stream: ClassVar[bool] = True

    def __init__(self, device: str, address: Address, end: LineEnd) -> None:
        super().__init__(device, address, end)
        self._master, self._slave = os.openpty()
        # Held open, so that the reader's closing is no hang-up for the master.
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)
        self._unsent = b""
        self._is_open = False

    @property
    def is_open(self) -> bool:
        """Whether something can be written."""
        return self._is_open

    async def open(self) -> None:
        """Begin anew; see :meth:`Line.open`.

        Raises:
            OSError: the line was released.
        """
        if self._master == _CLOSED:
            raise OSError(f"the terminal of {self.device} is gone")
        termios.tcflush(self._slave, termios.TCIFLUSH)
        self._unsent = b""
        self._is_open = True
        asyncio.get_running_loop().add_reader(self._master, self._read)
        self.end.line_up()

    def write(self, frames: Sequence[bytes]) -> None:
        """As much as the terminal takes at once; the rest waits, within bounds."""
        if not self._is_open:
            return
        for frame in frames:
            if len(self._unsent) + len(frame) <= MOST_UNSENT:
                self._unsent += frame
        self._flush()

    def close(self) -> None:
        """Stop; the terminal stays."""
        self.abort()

    def abort(self) -> None:
        """Stop; the terminal stays."""
        if self._is_open:
            self._is_open = False
            loop = asyncio.get_running_loop()
            loop.remove_reader(self._master)
            loop.remove_writer(self._master)
            loop.call_soon(self.end.line_down)

    def release(self) -> None:
        """Take the terminal away."""
        if self._master != _CLOSED:
            os.close(self._master)
            os.close(self._slave)
            self._master = self._slave = _CLOSED

    def _read(self) -> None:
        try:
            data = os.read(self._master, _MOST_READ)
        except BlockingIOError:
            return
        self.end.line_data(data)

    def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(BlockingIOError):
            self._unsent = self._unsent[os.write(self._master, self._unsent) :] if self._unsent else b""
        if self._unsent:
            loop.add_writer(self._master, self._flush)
        else:
            loop.remove_writer(self._master)
