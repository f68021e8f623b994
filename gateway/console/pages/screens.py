"""Wall screens: a leader hangs the browser that he sits at, and takes any of them down from his desk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from gateway.console.accounts import screens
from gateway.console.accounts.screens import LASTS
from gateway.console.doors import SCREEN, WALL
from gateway.console.purposes import plain
from gateway.console.templating import language_of, page
from gateway.console.visitor import COOKIE
from gateway.console.words.texts import text
from gateway.settings.model import Role

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

SCREENS: Final = "/screens"
HUNG, DOWN = "screen_hung", "screen_down"
LONGEST: Final = 40
_FORBIDDEN, _UNREADABLE, _BEFORE = 403, 422, 303


async def _listed(request: Request) -> Response:
    _check(request)
    return await _page(request)


async def _hang(request: Request) -> Response:
    """This browser shows the wallboard from here on; who hangs it is out on it."""
    _check(request)
    desk, visitor = request.app.state.desk, request.state.visitor
    name = plain(str((await request.form()).get("name", "")))[:LONGEST]
    if not name:
        return await _page(request, text(language_of(request), "screen_unnamed"))
    await desk.audit.done(visitor.number, HUNG, name, visitor.ip)
    token = await desk.books.change(
        partial(screens.hang, name=name, by=visitor.number, now=desk.entrance.sessions.clock.now())
    )
    await desk.entrance.leave(visitor, request.cookies[COOKIE])
    answer = RedirectResponse(WALL, status_code=_BEFORE)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    answer.set_cookie(
        SCREEN, token, max_age=int(LASTS), path=WALL, httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return answer


async def _take_down(request: Request) -> Response:
    _check(request)
    desk, visitor = request.app.state.desk, request.state.visitor
    name = plain(str((await request.form()).get("name", "")))
    await desk.audit.done(visitor.number, DOWN, name, visitor.ip)
    await desk.books.change(partial(screens.take_down, name=name))
    return RedirectResponse(SCREENS, status_code=_BEFORE)


async def _page(request: Request, fault: str = "") -> Response:
    desk = request.app.state.desk
    now = desk.entrance.sessions.clock.now()
    rows = await desk.books.ask(partial(screens.listed, now=now))
    status = _UNREADABLE if fault else 200
    return page(
        request, "screens.html", status=status, rows=rows, fault=fault, people_now=now, lasts=LASTS, longest=LONGEST
    )


def _check(request: Request) -> None:
    if Role.LEADER not in request.state.visitor.roles:
        raise HTTPException(_FORBIDDEN)


ROUTES: Final = (
    Route(SCREENS, _listed, name="screens"),
    Route(SCREENS, _hang, methods=["POST"], name="screen_hang"),
    Route(f"{SCREENS}/down", _take_down, methods=["POST"], name="screen_down"),
)
