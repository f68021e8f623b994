"""What a form carries, looked at before the page that it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection
    from starlette.types import Message, Receive

HEADER: Final = "x-csrf-token"
FIELD: Final = "csrf"
MOST: Final = 1 << 20
"""Bytes of a form."""


class TooLarge(Exception):
    """A form of more bytes than anybody types."""


async def read(receive: Receive) -> tuple[Receive, bytes]:
    """The body of a request, and how to read it once more.

    Raises:
        TooLarge: it is more than a form.
    """
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MOST:
            raise TooLarge
    return _again(bytes(body), receive), bytes(body)


def _again(body: bytes, then: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return waiting.pop() if waiting else await then()

    return receive


async def shown_by(connection: HTTPConnection, body: bytes) -> str:
    """What a request shows to be from one of our pages: the header, else the field; empty: nothing."""
    header = connection.headers.get(HEADER, "")
    if header:
        return header
    try:
        async with Request(connection.scope, _again(body, _nothing)).form() as form:
            shown = form.get(FIELD, "")
    except HTTPException:
        return ""
    return shown if isinstance(shown, str) else ""


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
