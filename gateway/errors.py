"""The one error hierarchy. The class says whether a fault passes by itself; retry policy hangs on it, nowhere else."""

from __future__ import annotations

from protocols.errors import PeerFault

__all__ = ["GatewayFault", "OurFault", "PeerFault", "TransientFault", "UserFault"]


class GatewayFault(Exception):
    """Root of the faults on our side of the wire."""


class OurFault(GatewayFault):
    """Does not pass: a bug, or a store that is damaged. A person has to look.

    On the data's way the process ends, and nothing more is acknowledged; whoever asked over a socket is told.
    """


class TransientFault(GatewayFault):
    """May pass with nothing changed: a broker away, a disk busy or full, a daemon that is just starting.

    On the data's way it is tried again; meanwhile health is red and nothing is acknowledged. A command ends with 1 and
    may be given again.
    """


class UserFault(GatewayFault):
    """The user's input is wrong; the text says what and where. Commands exit with 2."""
