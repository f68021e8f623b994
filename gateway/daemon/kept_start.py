"""A start by what the last one read and worked out, where the files still say it; and what is kept for the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from gateway.daemon.reading import Held
from gateway.engine import pack_drawn, unpack_drawn
from gateway.settings.kept import keep, recall

if TYPE_CHECKING:
    from pathlib import Path

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
            told = keep(configuration, pack_drawn(policy), self.asked, self.credentials)
        except (OSError, TypeError) as fault:
            log.warning("what was compiled cannot be kept: the next start reads the files", fault=str(fault))
        else:
            self.kept, self.held = configuration.digest, Held(configuration, told)


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

    configuration, files, names = read_noting(path)
    return KeptStart(configuration, files.asked(names), files.credentials)
