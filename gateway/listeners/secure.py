"""TLS of a listener: its certificates, and the line above a plain one.

A device is a connection from before its handshake on, so that whoever never ends one is closed as any stranger. The
loops' own TLS would show it afterwards only, and uvloop's ``start_tls`` loses what came before. Files are looked at
with each handshake and each second: who comes next gets what they hold, who is there keeps what it has.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

import structlog

from gateway.errors import TransientFault
from gateway.tls import Certificates, server_context
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from gateway.settings.model import Tls
    from gateway.words.texts import Text

LOOK = 1.0
"""Real seconds between looks at the files."""
CHUNK = 1 << 16
"""Bytes that are taken out of TLS at once."""

log = structlog.get_logger()


class Line(Protocol):
    """What a connection asks of its transport."""

    def write(self, data: bytes) -> None:
        """Send it, sooner or later."""

    def close(self) -> None:
        """End it after what is still to be sent."""

    def abort(self) -> None:
        """End it now."""

    def is_closing(self) -> bool:
        """Whether it has ended, or will."""
        ...

    def pause_reading(self) -> None:
        """Read no more."""

    def resume_reading(self) -> None:
        """Read again."""

    def set_write_buffer_limits(self, high: int) -> None:
        """Bytes that may wait to be sent."""


class Secure:
    """The certificates of one listener.

    Args:
        name: the listener's.
        tls: its files.
        counts: ``certificate_faulty`` is added to for each change for the worse.
        make: what is made of the files: of who serves, or of who connects to a broker.

    Attributes:
        complaint: what is wrong with the files, and what it means; None: nothing is.
    """

    def __init__(
        self, name: str, tls: Tls, counts: MutableMapping[str, int],
        make: Callable[[Tls], ssl.SSLContext] = server_context,
    ) -> None:  # fmt: skip
        self._name = name
        self._certificates = Certificates(tls, make)
        self._counts = counts
        self._trouble = ""
        self.complaint: Text | None = None

    def context(self) -> ssl.SSLContext | None:
        """What the next handshake goes by; None: the files never were of use."""
        try:
            context = self._certificates.context()
        except TransientFault:
            context = None
        self._tell(self._certificates.trouble, "certificate_none" if context is None else "certificate_old")
        return context

    def _tell(self, trouble: str, means: str) -> None:
        """One line and one count a change."""
        if trouble == self._trouble:
            return
        self._trouble = trouble
        if trouble:
            self._counts["certificate_faulty"] += 1
            self.complaint = phrase(means, cause=trouble)
            log.warning("a listener's certificate cannot be used", listener=self._name, fault=trouble)
        else:
            self.complaint = None
            log.info("a listener's certificate can be used again", listener=self._name)

    async def watch(self) -> None:
        """Look at the files, again and again."""
        while True:
            self.context()
            await asyncio.sleep(LOOK)


class Secured:
    """A line by TLS above a plain one: what a connection asks of its transport. Handshakes are ours to answer.

    Args:
        line: the plain one.
        context: our certificates.

    Attributes:
        has_agreed: whether the handshake is over.
    """

    def __init__(self, line: Line, context: ssl.SSLContext) -> None:
        self._line = line
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.has_agreed = False
        self.abort, self.is_closing = line.abort, line.is_closing
        self.pause_reading, self.resume_reading = line.pause_reading, line.resume_reading
        self.set_write_buffer_limits = line.set_write_buffer_limits

    def read(self, data: bytes) -> tuple[bytes, bool]:
        """What bytes of the plain line say, and whether the other end has taken its leave with them.

        Raises:
            ssl.SSLError: the two do not agree, or the bytes are none of TLS.
        """
        self._incoming.write(data)
        said: list[bytes] = []
        try:
            if not self.has_agreed:
                self._tls.do_handshake()
                self.has_agreed = True
            while chunk := self._tls.read(CHUNK):
                said.append(chunk)
        except ssl.SSLWantReadError:
            return b"".join(said), False
        finally:
            self._flush()
        return b"".join(said), True

    def write(self, data: bytes) -> None:
        """One record a write; before the handshake is over there is nobody to write to."""
        if self.has_agreed:
            self._tls.write(data)
            self._flush()

    def close(self) -> None:
        """Take our leave, without waiting for the other end's, and close the line."""
        if self.has_agreed and not self.is_closing():
            with suppress(ssl.SSLError):  # it has not taken its leave yet
                self._tls.unwrap()
            self._flush()
        self._line.close()

    def _flush(self) -> None:
        if self._outgoing.pending and not self.is_closing():
            self._line.write(self._outgoing.read())
