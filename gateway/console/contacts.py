"""Names and telephone numbers, read when they are asked for and their files have changed; by nobody but the console."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from gateway.settings.contacts import Contact, Contacts, read_contacts
from gateway.settings.files import CONTACTS

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.console.in_force import InForce
    from gateway.settings.offices import Offices

log = structlog.get_logger()


@dataclass(slots=True)
class ContactBook:
    """The contacts in a directory.

    What is wrong with a row costs that row: it is logged, by file and line, and the others are used.

    Attributes:
        directory: where the files lie; None: there are none.
        in_force: the configuration: who is registered.
    """

    directory: Path | None
    in_force: InForce
    _found: Contacts = field(default_factory=Contacts, repr=False)
    _stands: object = None
    _faulty: bool = False
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, person: str) -> Contact | None:
        """How a person is reached, if that is known; whoever shows it has written the look down."""
        return (await self._read()).people.get(person)

    async def of_staff(self, number: str) -> Contact | None:
        """How a member of staff is reached, if that is known."""
        return (await self._read()).staff.get(number)

    async def offices(self) -> Offices:
        """The offices that are described, as the file says now."""
        return (await self._read()).offices

    async def is_faulty(self) -> bool:
        """Whether somebody may be missing for a fault of the files; which, the log says."""
        await self._read()
        return self._faulty

    async def _read(self) -> Contacts:
        async with self._reading:
            stands = (self.in_force.configuration.digest, await asyncio.to_thread(_signs, self.directory))
            if self.directory is not None and stands != self._stands:
                self._found = await asyncio.to_thread(self._anew, self.directory)
                self._stands = stands
            return self._found

    def _anew(self, directory: Path) -> Contacts:
        found, faults = read_contacts(directory, self.in_force.configuration, "en")
        self._faulty = bool(faults)
        if faults:
            log.warning("contacts have faults", faults=[str(fault) for fault in faults])
        return found


def _signs(directory: Path | None) -> list[tuple[int, ...]]:
    """What tells that a file is another than it was."""
    paths = [] if directory is None else [directory / name for name in CONTACTS]
    stats = [path.stat() for path in paths if path.exists()]
    return [(one.st_ino, one.st_mtime_ns, one.st_ctime_ns, one.st_size, one.st_mode) for one in stats]
