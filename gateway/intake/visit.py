"""One session seen from intake, and where its answers go."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

from gateway.intake.lanes import Strand
from protocols.registry import FAMILIES
from protocols.session import Numbering
from protocols.turns import Seated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gateway.intake.device_clock import DeviceClock
    from gateway.journal.entries import Origin
    from gateway.ports import Channel
    from gateway.settings.model import Listener
    from protocols.order import Reply
    from protocols.session import WireSession
    from protocols.turns import Seat


class Gone:
    """The channel of a session that is over."""

    def answer(self, data: bytes) -> None:
        """Nobody hears it."""

    def send(self, segments: Iterable[bytes]) -> None:
        """Nobody hears them."""

    def supersede(self) -> None:
        """It is over already."""


GONE = Gone()
Names = set[str] | frozenset[str]
NO_NAMES: Final[frozenset[str]] = frozenset()
"""What a session has of names until it has one: most have none all their lives, and an empty set takes 216 bytes."""


def with_name(names: Names, name: str) -> set[str]:
    """The set with one more: itself, or the first there is."""
    if isinstance(names, frozenset):
        return {*names, name}
    names.add(name)
    return names


def without_name(names: Names, name: str) -> Names:
    """The set without one; ``NO_NAMES`` once there is none left."""
    return names if name not in names else (names - {name} or NO_NAMES)


@dataclass(slots=True)
class Visit:
    """One session seen from intake: what each identity on it is, and how far its login has come."""

    channel: Channel
    session: WireSession
    listener: Listener
    peer: str
    origins: dict[str, Origin] = field(default_factory=dict)
    authenticated: Names = NO_NAMES
    rejected: Names = NO_NAMES
    registering: Names = NO_NAMES
    """Those that have registered and neither authenticated since nor gone on without."""
    clocks: dict[str, DeviceClock] = field(default_factory=dict)
    """By identity, as far as it has spoken."""
    registered: Names = NO_NAMES
    """Those that have registered on it, whatever they did since."""
    number: Callable[[bytes], bytes] = field(init=False)
    """What makes an answer ready to leave."""
    claim: Callable[[int], int] = field(init=False)
    """Takes so many of our next serials on it, and tells the first."""
    connection: int = 0
    """Its number among all connections since the start, of which each frame is named with its own: ``17.3``."""
    heard: int = 0
    """Frames that its session has read, with those that were refused."""
    came: int = 0
    """Its place among all sessions, from its first known device on."""
    strand: Strand = field(default_factory=Strand)
    """What of it waits for the writer."""

    row: int = 0
    """Its seat (:class:`gateway.intake.seats.Seats`); 0: it has none."""
    answers_singly: bool = False
    """Its model takes one answer from what it reads at once."""

    def __post_init__(self) -> None:
        self.number = self.session.number if _numbers(type(self.session)) else bytes  # type: ignore[attr-defined]
        self.claim = self.session.claim if _sits(type(self.session)) else _none  # type: ignore[attr-defined]

    def seat(self) -> Seat | None:
        """How its session reads the next frame, where it is at rest."""
        return self.session.seat() if _sits(type(self.session)) else None  # type: ignore[attr-defined]

    def may_hear(self, identity: str) -> bool:
        """Whether orders may go to it: a login that was begun has succeeded."""
        return identity not in self.rejected and identity not in self.registering

    def is_unproven(self, identity: str) -> bool:
        """Whether it has registered, been told its code, and never shown it; orders go to it all the same."""
        return identity in self.registered and identity not in self.authenticated and self.may_hear(identity)

    @property
    def protocol(self) -> str:
        """Family of the session: the listener's, or what a shared port has recognised."""
        return self.session.protocol

    @property
    def profile(self) -> str:
        """Profile for devices that name none: the listener's, or the family's first on a shared port."""
        return self.listener.profile or FAMILIES[self.protocol].profiles[0]


def _none(_: int) -> int:
    """The first of the serials of a wire that has none."""
    return 0


@cache
def _numbers(kind: type) -> bool:
    """Whether sessions of a class number what goes down: asked once each, for it is dear."""
    return issubclass(kind, Numbering)


@cache
def _sits(kind: type) -> bool:
    """Whether sessions of a class can say when they are at rest."""
    return issubclass(kind, Seated)


class Correspondent(Protocol):
    """Whoever has orders for devices: told who can be reached, and what devices answer."""

    def arrived(self, device: str, visit: Visit) -> None:
        """The session that speaks for a device from now on; again with each step of a login that makes it sure."""

    def replied(self, device: str, replies: Sequence[Reply]) -> None:
        """A device answered."""
