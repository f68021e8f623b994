"""Where a session comes from, as its listener names it: ``203.0.113.9:4000``, ``[2001:db8::1]:4000``, a topic."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.settings.model import Network


def host_of(peer: str) -> str:
    """The peer without its port."""
    return peer.rpartition(":")[0].strip("[]")


def is_within(peer: str, networks: Sequence[Network]) -> bool:
    """Whether a peer comes from one of these networks; without any, or without an address of its own, it does."""
    return is_host_within(host_of(peer), networks)


def is_host_within(host: str, networks: Sequence[Network]) -> bool:
    """The same of a host alone. IPv4 that came by IPv6 is IPv4."""
    if not networks:
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return True
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in networks)
