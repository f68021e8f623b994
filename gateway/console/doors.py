"""Who comes in: whoever is logged in, and with a form of ours whoever changes something."""

from __future__ import annotations

import secrets
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from gateway.console.accounts.screens import of_token
from gateway.console.accounts.sessions import csrf_of
from gateway.console.forms import TooLarge, read, shown_by
from gateway.console.templating import language_of
from gateway.console.visitor import COOKIE, Visitor
from gateway.console.words.texts import text
from gateway.settings.model import Role

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from gateway.console.accounts.screens import Screen

LOGIN: Final = "/login"
STATIC: Final = "/static/"
WALL: Final = "/wall"
"""Of counts alone, which a session shows on in which nobody has done anything for long."""
SCREEN: Final = "screen"
"""Cookie of a screen that hangs on a wall: it opens the wallboard alone."""
RING: Final = "/ring"
API: Final = "/api/"
"""Of programs, which show a token instead."""
SIGNED: Final = "/from-city/"
"""Beginning of the addresses of a city's desk, which shows a signature instead."""
OPEN: Final = (LOGIN, RING, STATIC, "/language", API)
"""Beginnings of paths for which nobody need be logged in."""
PASSWORD: Final = "/password"  # noqa: S105  a path
LOGOUT: Final = "/logout"
ALIVE: Final = "/alive"
FIRST: Final = (PASSWORD, LOGOUT, ALIVE, *OPEN)
"""The same for whoever has to change his password before anything else."""
DOOR: Final = "door"
"""Cookie of whoever is not in yet: his form follows from it."""
ITSELF: Final = "x-by-itself"
"""Header of a request that a page makes by itself."""
UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
UNAUTHORISED, FORBIDDEN, LARGE = 401, 403, 413


class Doors:
    """Puts the visitor into ``request.state.visitor``; whoever is nobody is led to the login.

    ``request.state.csrf`` is what the forms of the answer have to hold.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        if scope["path"].startswith(SIGNED):
            connection.state.visitor, connection.state.csrf = None, ""
            await self.app(scope, receive, send)
            return
        visitor = connection.state.visitor = await _visitor(connection)
        door = connection.state.door = connection.cookies.get(DOOR, "") or secrets.token_urlsafe()
        connection.state.csrf = visitor.csrf if visitor else csrf_of(door)
        stopped = _stopped(connection, visitor)
        if stopped is None and scope["method"] in UNSAFE:
            receive, stopped = await _checked(connection, receive)
        await (stopped or self.app)(scope, receive, send)


async def _visitor(connection: HTTPConnection) -> Visitor | None:
    visitor, is_wall = await _logged_in(connection), connection.url.path in (WALL, f"{WALL}/now")
    if visitor is None and is_wall:
        visitor = await _screen(connection)
    ip = connection.client.host if connection.client else ""
    return visitor and replace(visitor, ip=ip, language=language_of(connection))


async def _screen(connection: HTTPConnection) -> Visitor | None:
    """A screen on the wall, in the name of the leader who hung it, as long as he is one."""
    desk, token = connection.app.state.desk, connection.cookies.get(SCREEN, "")
    if not token:
        return None
    now = desk.entrance.sessions.clock.now()
    hung: Screen | None = await desk.books.ask(partial(of_token, token=token, now=now))
    by = None if hung is None else desk.configuration.staff.get(hung.by)
    if hung is None or by is None or Role.LEADER not in by.roles:
        return None
    return Visitor(hung.by, frozenset({Role.DUTY}), session=f"screen {hung.name}")


async def _logged_in(connection: HTTPConnection) -> Visitor | None:
    token = connection.cookies.get(COOKIE, "")
    if not token or connection.url.path.startswith(STATIC):
        return None
    by_hand = ITSELF not in connection.headers and connection.url.path != "/events"
    sessions = connection.app.state.desk.sessions
    visitor: Visitor | None = await sessions.visitor(token, by_hand=by_hand)
    if visitor is None and connection.url.path in (WALL, f"{WALL}/now"):
        visitor = await sessions.resting(token)
    return visitor


def _stopped(connection: HTTPConnection, visitor: Visitor | None) -> Response | None:
    """Where somebody is sent instead."""
    path = connection.url.path
    if visitor is None:
        return None if path.startswith(OPEN) else _led(connection, LOGIN)
    if visitor.must_change and not path.startswith(FIRST):
        return _led(connection, PASSWORD)
    return None


async def _checked(connection: HTTPConnection, receive: Receive) -> tuple[Receive, Response | None]:
    """The same body to be read once more; and the refusal, where the form is none of ours."""
    try:
        again, body = await read(receive)
    except TooLarge:
        return receive, PlainTextResponse(text(language_of(connection), "form_large"), status_code=LARGE)
    shown = await shown_by(connection, body)
    if secrets.compare_digest(shown.encode(), connection.state.csrf.encode()):
        return again, None
    return again, PlainTextResponse(text(language_of(connection), "form_forged"), status_code=FORBIDDEN)


def _led(connection: HTTPConnection, there: str) -> Response:
    """To a page; a part of a page is told to bring the whole window there. From the login one comes back."""
    back = _back(connection) if there == LOGIN else ""
    if back:
        there = f"{LOGIN}?next={quote(back, safe='')}"
    if "hx-request" in connection.headers:
        return Response(status_code=UNAUTHORISED, headers={"HX-Redirect": there})
    if connection.headers.get("accept", "").startswith("text/event-stream"):
        return Response(status_code=UNAUTHORISED)
    return RedirectResponse(there, status_code=303)


def _back(connection: HTTPConnection) -> str:
    """The page that somebody is on; empty: none of ours, or what cannot be asked for once more."""
    if "hx-request" not in connection.headers and connection.scope["method"] == "GET":
        return connection.url.path + (f"?{connection.url.query}" if connection.url.query else "")
    on = urlsplit(connection.headers.get("hx-current-url", connection.headers.get("referer", "")))
    return on._replace(scheme="", netloc="").geturl() if on.netloc == connection.url.netloc else ""
