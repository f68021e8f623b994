"""The command line's end of the control socket: one request, one reply, no event loop."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import msgspec

from gateway.control.address import socket_path
from gateway.control.messages import Reply, Request
from gateway.errors import TransientFault
from gateway.phrases import phrase

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 30.0
"""Seconds to wait for the daemon's answer; it answers after a commit."""


def ask(directory: Path, request: Request, patience: float = PATIENCE) -> Reply:
    """Ask the daemon whose state directory this is; it may take ``patience`` seconds.

    Raises:
        TransientFault: it is not running, or does not answer.
    """
    try:
        with socket.socket(socket.AF_UNIX) as connection, socket_path(directory) as address:
            connection.settimeout(patience)
            connection.connect(address)
            connection.sendall(msgspec.json.encode(request) + b"\n")
            line = connection.makefile("rb").readline()
    except OSError as fault:
        raise TransientFault(phrase("not_running", directory=directory)) from fault
    if not line:
        raise TransientFault(phrase("no_answer"))
    return msgspec.json.decode(line, type=Reply)
