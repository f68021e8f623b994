"""sd_notify(3): tell systemd that we are ready, alive, stopping. Nothing happens where systemd does not ask."""

from __future__ import annotations

import os
import socket


def notify(message: str) -> None:
    """Send one state, for example ``READY=1`` or ``WATCHDOG=1``, to the socket named in NOTIFY_SOCKET."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.connect("\0" + address[1:] if address.startswith("@") else address)
        channel.sendall(message.encode())
