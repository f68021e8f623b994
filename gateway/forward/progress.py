"""How far a county's journal has been forwarded, as the gateway is told: a small file of the storage directory.

It says nothing that the streams do not say better; but the gateway need not ask them, and they may be out of reach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from gateway.decoded import from_json
from gateway.private import replacing

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.journal.contract import Journal

NAME: Final = "forwarded.json"


class Progress(msgspec.Struct, frozen=True):
    """How far it has come.

    Attributes:
        offset: everything before it is in the streams.
        received: when the last entry of that was received, UTC epoch seconds; 0: there is none.
        trouble: Chinese and English, of what is in the way; both empty: nothing.
    """

    offset: int = 0
    received: float = 0.0
    trouble: tuple[str, str] = ("", "")

    def behind(self, journal: Journal, now: float) -> float:
        """Seconds since what was forwarded last was received; 0: everything has been forwarded."""
        return 0.0 if self.offset >= journal.next_offset else max(0.0, now - self.received)


def read(storage: Path) -> Progress:
    """What stands in a storage directory; nothing forwarded, where the file is missing or damaged."""
    try:
        return from_json((storage / NAME).read_bytes(), Progress)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return Progress()


def note(storage: Path, progress: Progress) -> None:
    """Write it down, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    with replacing(storage / NAME) as out:
        out.write(msgspec.json.encode(progress))
