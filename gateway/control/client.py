"""The command line's end of the control socket: one request, one reply, no event loop."""

from __future__ import annotations

import getpass
import socket
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.control.address import NAME, reachable
from gateway.control.messages import Reply, Request
from gateway.decoded import from_json
from gateway.errors import OurFault, TransientFault, UserFault
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gateway.words.texts import Text

DOOR = "cli"
"""As the audit log calls it."""
PATIENCE = 30.0
"""Seconds to wait for the daemon's answer; it answers after a commit."""


def ask(path: Path, request: Request, patience: float = PATIENCE) -> Reply:
    """Ask the daemon whose socket this is, or whose state directory; it may take ``patience`` seconds.

    Raises:
        UserFault: this account may not connect.
        TransientFault: it is not running, or does not answer.
    """
    try:
        with socket.socket(socket.AF_UNIX) as connection, reachable(_socket(path)) as address:
            connection.settimeout(patience)
            connection.connect(address)
            connection.sendall(msgspec.json.encode(msgspec.structs.replace(request, door=DOOR)) + b"\n")
            line = connection.makefile("rb").readline()
    except PermissionError as fault:
        raise UserFault(phrase("control_denied", account=getpass.getuser(), path=path)) from fault
    except OSError as fault:
        raise TransientFault(phrase("not_running", directory=path)) from fault
    if not line:
        raise TransientFault(phrase("no_answer"))
    return from_json(line, Reply)


def granted(reply: Reply, worded: Callable[[str], Text | str] = str) -> dict[str, Any]:
    """What was asked for; else the reply's error, as ``worded``.

    Raises:
        UserFault: it was refused.
        TransientFault: the gateway cannot do it now.
        OurFault: it failed at it.
    """
    if reply.ok:
        return reply.data
    raise (UserFault if reply.refused else TransientFault if reply.passes else OurFault)(worded(reply.error))


def _socket(path: Path) -> Path:
    return path / NAME if path.is_dir() else path
