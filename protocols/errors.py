"""Faults of the peer: bytes that cannot be what they claim to be. And orders that a wire cannot carry."""

from __future__ import annotations


class PeerFault(Exception):
    """The other side sent something wrong; it is refused, counted under ``reason``, and the listener goes on.

    Attributes:
        reason: a short stable word (``bad_checksum``, ``bad_escape`` ...): the name of the counter.
        detail: what was wrong, in one clause, free of bytes taken from the peer.
    """

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}")


class OrderFault(Exception):
    """The order cannot be given on this wire; the text says why and what can, for the officer to read."""


class ProfileFault(Exception):
    """A model profile cannot be used beside the others.

    Attributes:
        profile: its name.
        field: the key of it that is wrong.
        detail: what is wrong and what may be written, for the officer to read.
    """

    def __init__(self, profile: str, field: str, detail: str) -> None:
        self.profile = profile
        self.field = field
        self.detail = detail
        super().__init__(f"profile {profile}: {field}: {detail}")
