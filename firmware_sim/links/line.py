"""What every way from a bracelet to the platform is, whatever carries it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Address:
    """The platform's TCP or UDP port, or its broker's."""

    host: str
    port: int


class LineEnd(Protocol):
    """Who is told what happens on a line: called by the loop, never from within ``write`` or ``close``."""

    def line_up(self) -> None:
        """The line is open."""
        ...

    def line_data(self, data: bytes) -> None:
        """The platform sent bytes: a piece of a stream, or a whole datagram or payload."""
        ...

    def line_down(self) -> None:
        """The line is closed, whoever closed it. Told once for each ``line_up``."""
        ...


class Line(ABC):
    """One bracelet's line. It can be opened again after it went down.

    Args:
        device: the bracelet's key.
        address: where the platform is.
        end: who is told.
    """

    is_stream: ClassVar[bool]
    """It carries bytes without borders, all of them in order, or breaks; else whole messages."""

    def __init__(self, device: str, address: Address, end: LineEnd) -> None:
        self.device = device
        self.address = address
        self.end = end

    @property
    @abstractmethod
    def is_open(self) -> bool:
        """Whether something can be written."""

    @abstractmethod
    async def open(self) -> None:
        """Open the line; ``line_up`` has been told when this returns.

        Raises:
            OSError: it cannot be had.
        """

    @abstractmethod
    def write(self, frames: Sequence[bytes]) -> None:
        """Send frames; on a line that is not open they are lost, as on a real one."""

    @abstractmethod
    def close(self) -> None:
        """Close once what was written is out."""

    @abstractmethod
    def abort(self) -> None:
        """Close at once."""

    @property
    def lost(self) -> int:
        """How much was lost on the way so far, as far as the line knows."""
        return 0

    def due(self) -> float:
        """Simulated moment at which ``tick`` has something to do; ``inf`` on a line that is as quick as it is."""
        return math.inf

    def tick(self, now: float) -> None:  # noqa: B027  most lines carry at once
        """Deliver what has arrived by a simulated moment."""

    def release(self) -> None:  # noqa: B027  most lines have nothing that outlasts a connection
        """Give back what outlasts a single connection; the line is not used any more."""
