"""What every page is made from: the desk of a county's duty officers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from gateway.console.changes import Changes
from gateway.console.in_force import InForce
from gateway.console.link import Link
from gateway.console.readings import Readings
from gateway.control.address import socket_of
from gateway.words.coordinates import on_maps

if TYPE_CHECKING:
    from gateway.clock import Clock
    from gateway.console.base_map import BaseMap
    from gateway.console.visitor import Sessions
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
        base_map: what lies under the maps; None: the county has brought nothing.
    """

    in_force: InForce
    clock: Clock
    link: Link
    changes: Changes
    readings: Readings
    sessions: Sessions
    base_map: BaseMap | None = None

    @classmethod
    def of(cls, configuration: Configuration, clock: Clock, sessions: Sessions) -> Self:
        """The desk of a county."""
        directory = Path(configuration.storage.directory)
        in_force, link = InForce(configuration, directory), Link(socket_of(configuration))
        return cls(in_force, clock, link, Changes(link, partial(InForce.take, in_force)), Readings(directory), sessions)

    @property
    def configuration(self) -> Configuration:
        """In force now."""
        return self.in_force.configuration

    @property
    def zone(self) -> ZoneInfo:
        """The county's time zone."""
        return ZoneInfo(self.configuration.county.timezone)

    @property
    def centre(self) -> Coordinates:
        """The county's centre, on its maps."""
        county = self.configuration.county
        return on_maps(*county.centre, county.maps)
