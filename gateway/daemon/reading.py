"""A county's files read and drawn apart: beside the daemon, whose loop and interpreter lock are for bracelets.

    python -m gateway.daemon.reading PATH LANGUAGE

What was done at the desk comes on standard input as text; on standard output goes one :class:`_Told`. Credentials pass
from one process of this account to the other, and lie nowhere.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
import structlog

from gateway.engine import draw_packed, unpack_drawn
from gateway.errors import OurFault
from gateway.settings.asked import Asked, holds
from gateway.settings.faults import ConfigurationRefused, Fault
from gateway.settings.files import CREDENTIALS, OVERLAY, DirectoryFiles
from gateway.settings.kept import pack, unpack
from gateway.settings.load import read_noting
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from gateway.engine import Drawn
    from gateway.settings.model import Configuration

PATIENCE: Final = 300.0
"""Real seconds that a reading may take; ten thousand people take half a minute."""
NICE: Final = 5

log = structlog.get_logger()


class Read(NamedTuple):
    """What the files say, what they were asked, the text of the credentials (None: there is none), what was drawn."""

    configuration: Configuration
    asked: Asked
    credentials: str | None
    drawn: Drawn


class _Told(msgspec.Struct, frozen=True):
    """What the process says: every fault (file, line, column, message), or all of it packed."""

    faults: list[tuple[str, int, int, str]] = []
    configuration: bytes = b""
    sources: dict[str, str] = {}
    asked: Asked | None = None
    credentials: str | None = None
    drawn: bytes = b""


async def read_apart(path: Path, deeds: str, language: str) -> Read:
    """Read a county's files in a process of its own; the loop goes on.

    Args:
        path: the directory, or the main file.
        deeds: the text of what was done at the desk, which stands above the files.
        language: ``zh`` or ``en``, for the faults.

    Raises:
        ConfigurationRefused: with every fault.
        OurFault: the process failed, or took too long.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "gateway.daemon.reading", str(path), language,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    try:
        out, said = await asyncio.wait_for(process.communicate(deeds.encode()), PATIENCE)
    except TimeoutError as fault:
        raise OurFault(phrase("reload_long", seconds=round(PATIENCE))) from fault
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    if process.returncode:
        log.error("the files could not be read", code=process.returncode, said=said.decode(errors="replace"))
        raise OurFault(phrase("reload_failed"))
    return await asyncio.to_thread(_taken, out)


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


def _taken(out: bytes) -> Read:
    told = msgspec.msgpack.decode(out, type=_Told)
    if told.asked is None:
        raise ConfigurationRefused([Fault(*each) for each in told.faults])
    configuration = unpack(told.configuration, told.sources)
    return Read(configuration, told.asked, told.credentials, unpack_drawn(told.drawn))


def _told(path: Path, deeds: str, language: str) -> _Told:
    try:
        configuration, files, names = read_noting(path, language, deeds=deeds)
    except ConfigurationRefused as refused:
        return _Told([(each.file, each.line, each.column, each.message) for each in refused.faults])
    return _Told(
        configuration=pack(configuration), sources=dict(configuration.sources), asked=files.asked(names),
        credentials=files.credentials, drawn=draw_packed(configuration),
    )  # fmt: skip


if __name__ == "__main__":
    os.nice(NICE)
    told = _told(Path(sys.argv[1]), sys.stdin.buffer.read().decode(), sys.argv[2])
    sys.stdout.buffer.write(msgspec.msgpack.encode(told))
