"""What the pages of a city's desk are made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException

from gateway.city.figures import began, lines
from gateway.city.intake import Intake
from gateway.city.store import CityStore
from gateway.clock import SystemClock
from gateway.console.accounts.audit import Audit
from gateway.console.accounts.books import Books
from gateway.console.accounts.entrance import Entrance
from gateway.console.accounts.sessions import StoredSessions
from gateway.console.accounts.sight import has_role_for
from gateway.console.changes import Told
from gateway.console.contacts import ContactBook

if TYPE_CHECKING:
    import asyncio

    from gateway.city.figures import Line
    from gateway.clock import Clock
    from gateway.console.visitor import Sessions, Visitor
    from gateway.settings.city import CityConfiguration

FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Standing:
    """A configuration that stands until the next start."""

    configuration: CityConfiguration


@dataclass(slots=True)
class CityDesk:
    """One city's desk.

    Attributes:
        in_force: the configuration.
        clock: by which messages are received.
        changes: what pages are told.
        sessions: who is logged in.
        books: accounts and sessions, as they are stored.
        audit: who came in, and who asked a county for whose track.
        entrance: how somebody comes in.
        contacts: the offices.
        store: what the counties told.
        intake: takes in what they tell.
        called: key of the text that names the desk.
        menu: template of the menu.
        ways: by county's code, what to set once an act of ours is to go there.
    """

    in_force: Standing
    clock: Clock
    changes: Told
    sessions: Sessions
    books: Books
    audit: Audit
    entrance: Entrance
    contacts: ContactBook
    store: CityStore
    intake: Intake
    called: str = "city_desk"
    menu: str = "city/menu.html"
    ways: dict[str, asyncio.Event] = field(default_factory=dict)

    @classmethod
    def of(
        cls, configuration: CityConfiguration, clock: Clock, offices: Path, sessions: Sessions | None = None
    ) -> Self:
        """The desk of a city.

        Args:
            configuration: as it stands in the file.
            clock: of the gateway.
            offices: directory of offices.yaml.
            sessions: others than those that are stored.
        """
        in_force, directory = Standing(configuration), Path(configuration.directory)
        books, changes, store = Books(directory), Told(), CityStore(directory)
        audit = Audit(None, books, clock)
        stored = StoredSessions(books, in_force, SystemClock())
        return cls(
            in_force, clock, changes, sessions or stored, books, audit, Entrance(stored, audit),
            ContactBook(offices, in_force), store, Intake(store, clock, lambda: changes.tell("alarms")),
        )  # fmt: skip

    @property
    def configuration(self) -> CityConfiguration:
        """In force now."""
        return self.in_force.configuration

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.configuration.county.timezone)

    @property
    def storage(self) -> Path:
        """Where all is kept."""
        return self.books.path.parent

    def audit_days(self) -> int:
        """For how long it is kept who asked for what; 0: for good."""
        return 0

    async def lines(self) -> list[Line]:
        """The counties as they are now.

        Raises:
            TransientFault: they cannot be read now.
        """
        now = self.clock.now()
        counts = await self.store.counts(*began(now, self.zone))
        return lines(self.configuration.counties.values(), await self.store.heard(), counts, now)

    async def require(self, visitor: Visitor, person: str, what: str) -> None:
        """Go on where a visitor may see ``what`` at all; a refusal stands in the audit log.

        Raises:
            HTTPException: 403, he may not.
        """
        if not has_role_for(visitor, what):
            await self.audit.note(visitor, person, what, "")
            raise HTTPException(FORBIDDEN)
