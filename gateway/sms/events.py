"""What a session with a modem tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from gateway.sms.incoming import Incoming, Report


@dataclass(frozen=True, slots=True)
class Ready:
    """The modem is set up: texts may be given to it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The network has taken the PDU that was given last; ``reference`` (TP-MR) is what its report will name."""

    reference: int


@dataclass(frozen=True, slots=True)
class NotTaken:
    """It was not; ``code`` as of :mod:`gateway.sms.results`."""

    code: int


@dataclass(frozen=True, slots=True)
class Came:
    """A text; ``index``: where the modem keeps it until it is told to forget it, None: nowhere."""

    text: Incoming = field(repr=False)
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """A delivery report."""

    report: Report = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fell:
    """The modem restarts or does not answer: it is set up anew; ``why`` in words."""

    why: str


Told: TypeAlias = Ready | Taken | NotTaken | Came | Reported | Fell
