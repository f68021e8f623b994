"""Part of the model: how alarms are treated, who is on duty, and by what people are told."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.settings.model import Credential


@dataclass(frozen=True, slots=True)
class AlarmPolicy:
    """How one kind of alarm is treated. ``after_seconds`` applies to kinds with a delay."""

    severity: str
    notify: tuple[str, ...] = ()
    escalate_after_seconds: float | None = None
    escalate_to: tuple[str, ...] = ()
    after_seconds: float | None = None
    at_home_seconds: float | None = None
    """Of silence that began at home with nothing odd: how long before staff are told; None: twice the usual."""
    by_level: tuple[float, float, float] | None = None
    """By the wearer's level, in the order of :data:`gateway.kinds.LEVELS`, of kinds whose delay differs by it."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Staff on duty; minutes of the local day, both None: always. ``office``: for its people alone; empty: for all."""

    name: str
    staff: tuple[str, ...]
    start_minute: int | None = None
    until_minute: int | None = None
    office: str = ""


@dataclass(frozen=True, slots=True)
class Modem:
    """A modem for short messages: its serial device, and bits a second."""

    path: str
    baud: int


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """An HTTP gateway for short messages, as a template.

    Attributes:
        url, headers, body: with ``{number}``, ``{text}``, ``{username}`` and ``{password}`` in them.
        accepts: statuses of an answer that has taken the message; ``accepts_text``: what has to stand in it besides.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str
    accepts: tuple[int, ...]
    accepts_text: str


@dataclass(frozen=True, slots=True)
class Notices:
    """By what staff and wearers are told: by one of the two. ``severities``: of these staff are; empty: of all."""

    modem: Modem | None = None
    http: HttpGateway | None = None
    severities: tuple[str, ...] = ()
    credential: Credential = field(default=Credential(), repr=False)
