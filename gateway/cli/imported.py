"""Another system's fixes from its file to the daemon, in pieces; lines that cannot be used are named."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from rich.console import Console
from rich.progress import track

from gateway.cli.county import told
from gateway.clock import iso
from gateway.control.messages import MOST, Request
from gateway.errors import UserFault
from gateway.replay.their_fixes import read_their_fixes
from gateway.settings.fix_mapping import FixMapping, read_mapping
from gateway.words.import_words import FIX_FAULTS, IMPORTS
from gateway.words.phrases import LANGUAGE
from gateway.words.shadow_words import FILES, line_of
from gateway.words.shadows import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from gateway.replay.their_fixes import FixFile, TheirFix
    from gateway.settings.model import Configuration
    from gateway.words.texts import Text

SAID: Final = 20
"""Lines with faults that are named."""
_ROOM: Final = MOST * 3 // 4
"""Bytes of fixes in a request."""
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed."""

    file: Path
    mapping: Path | None
    times_in: str
    document: str
    by: str
    is_dry: bool


@dataclass(slots=True)
class Taken:
    """What became of the fixes so far."""

    taken: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)


def import_file(configuration: Configuration, asked: Asked) -> tuple[list[Text], Text]:
    """Import a file, or see what would come of it; the faults to be told, and what was done.

    Raises:
        UserFault: the file cannot be read, or the caller may not do so.
        TransientFault: the gateway does not run, or cannot do it now.
    """
    mapping = FixMapping() if asked.mapping is None else read_mapping(asked.mapping, LANGUAGE.get())
    file = read_their_fixes(asked.file, configuration, mapping, zone_of(asked.times_in or mapping.time_zone or ""))
    digest = hashlib.sha256(asked.file.read_bytes()).hexdigest()
    taken, console = Taken(refused=file.refused), Console(stderr=True)
    pieces = list(_pieces(file.fixes))
    for device, piece in track(pieces, "import", console=console, disable=not console.is_terminal):
        request = Request(
            "import_look" if asked.is_dry else "import", device=device, by=asked.by, document=asked.document,
            fixes=tuple(one.fix for one in piece), source=asked.file.name, digest=digest,
        )  # fmt: skip
        _note(taken, piece, told(configuration, request))
    said = IMPORTS["import_tried" if asked.is_dry else "import_done"]
    return _faults(asked.file, taken.refused), said.filled(
        path=asked.file, taken=taken.taken, known=taken.known, digest=digest, **_span(file)
    )


def zone_of(name: str) -> ZoneInfo | None:
    """A time zone by its name; None: none is named.

    Raises:
        UserFault: there is no such zone.
    """
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UserFault(FILES["shadow_zone"].filled(value=name)) from None


def _pieces(fixes: Sequence[TheirFix]) -> Iterator[tuple[str, list[TheirFix]]]:
    """By device, in the order of device time, so many at once as a request takes."""
    of_device: defaultdict[str, list[TheirFix]] = defaultdict(list)
    for one in fixes:
        of_device[one.device].append(one)
    for device, held in sorted(of_device.items()):
        piece: list[TheirFix] = []
        size = 0
        for one in sorted(held, key=lambda each: each.fix.time):
            length = len(msgspec.json.encode(one.fix)) + 1
            if piece and (size + length > _ROOM or len(piece) == _AT_ONCE):
                yield device, piece
                piece, size = [], 0
            piece.append(one)
            size += length
        yield device, piece


def _note(taken: Taken, piece: Sequence[TheirFix], said: dict[str, Any]) -> None:
    taken.taken += said["taken"]
    taken.known += said["known"]
    for reason, rows in said["refused"].items():
        taken.refused += [Refused(piece[at].line, reason, FIX_FAULTS[reason]) for at in rows]


def _faults(path: Path, refused: Sequence[Refused]) -> list[Text]:
    in_order = sorted(refused, key=lambda one: one.line)
    lines = [line_of(path, one) for one in in_order[:SAID]]
    return [*lines, IMPORTS["import_faults"].filled(count=len(refused))] if refused else []


def _span(file: FixFile) -> dict[str, object]:
    times = [one.fix.time for one in file.fixes]
    devices = len({one.device for one in file.fixes})
    return {"devices": devices, "since": iso(min(times)) if times else "-", "until": iso(max(times)) if times else "-"}
