"""A start by what the last one read and worked out, where the files still say it; and what is kept for the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from gateway.daemon.reading import Held
from gateway.engine import pack_drawn, unpack_drawn
from gateway.settings.kept import keep, recall
from gateway.settings.kept_pieces import KeptPieces

if TYPE_CHECKING:
    from gateway.engine import Drawn, Policy
    from gateway.settings.asked import Asked
    from gateway.settings.model import Configuration

log = structlog.get_logger()


@dataclass(slots=True)
class KeptStart:
    """What a start goes by.

    Attributes:
        configuration: as the files say it.
        asked: what was asked of them. ``credentials``: their text; None: there are none.
        drawn: what the engine drew of the configuration, packed; empty: nothing is at hand.
        kept: digest of what is kept for the next start; empty: nothing that fits.
    """

    configuration: Configuration
    asked: Asked
    credentials: str | None = field(repr=False)
    drawn: bytes = field(default=b"", repr=False)
    kept: str = ""
    held: Held | None = field(default=None, repr=False)
    """What a reading of changed files need not bring again."""
    pieces: dict[str, bytes] = field(default_factory=dict, repr=False)
    """What was read of each file, for the next reading; empty: nothing was read, or it is kept."""

    def drawing(self, configuration: Configuration) -> Drawn | None:
        """What was drawn of a configuration; None: nothing is at hand, or it was another one's."""
        if not self.drawn or configuration.digest != self.configuration.digest:
            return None
        return unpack_drawn(self.drawn)

    def keep(self, configuration: Configuration, policy: Policy) -> None:
        """Keep what is in force for the next start. Where that fails the next one takes longer, and nothing else."""
        if self.kept == configuration.digest:
            return
        try:
            known = None if self.held is None else self.held.of(configuration)
            told = keep(configuration, pack_drawn(policy), self.asked, self.credentials, known)
            self._keep_pieces(Path(configuration.storage.directory))
        except (OSError, TypeError) as fault:
            log.warning("what was compiled cannot be kept: the next start reads the files", fault=str(fault))
        else:
            self.kept, self.held = configuration.digest, Held(configuration, told)

    def _keep_pieces(self, storage: Path) -> None:
        if not self.pieces:
            return
        kept = KeptPieces(storage)
        for key, data in self.pieces.items():
            kept.put(key, data)
        kept.leave(self.pieces)
        self.pieces = {}


def begun(path: Path) -> KeptStart:
    """The configuration of a county's files for a start, with its credentials: recalled, or read.

    Raises:
        ConfigurationRefused: with every fault.
    """
    recalled, why = recall(path, secrets=True)
    if recalled is not None:
        log.info("the files say what they said at the last start: nothing is compiled anew")
        kept = recalled.configuration.digest
        held = Held(recalled.configuration, recalled.told)
        return KeptStart(recalled.configuration, recalled.asked, recalled.credentials, recalled.drawn, kept, held)
    log.info("the files are read and compiled", kept=why)
    from gateway.settings.load import read_noting  # noqa: PLC0415  what is recalled is not read
    from gateway.settings.readings import Readings  # noqa: PLC0415  as above

    pieces = _Pieces()
    configuration, files, names = read_noting(path, readings=Readings(pieces))
    return KeptStart(configuration, files.asked(names), files.credentials, pieces=pieces.found)


@dataclass(slots=True)
class _Pieces:
    """What is read before it is known where to keep it: a shelf of :class:`gateway.settings.readings.Readings`."""

    found: dict[str, bytes] = field(default_factory=dict)

    def get(self, key: str) -> bytes | None:
        return self.found.get(key)

    def put(self, key: str, data: bytes) -> None:
        self.found[key] = data
