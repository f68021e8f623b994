"""A phone as intake sees a session: nothing is ever written to it, the carrier is asked instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.intake.visit import Visit
from gateway.settings.model import PHONE_PROTOCOL, Listener
from protocols.mlp.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.settings.model import Carrier
    from protocols.mlp.reading import Reading


class PhoneChannel:
    """Implements :class:`gateway.intake.intake.Channel`."""

    def answer(self, data: bytes) -> None:
        """A carrier is owed no answer."""

    def send(self, segments: Iterable[bytes]) -> None:
        """Nothing goes to a phone."""

    def supersede(self) -> None:
        """There is no connection to close."""


def visit_of(carrier: Carrier, reading: Reading, identity: str) -> Visit:
    """A phone's visit, under the carrier's name."""
    listener = Listener(name=carrier.name, protocol=PHONE_PROTOCOL, profile=reading.name, host="", port=0)
    return Visit(PhoneChannel(), Session(reading, (identity,)), listener, carrier.name)
