"""The door: coming in and going out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.responses import RedirectResponse
from starlette.routing import Route

from gateway.console.accounts.entrance import Knock, Outside
from gateway.console.doors import DOOR, LOGIN, LOGOUT
from gateway.console.templating import page
from gateway.console.visitor import COOKIE

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

REFUSED: Final = 403
BEFORE: Final = 303


async def _login(request: Request) -> Response:
    """The form; whoever is in already goes on."""
    if request.state.visitor:
        return RedirectResponse(_next(request.query_params.get("next", "")), status_code=BEFORE)
    return _form(request, next=request.query_params.get("next", ""))


async def _enter(request: Request) -> Response:
    form = await request.form()
    typed = {name: str(form.get(name, "")) for name in ("number", "password", "code", "next")}
    ip = request.client.host if request.client else ""
    knock = Knock(typed["number"], typed["password"], typed["code"], ip, request.cookies.get(COOKIE, ""))
    try:
        token = await request.app.state.desk.entrance.enter(knock)
    except Outside as refused:
        return _form(request, REFUSED, number=typed["number"], next=typed["next"], refused=refused)
    answer = RedirectResponse(_next(typed["next"]), status_code=BEFORE)
    answer.delete_cookie(DOOR, httponly=True, samesite="strict")
    _keep(request, answer, COOKIE, token)
    return answer


async def _leave(request: Request) -> Response:
    await request.app.state.desk.entrance.leave(request.state.visitor, request.cookies[COOKIE])
    answer = RedirectResponse(LOGIN, status_code=BEFORE)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def _form(request: Request, status: int = 200, **values: Any) -> Response:  # noqa: ANN401
    answer = page(request, "login.html", status=status, **{"number": "", "refused": None} | values)
    _keep(request, answer, DOOR, request.state.door)
    return answer


def _keep(request: Request, answer: Response, name: str, value: str) -> None:
    """A cookie for this browser's session, which no script reads and no other site sends."""
    answer.set_cookie(name, value, httponly=True, samesite="strict", secure=request.url.scheme == "https")


def _next(path: str) -> str:
    """A page of ours alone: two strokes would begin another host, whichever way they lean."""
    ours = path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable()
    return path if ours else "/"


ROUTES: Final = (
    Route(LOGIN, _login, name="login"),
    Route(LOGIN, _enter, methods=["POST"]),
    Route(LOGOUT, _leave, methods=["POST"], name="logout"),
)
