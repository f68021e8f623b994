"""The one error hierarchy: the peer's fault, ours, or passing. Retry policy hangs on the class, nowhere else."""

from __future__ import annotations

from protocols.errors import PeerFault

__all__ = ["GatewayFault", "OurFault", "PeerFault", "TransientFault", "UserFault"]


class GatewayFault(Exception):
    """Root of the faults on our side of the wire."""


class OurFault(GatewayFault):
    """A bug or a broken store: health turns red, nothing more is acknowledged, a person has to look."""


class TransientFault(GatewayFault):
    """Passing: a broker away, a disk busy. Tried again with capped, jittered back-off."""


class UserFault(GatewayFault):
    """The user's input is wrong; the text says what and where. Commands exit with 2."""
