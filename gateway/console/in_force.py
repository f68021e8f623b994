"""The configuration in force: the daemon names it, the journal keeps its texts."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from gateway.journal import FileJournal
from gateway.settings.registers import Composer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gateway.settings.model import Configuration, Person, Staff
    from gateway.settings.windows import Console


class Pages(Protocol):
    """What of a configuration doors, sessions and contacts go by."""

    @property
    def digest(self) -> str:
        """Another one after each change."""
        ...

    @property
    def staff(self) -> Mapping[str, Staff]:
        """Who works there, by number."""
        ...

    @property
    def people(self) -> Mapping[str, Person]:
        """Who is registered."""
        ...

    @property
    def console(self) -> Console:
        """Its pages."""
        ...


class InForce(Protocol):
    """Whose ``configuration`` is the one in force, as far as is known."""

    @property
    def configuration(self) -> Pages:
        """In force now."""
        ...


@dataclass(slots=True)
class FollowedInForce:
    """What the county's files say, and what the daemon goes by once it has said so.

    Attributes:
        configuration: in force, as far as is known.
        directory: storage of the gateway.
    """

    configuration: Configuration
    directory: Path
    _composer: Composer = field(default_factory=Composer)

    def take(self, digest: str) -> None:
        """The daemon goes by the configuration of this digest.

        Raises:
            TransientFault: the journal cannot be read now.
            OurFault: it does not know it.
        """
        if digest == self.configuration.digest:
            return
        with closing(FileJournal(self.directory / "journal", read_only=True)) as journal:
            taken = self._composer.loaded(journal.configuration(digest))
        # Paths of its own stay as the console found them: texts of the journal have them as they were written.
        own = self.configuration
        self.configuration = replace(taken, storage=own.storage, control=own.control, console=own.console)
