"""Which versions the journal names, and since when: what has to stay there for it.

A daemon writes this down before it journals the entry, so that no version is removed between the two.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.decoded import from_json
from gateway.errors import OurFault
from gateway.towers.files import write_whole
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = "named"


class Named(msgspec.Struct, frozen=True):
    """A version by its digest, in force from a receive time (UTC epoch seconds) on."""

    since: float
    digest: str


def named(directory: Path) -> list[Named]:
    """All that the journal may name, oldest first.

    Raises:
        OurFault: the file is damaged.
    """
    path = directory / FILE
    try:
        return from_json(path.read_bytes(), list[Named])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.MsgspecError) as fault:
        raise OurFault(phrase("towers_version_damaged", path=path, cause=fault)) from fault


def name(directory: Path, digest: str, since: float) -> None:
    """From now on the journal may name a version.

    Raises:
        OSError: it cannot be written.
    """
    known = named(directory)
    if not known or known[-1].digest != digest:
        _write(directory, [*known, Named(since, digest)])


def forget(directory: Path, horizon: float) -> list[str]:
    """Let go of those that another followed before a time: no entry that is left names them.

    Returns:
        The digests that nothing names any more.

    Raises:
        OSError: it cannot be written.
    """
    known = named(directory)
    ends = [*(one.since for one in known[1:]), math.inf]
    kept = [one for one, end in zip(known, ends, strict=False) if end > horizon]
    if len(kept) < len(known):
        _write(directory, kept)
    return sorted({one.digest for one in known} - {one.digest for one in kept})


def _write(directory: Path, versions: list[Named]) -> None:
    write_whole(directory / FILE, lambda file: file.write(msgspec.json.encode(versions)))
