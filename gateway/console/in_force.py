"""The configuration in force: the daemon names it, the journal keeps its texts."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.journal import FileJournal
from gateway.settings.load import load_sources

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.settings.model import Configuration


@dataclass(slots=True)
class InForce:
    """What the county's files say, and what the daemon goes by once it has said so.

    Attributes:
        configuration: in force, as far as is known.
        directory: storage of the gateway.
    """

    configuration: Configuration
    directory: Path
    _kept: dict[str, Configuration] = field(default_factory=dict)

    def take(self, digest: str) -> None:
        """The daemon goes by the configuration of this digest.

        Raises:
            TransientFault: the journal cannot be read now.
            OurFault: it does not know it.
        """
        if digest == self.configuration.digest:
            return
        with closing(FileJournal(self.directory / "journal", read_only=True)) as journal:
            self.configuration = load_sources(journal.configuration(digest))
