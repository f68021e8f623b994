"""What the machine must give: a loopback address, source addresses with enough ports, descriptors."""

from __future__ import annotations

import ipaddress
import resource

from firmware_sim.load.options import LoadFault

PORTS_PER_SOURCE = 25_000
"""Connections from one address to one port; Linux has 28,232 ports to give, and others want some."""
OTHER_DESCRIPTORS = 64
"""For all that is not a connection of ours."""
_NAMES = {"localhost": "127.0.0.1"}


def loopback(host: str) -> str:
    """The address of a host on this machine.

    Raises:
        LoadFault: it is none.
    """
    try:
        address = ipaddress.ip_address(_NAMES.get(host, host))
    except ValueError:
        raise LoadFault(f"host {host}: neither an address nor localhost") from None
    if not address.is_loopback:
        raise LoadFault(f"host {host} is not this machine: load goes to loopback addresses only, such as 127.0.0.1")
    return str(address)


def sources(address: str, connections: int) -> list[str | None]:
    """Source addresses to be taken in turn; None alone: the system's choice, whose ports suffice.

    Raises:
        LoadFault: there are not so many ports.
    """
    wanted = -(-connections // PORTS_PER_SOURCE)
    if wanted <= 1:
        return [None]
    available = 254 if isinstance(ipaddress.ip_address(address), ipaddress.IPv4Address) else 1
    if wanted > available:
        most = available * PORTS_PER_SOURCE
        raise LoadFault(f"{connections} connections to {address}: only {most} can have a port of their own")
    return [f"127.0.0.{number}" for number in range(1, wanted + 1)]


def soft_limit_for(connections: int, soft: int, hard: int) -> int:
    """The soft limit of descriptors to set: what is needed, or the present one when that is enough.

    Raises:
        LoadFault: the hard limit is below it.
    """
    wanted = connections + OTHER_DESCRIPTORS
    if not _suffices(hard, wanted):
        raise LoadFault(
            f"{connections} connections need {wanted} descriptors, and the hard limit here is {hard}: raise it"
            f" (ulimit -Hn {wanted} as root, or nofile in /etc/security/limits.conf), or ask for at most"
            f" {max(hard - OTHER_DESCRIPTORS, 0)} connections"
        )
    return soft if _suffices(soft, wanted) else wanted


def _suffices(limit: int, wanted: int) -> bool:
    return limit == resource.RLIM_INFINITY or limit >= wanted


def provide_descriptors(connections: int) -> None:
    """Raise this process's soft limit of descriptors to what so many connections need.

    Raises:
        LoadFault: the hard limit is below it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft_limit_for(connections, soft, hard), hard))
