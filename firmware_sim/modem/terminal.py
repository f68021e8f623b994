"""A modem at the end of a pseudo-terminal: what a gateway opens as its serial line."""

from __future__ import annotations

import asyncio
import os
import tty
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firmware_sim.modem.modem import Modem


class Terminal:
    """The line of a modem; only on a system that has pseudo-terminals, within a running loop.

    Args:
        modem: at its end.
        slow: seconds that it takes to answer.

    Attributes:
        path: of the device to open.
    """

    def __init__(self, modem: Modem, slow: float = 0.0) -> None:
        self.modem = modem
        self._slow = slow
        self._end, self._device = os.openpty()
        tty.setraw(self._device)
        os.set_blocking(self._end, False)
        self.path = os.ttyname(self._device)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._end, self._heard)

    def text(self, number: str, text: str) -> None:
        """Somebody sends it a text."""
        self._say(self.modem.text(number, text))

    def restart(self) -> None:
        """It restarts."""
        self._say(self.modem.restart())

    def close(self) -> None:
        """The line is pulled."""
        self._loop.remove_reader(self._end)
        os.close(self._end)
        os.close(self._device)

    def _heard(self) -> None:
        with suppress(OSError):
            answer = self.modem.feed(os.read(self._end, 4096))
            self._loop.call_later(self._slow, self._say, answer)

    def _say(self, data: bytes) -> None:
        with suppress(OSError):
            os.write(self._end, data)
