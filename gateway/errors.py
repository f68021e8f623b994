"""The one error hierarchy: the peer's fault, ours, or passing. Retry policy hangs on the class, nowhere else."""

from __future__ import annotations

from protocols.errors import PeerFault

__all__ = ["GatewayFault", "OurFault", "PeerFault", "TransientFault", "UserFault"]


class GatewayFault(Exception):
    """Root of the faults on our side of the wire."""


class OurFault(GatewayFault):
    """A bug, or a store that is damaged: nothing more is acknowledged, the process ends, a person has to look."""


class TransientFault(GatewayFault):
    """Passing: a broker away, a disk busy or full. Tried again; meanwhile health is red and nothing is acknowledged."""


class UserFault(GatewayFault):
    """The user's input is wrong; the text says what and where. Commands exit with 2."""
