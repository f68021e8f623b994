"""A log server's end: it counts octets and reads messages by the grammar of RFC 5424, section 6, not by our code."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl

NAME = rb"[!#-<>-\\^-~]{1,32}"
"""SD-NAME: printable ASCII but ``=``, blank, ``]`` and quotation mark."""
VALUE = rb'(?:[^"\\\]]|\\["\\\]])*'
PARAMETER = rb" (" + NAME + rb')="(' + VALUE + rb')"'
ELEMENT = rb"\[(" + NAME + rb")((?: " + NAME + rb'="' + VALUE + rb'")*)\]'
MESSAGE = re.compile(
    rb"<([1-9]?[0-9]|1[0-8][0-9]|19[01])>1 "
    rb"([0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})) "
    rb"([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) "
    rb"(-|(?:" + ELEMENT.replace(b"(" + NAME, b"(?:" + NAME).replace(b"((?:", b"(?:(?:") + rb")+)"
    rb"(?: \xef\xbb\xbf(.*))?",
    re.DOTALL,
)  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """One message as the grammar reads it."""

    priority: int
    time: str
    host: str
    application: str
    name: str
    data: dict[str, dict[str, str]]
    text: str

    def fact(self, name: str) -> str:
        """A parameter of the one element that is no standard's."""
        (own,) = [facts for element, facts in self.data.items() if "@" in element]
        return own.get(name, "")


def read(octets: bytes) -> Heard:
    """A message; an assertion fails where it is none."""
    found = MESSAGE.fullmatch(octets)
    assert found is not None, octets
    priority, time, host, application, _, name, data, text = found.groups()
    elements = {
        element.decode(): {key.decode(): re.sub(r'\\(["\\\]])', r"\1", value.decode()) for key, value in
                           re.findall(PARAMETER, facts)}
        for element, facts in re.findall(ELEMENT, data)
    }  # fmt: skip
    return Heard(
        int(priority), time.decode(), host.decode(), application.decode(), name.decode(), elements,
        (text or b"").decode(),
    )  # fmt: skip


def taken_apart(stream: bytes) -> tuple[list[bytes], bytes]:
    """Whole messages of a stream (RFC 5425, 4.3), and the rest."""
    whole = []
    while (found := re.match(rb"([1-9][0-9]*) ", stream)) and len(stream) >= found.end() + int(found[1]):
        end = found.end() + int(found[1])
        whole.append(stream[found.end() : end])
        stream = stream[end:]
    return whole, stream


@dataclass
class LogServerEnd:
    """Listens on loopback from entering to leaving; may be entered again, on the same port. ``tls``: how it serves."""

    tls: ssl.SSLContext | None = None
    port: int = 0
    octets: list[bytes] = field(default_factory=list)
    _lines: list[socket.socket] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = socket.create_server(("127.0.0.1", self.port))
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._server, *self._lines):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._lines.clear()
        self._thread.join()

    @property
    def heard(self) -> list[Heard]:
        return [read(each) for each in list(self.octets)]

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                self._hear(self._server.accept()[0])

    def _hear(self, line: socket.socket) -> None:
        rest = b""
        with suppress(OSError):
            if self.tls is not None:
                line = self.tls.wrap_socket(line, server_side=True)
            self._lines.append(line)
            while said := line.recv(65_536):
                whole, rest = taken_apart(rest + said)
                self.octets += whole
        line.close()
