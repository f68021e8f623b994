"""What every page is made from: the desk of a county's duty officers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException

from gateway.clock import SystemClock
from gateway.console.accounts.audit import Audit
from gateway.console.accounts.books import Books
from gateway.console.accounts.entrance import Entrance
from gateway.console.accounts.sessions import StoredSessions
from gateway.console.accounts.sight import may_see
from gateway.console.changes import Changes
from gateway.console.contacts import ContactBook
from gateway.console.draft_trials import Trials
from gateway.console.in_force import FollowedInForce
from gateway.console.link import Link
from gateway.console.pace import Pace
from gateway.console.purposes import Purposes
from gateway.console.readings import Readings
from gateway.console.seen import Seen
from gateway.console.shown import Shown
from gateway.console.tracks import Tracks
from gateway.control.address import socket_of
from gateway.control.messages import Request
from gateway.drafts.shelf import DraftShelf
from gateway.words.coordinates import on_maps

if TYPE_CHECKING:
    from gateway.clock import Clock
    from gateway.console.base_map import BaseMap
    from gateway.console.visitor import Sessions, Visitor
    from gateway.settings.model import Configuration
    from gateway.words.coordinates import Coordinates


@dataclass(slots=True)
class Desk:
    """One county's console.

    Attributes:
        in_force: the configuration.
        clock: of the daemon: times that are told are times of the county.
        link: to the daemon.
        changes: what it tells.
        readings: what it has stored.
        sessions: who is logged in.
        books: accounts, sessions and the audit log, as they are stored.
        audit: who looked at what.
        entrance: how somebody comes in.
        contacts: names and telephone numbers.
        tracks: where people were.
        purposes: what somebody looks for.
        seen: what of the queue each of them has seen.
        shown: whose places each session has been shown there.
        base_map: what lies under the maps; None: the county has brought nothing.
        called: key of the text that names the desk.
        menu: template of the menu.
        drill: nothing of it is real: every page says so.
        api_pace: how often programs have asked of late.
    """

    in_force: FollowedInForce
    clock: Clock
    link: Link
    changes: Changes
    readings: Readings
    sessions: Sessions
    books: Books
    audit: Audit
    entrance: Entrance
    seen: Seen
    contacts: ContactBook
    shown: Shown
    tracks: Tracks
    purposes: Purposes
    base_map: BaseMap | None = None
    called: str = "desk"
    menu: str = "menu.html"
    drill: bool = False
    trials: Trials = field(default_factory=Trials)
    """Drafts of zones that are tried on the past."""
    api_pace: Pace = field(default_factory=Pace)
    city_key: str = field(default="", repr=False)
    """By which the city's desk signs what it asks; empty: it cannot ask."""
    city_refused: Counter[str] = field(default_factory=Counter)
    """Signed requests that were refused since the start, by reason."""

    @classmethod
    def of(
        cls, configuration: Configuration, clock: Clock, sessions: Sessions | None = None, contacts: Path | None = None
    ) -> Self:
        """The desk of a county; ``sessions``: others than those that are stored; ``contacts``: their directory."""
        directory = Path(configuration.storage.directory)
        in_force, link, books = (
            FollowedInForce(configuration, directory),
            Link(socket_of(configuration)),
            Books(directory),
        )
        changes = Changes(link=link, on_configuration=partial(FollowedInForce.take, in_force))
        audit = Audit(link, books, clock)
        # People's own time is real, also where the county's is made up.
        stored = StoredSessions(books, in_force, SystemClock())
        entrance = Entrance(stored, audit)
        return cls(
            in_force, clock, link, changes, Readings(directory), sessions or stored, books, audit, entrance,
            Seen(books, clock), ContactBook(contacts, in_force), Shown(audit),
            Tracks.under(in_force, clock, partial(link.ask, Request(do="keep_history"))),
            Purposes(SystemClock()),
        )  # fmt: skip

    @property
    def configuration(self) -> Configuration:
        """In force now."""
        return self.in_force.configuration

    @property
    def zone(self) -> ZoneInfo:
        """The county's time zone."""
        return ZoneInfo(self.configuration.county.timezone)

    @property
    def storage(self) -> Path:
        """Where the gateway keeps all."""
        return self.books.path.parent

    @property
    def drafts(self) -> DraftShelf:
        """Zones that are drawn."""
        return DraftShelf(self.storage)

    def audit_days(self) -> int:
        """For how long it is kept who looked at what."""
        return self.configuration.console.audit_days

    def may_see(self, visitor: Visitor, person: str, what: str = "place") -> bool:
        """Whether a visitor may see ``place``, ``track``, ``number``, ``alarms`` or ``devices`` of a person."""
        return may_see(visitor, person, what, self.configuration.people)

    async def require(self, visitor: Visitor, person: str, what: str = "place") -> None:
        """The same, where nothing else is to be done; a refusal stands in the audit log.

        Raises:
            HTTPException: 403, he may not.
        """
        if not self.may_see(visitor, person, what):
            await self.audit.note(visitor, person, what, "")
            raise HTTPException(403)

    @property
    def centre(self) -> Coordinates:
        """The county's centre, on its maps."""
        county = self.configuration.county
        return on_maps(*county.centre, county.maps)
