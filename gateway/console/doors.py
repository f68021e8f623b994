"""Who comes in: every page but those at the door is for somebody who is logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response

from gateway.console.visitor import COOKIE

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOGIN: Final = "/login"
OPEN: Final = (LOGIN, "/static/", "/language")
"""Beginnings of paths for which nobody need be logged in."""
UNAUTHORISED: Final = 401


class Doors:
    """Puts the visitor into ``request.state.visitor``; whoever is nobody is led to the login."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            connection = HTTPConnection(scope)
            token = connection.cookies.get(COOKIE, "")
            visitor = await connection.app.state.desk.sessions.visitor(token) if token else None
            connection.state.visitor = visitor
            if visitor is None and not scope["path"].startswith(OPEN):
                await _led(connection)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _led(connection: HTTPConnection) -> Response:
    """To the login; a part of a page is told to bring the whole window there."""
    back = connection.url.path + (f"?{connection.url.query}" if connection.url.query else "")
    if "hx-request" in connection.headers:
        return Response(status_code=UNAUTHORISED, headers={"HX-Redirect": LOGIN})
    return RedirectResponse(f"{LOGIN}?next={quote(back, safe='')}", status_code=303)
