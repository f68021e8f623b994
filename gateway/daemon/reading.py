"""A county's files read and drawn apart: beside the daemon, whose loop and interpreter lock are for bracelets.

    python -m gateway.daemon.reading

It is told on standard input what to read and what the daemon has already (:class:`_Wanted`), and says what differs
from that (:class:`_Said`). Then it is told what of it has to be drawn (:class:`_ToDraw`), and says that. What it reads
it keeps by the digest of each text, so that it reads a file once. Credentials pass from one process of this account to
the other, and lie nowhere.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import msgspec
import structlog

from gateway.daemon.beside import beside
from gateway.decoded import from_msgpack
from gateway.engine import draw_packed, undrawn, unpack_drawn
from gateway.errors import OurFault
from gateway.settings.asked import Asked, holds
from gateway.settings.differences import LIVE
from gateway.settings.faults import ConfigurationRefused, Fault
from gateway.settings.files import CREDENTIALS, OVERLAY, DirectoryFiles
from gateway.settings.kept import Told, composed, pack, told_of, unpack
from gateway.settings.sources import digest
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO, BinaryIO

    from gateway.engine import Drawn
    from gateway.settings.model import Configuration

PATIENCE: Final = 300.0
"""Real seconds that a reading may take; ten thousand people take ten, unless the machine has more to do."""
NICE: Final = 5
_LENGTH_BYTES: Final = 8

log = structlog.get_logger()
Value = TypeVar("Value")


class Held(NamedTuple):
    """A configuration that is at hand, and the digests of what it is made of."""

    configuration: Configuration
    told: Told

    def of(self, running: Configuration) -> Told:
        """The digests of what is still so in the one that runs."""
        mine = self.configuration
        return Told(
            {name: told for name, told in self.told.parts.items()
             if name in LIVE and getattr(running, name) is getattr(mine, name)},
            {name: told for name, told in self.told.texts.items()
             if name in mine.sources and running.sources.get(name) is mine.sources[name]},
        )  # fmt: skip


@dataclass(slots=True)
class Read:
    """What was read.

    Attributes:
        configuration: what the files say.
        told: digests of what it is made of.
        asked: what the files were asked. ``credentials``: their text; None: there is none.
        files: digest of the texts without what was done at the desk.
        anew: entries that were read; all others stood in files that had been read before.
        ran: what ran then, against which it is drawn.
    """

    configuration: Configuration
    told: Told
    asked: Asked
    credentials: str | None = field(repr=False)
    files: str
    anew: int
    ran: Configuration = field(repr=False)
    drawing: asyncio.Future[Drawn] | None = field(default=None, repr=False)

    @property
    def is_whole(self) -> bool:
        """Whether what is drawn of it is at hand, or will be."""
        drawing = self.drawing
        return drawing is not None and not (drawing.done() and (drawing.cancelled() or drawing.exception()))

    async def drawn(self, running: Configuration) -> Drawn | None:
        """What is drawn of it, in as far as that differs from what runs; None: what runs has other zones or homes now.

        Raises:
            OurFault: the process that draws it failed.
        """
        if self.drawing is None or running.zones is not self.ran.zones or running.people is not self.ran.people:
            return None
        return await asyncio.shield(self.drawing)


class _Wanted(msgspec.Struct, frozen=True):
    """What to read, and digests of what is at hand."""

    path: str
    language: str
    storage: str
    deeds: str
    held: Told


class _Said(msgspec.Struct, frozen=True):
    """What the process says: every fault (file, line, column, message), or what of the configuration is not at hand."""

    faults: list[tuple[str, int, int, str]] = []
    parts: dict[str, bytes] = {}
    texts: dict[str, str] = {}
    told: Told | None = None
    digest: str = ""
    files: str = ""
    asked: Asked | None = None
    credentials: str | None = None
    anew: int = 0


class _ToDraw(msgspec.Struct, frozen=True):
    """Zones, and people whose homes are to be drawn."""

    zones: list[str]
    homes: list[str]


async def read_apart(path: Path, running: Configuration, deeds: str, language: str, held: Held | None = None) -> Read:
    """Read a county's files in a process of its own; the loop goes on.

    Args:
        path: the directory, or the main file.
        running: what is in force, of which the drawing is held against what is read.
        deeds: the text of what was done at the desk, which stands above the files.
        language: ``zh`` or ``en``, for the faults.
        held: what is at hand of it, and need not come.

    Raises:
        ConfigurationRefused: with every fault.
        OurFault: the process failed, or took too long.
    """
    told = Told({}, {}) if held is None else held.of(running)
    wanted = _Wanted(str(path), language, running.storage.directory, deeds, told)
    process = await asyncio.to_thread(_begun)
    try:
        out = await asyncio.wait_for(asyncio.to_thread(_asked, process, msgspec.msgpack.encode(wanted)), PATIENCE)
        read = await beside(_taken, out, running)
        zones, homes = await beside(undrawn, running, read.configuration)
    except BaseException as fault:
        await _end(process)
        if isinstance(fault, TimeoutError):
            raise OurFault(phrase("reload_long", seconds=round(PATIENCE))) from fault
        raise
    read.drawing = asyncio.ensure_future(_drawn(process, _ToDraw(zones, homes)))
    return read


async def _drawn(process: Popen[bytes], wanted: _ToDraw) -> Drawn:
    """What the process draws; it ends."""
    try:
        out = await asyncio.wait_for(asyncio.to_thread(_asked, process, msgspec.msgpack.encode(wanted)), PATIENCE)
    finally:
        await _end(process)
    return await beside(unpack_drawn, out)


def _begun() -> Popen[bytes]:
    """The process. In a thread, by ``vfork``: the loop's own way copies the tables of all memory, and waits for it."""
    return Popen(
        [sys.executable, "-P", "-m", "gateway.daemon.reading"],
        stdin=PIPE, stdout=PIPE, stderr=PIPE, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip


def _asked(process: Popen[bytes], question: bytes) -> bytes:
    """One answer of the process; waits for it."""
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise OurFault(phrase("reload_failed"))
    with suppress(BrokenPipeError):
        _put(process.stdin, question)
    length = process.stdout.read(_LENGTH_BYTES)
    out = process.stdout.read(int.from_bytes(length, "big"))
    if len(length) < _LENGTH_BYTES or len(out) < int.from_bytes(length, "big"):
        said = process.stderr.read().decode(errors="replace")
        log.error("the files could not be read", code=process.wait(), said=said)
        raise OurFault(phrase("reload_failed"))
    return out


async def _end(process: Popen[bytes]) -> None:
    """Whoever waits for its answer sees that it ended."""
    process.kill()
    await asyncio.to_thread(process.communicate)


def is_still(read: Read, path: Path, deeds: str) -> bool:
    """Whether the files, and what was done at the desk, say what they said when they were read."""
    files, sources = DirectoryFiles(path), dict(read.configuration.sources)
    if sources.pop(OVERLAY, "") != deeds or not holds(read.asked, files):
        return False
    try:
        credentials = files.text(CREDENTIALS) if files.has(CREDENTIALS) else None
        return credentials == read.credentials and all(files.text(name) == text for name, text in sources.items())
    except (OSError, UnicodeDecodeError):
        return False


def _taken(out: bytes, running: Configuration) -> Read:
    """What was read, with what is at hand of it."""
    said = from_msgpack(out, _Said)
    if said.asked is None or said.told is None:
        raise ConfigurationRefused([Fault(*each) for each in said.faults])
    parts = unpack(said.parts) | {name: getattr(running, name) for name in said.told.parts if name not in said.parts}
    texts = {name: said.texts.get(name, running.sources.get(name, "")) for name in said.told.texts}
    configuration = composed(parts, texts, said.digest)
    return Read(configuration, said.told, said.asked, said.credentials, said.files, said.anew, running)


def _said(wanted: _Wanted) -> tuple[_Said, Configuration | None]:
    """What the files say, or every fault."""
    from gateway.settings.kept_pieces import KeptPieces  # noqa: PLC0415  of the process alone
    from gateway.settings.load import read_noting  # noqa: PLC0415  as above
    from gateway.settings.readings import Readings  # noqa: PLC0415  as above

    pieces = KeptPieces(Path(wanted.storage))
    readings = Readings(pieces)
    try:
        configuration, files, names = read_noting(
            Path(wanted.path), wanted.language, deeds=wanted.deeds, readings=readings
        )
    except ConfigurationRefused as refused:
        return _Said([(each.file, each.line, each.column, each.message) for each in refused.faults]), None
    pieces.leave(readings.used)
    parts, texts = pack(configuration), configuration.sources
    told = told_of(parts, texts)
    said = _Said(
        parts=_missing(parts, told.parts, wanted.held.parts), texts=_missing(texts, told.texts, wanted.held.texts),
        told=told, digest=configuration.digest,
        files=digest({name: text for name, text in texts.items() if name != OVERLAY}),
        asked=files.asked(names), credentials=files.credentials, anew=readings.anew,
    )  # fmt: skip
    return said, configuration


def _missing(values: Mapping[str, Value], told: Mapping[str, str], held: Mapping[str, str]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if held.get(name) != told[name]}


def _next(stream: BinaryIO) -> bytes:
    return stream.read(int.from_bytes(stream.read(_LENGTH_BYTES), "big"))


def _put(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(data)
    stream.flush()


def main() -> None:
    """Read, say what there is, draw what is asked for."""
    os.nice(NICE)
    # A county is a million objects that stay until the process ends, and there are no others.
    gc.disable()
    said, configuration = _said(from_msgpack(_next(sys.stdin.buffer), _Wanted))
    _put(sys.stdout.buffer, msgspec.msgpack.encode(said))
    question = _next(sys.stdin.buffer)
    if question and configuration is not None:
        wanted = from_msgpack(question, _ToDraw)
        _put(sys.stdout.buffer, draw_packed(configuration, wanted.zones, wanted.homes))


if __name__ == "__main__":
    main()
