"""Who is at the other end of a Unix socket, as the kernel tells it: nothing a client says can change that."""

from __future__ import annotations

import os
import pwd
import socket
import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import asyncio

_CREDENTIALS = struct.Struct("3i")
"""Process, user, group."""


class Peer(NamedTuple):
    """The account that connected; ``owner``: root, or the one the daemon itself runs under."""

    account: str
    owner: bool


def peer_of(writer: asyncio.StreamWriter) -> Peer:
    """Who connected; the user's number where the system has no name for it."""
    end = writer.get_extra_info("socket")
    _, user, _ = _CREDENTIALS.unpack(end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
    try:
        account = pwd.getpwuid(user).pw_name
    except KeyError:
        account = f"uid {user}"
    return Peer(account, user in (0, os.geteuid()))
