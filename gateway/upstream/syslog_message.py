"""Messages of syslog as RFC 5424 writes them, and what stands between them on a stream (RFC 5425, 4.3). No I/O."""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from importlib import metadata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SOFTWARE: Final = "bracelet-gateway"
BOM: Final = "\ufeff".encode()
LONGEST_VALUE: Final = 200
"""Characters of a parameter's value; receivers take 2,048 octets of a message at least (RFC 5425, 4.3.1)."""
LONGEST_TEXT: Final = 300
LAST_NUMBER: Final = 2_147_483_647
"""``sequenceId`` begins anew at 1 behind it (RFC 5424, 7.3.1)."""
_UNFIT: Final = re.compile(r"[^!-~]")
_ESCAPED: Final = re.compile(r'(["\\\]])')
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]")


class Facility(IntEnum):
    """Who speaks (RFC 5424, table 1)."""

    DAEMON = 3
    AUDIT = 13
    LOCAL0 = 16


class Level(IntEnum):
    """How grave it is (RFC 5424, table 2)."""

    CRITICAL = 2
    ERROR = 3
    WARNING = 4
    NOTICE = 5
    INFO = 6


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Attributes:
        time: of what it tells, UTC epoch seconds.
        name: what is told, for MSGID: 32 printable signs at most.
        element: name of its structured data, without the enterprise's number.
        facts: the parameters; empty ones are left out.
        text: for people; may be empty.
    """

    facility: Facility
    level: Level
    time: float
    name: str
    element: str
    facts: Mapping[str, object]
    text: str = ""


@dataclass(slots=True)
class Speaker:
    """Writes the messages of one gateway, and numbers them.

    Attributes:
        enterprise: the private enterprise number behind the element's name (RFC 5424, 7.2.2).
        host: name of this machine.
    """

    enterprise: int
    host: str = field(default_factory=socket.getfqdn)
    version: str = field(default_factory=lambda: metadata.version(SOFTWARE))
    process: int = field(default_factory=os.getpid)
    _number: int = 0

    def say(self, message: Message) -> bytes:
        """A message in octets (RFC 5424, 6)."""
        self._number = self._number % LAST_NUMBER + 1
        time = datetime.fromtimestamp(message.time, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        head = f"<{message.facility * 8 + message.level}>1 {time} {_word(self.host, 255)} {SOFTWARE} {self.process}"
        data = _element("origin", {"software": SOFTWARE, "swVersion": self.version})
        data += _element("meta", {"sequenceId": self._number})
        data += _element(f"{message.element}@{self.enterprise}", message.facts)
        said = f"{head} {_word(message.name, 32)} {data}".encode()
        text = _CONTROLS.sub(" ", message.text)[:LONGEST_TEXT]
        return said + (b" " + BOM + text.encode() if text else b"")


def framed(message: bytes) -> bytes:
    """A message on a stream: its length, a blank, itself."""
    return b"%d %b" % (len(message), message)


def _word(text: str, longest: int) -> str:
    """Printable ASCII without blanks; ``-`` where there is nothing."""
    return _UNFIT.sub("_", text)[:longest] or "-"


def _element(name: str, facts: Mapping[str, object]) -> str:
    said = (f' {_word(key, 32)}="{_value(value)}"' for key, value in facts.items() if value not in {"", None})
    return f"[{name}{''.join(said)}]"


def _value(value: object) -> str:
    """A parameter's value: quotation mark, backslash and closing bracket escaped (RFC 5424, 6.3.3)."""
    return _ESCAPED.sub(r"\\\1", _CONTROLS.sub(" ", str(value))[:LONGEST_VALUE])
