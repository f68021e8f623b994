"""Requests and replies of the control socket."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway.commands.wish import Wish
from gateway.engine.controls import Act

MOST = 65_536
"""Bytes of a request line."""


class Request(msgspec.Struct, frozen=True):
    """One request.

    ``do`` is status, act (with ``act``), command (``wish``), wait (``id``, ``seconds``), cancel (``id``), resend,
    pending (the unknown terminals), where (``id`` the person) or track (``id``, ``since``, ``until``: UTC epoch
    seconds).
    ``language``: of the reply's ``error``; empty: the county's.
    """

    do: str
    act: Act | None = None
    wish: Wish | None = None
    id: str = ""
    seconds: float = 0.0
    since: float = 0.0
    until: float = 0.0
    by: str = ""
    language: str = ""


class Reply(msgspec.Struct, frozen=True):
    """``ok`` tells whether it was done; ``error`` why not; ``data`` what was asked for."""

    ok: bool
    error: str = ""
    data: dict[str, Any] = {}
