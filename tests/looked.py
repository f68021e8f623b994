"""What a journal says of who looked at what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.journal.audit import audited
from gateway.journal.controls import Sought

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.journal.audit import Found
    from gateway.journal.controls import Audited


def found_in(storage: Path, **sought: str) -> list[Found]:
    """Entries of a storage directory that fit, the oldest first."""
    return list(audited(storage / "journal", Sought(**sought)))[::-1]


def looked_in(storage: Path, **sought: str) -> list[Audited]:
    """What they say."""
    return [one.said for one in found_in(storage, **sought)]
