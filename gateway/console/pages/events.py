"""What changes, told to a page that is open: server-sent events, named by the kind of what changed."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.routing import Route

from gateway.console.templating import page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.console.changes import Changes

PING = 15
"""Seconds between signs of life on a page's line."""


async def _events(request: Request) -> Response:
    return EventSourceResponse(_told(request.app.state.desk.changes), ping=PING)


async def _link(request: Request) -> Response:
    """Whether the daemon is there: the line above every page."""
    return page(request, "link.html")


async def _told(changes: Changes) -> AsyncIterator[ServerSentEvent]:
    async with aclosing(changes.news()) as news:
        async for kind in news:
            yield ServerSentEvent(event=kind, data=kind)


ROUTES: Final = (Route("/events", _events, name="events"), Route("/link", _link, name="link"))
