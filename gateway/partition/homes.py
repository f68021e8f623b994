"""Of which partition somebody is: a hash of county and id, so that nothing moves whatever the registers do."""

from __future__ import annotations

from hashlib import blake2b


def home_of(county: str, key: str, partitions: int) -> int:
    """The partition of a person, or of a device that nobody wears: BLAKE2b (RFC 7693) of 8 bytes, big-endian, modulo.

    Args:
        county: its code.
        key: the person's id, or the device's key.
        partitions: how many there are.

    Returns:
        0 <= partition < partitions.
    """
    digest = blake2b(f"{county}\n{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % partitions
