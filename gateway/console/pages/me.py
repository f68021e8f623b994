"""One's own account: where one is logged in, the password, the second factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gateway.console.accounts import second_factor
from gateway.console.accounts.entrance import Outside
from gateway.console.accounts.own import Own
from gateway.console.doors import ALIVE, PASSWORD
from gateway.console.templating import page

if TYPE_CHECKING:
    from starlette.requests import Request

ME: Final = "/me"
REFUSED: Final = 403
BEFORE: Final = 303


async def _me(request: Request) -> Response:
    sessions = request.app.state.desk.entrance.sessions
    return page(request, "me.html", seats=await sessions.seats(request.state.visitor), people_now=sessions.clock.now())


async def _alive(_: Request) -> Response:
    """Somebody is still there, and still in: the doors have seen to it."""
    return Response(status_code=204)


async def _end_others(request: Request) -> Response:
    await _own(request).end_others(request.state.visitor)
    return RedirectResponse(ME, status_code=BEFORE)


async def _password(request: Request) -> Response:
    return _form(request)


async def _change(request: Request) -> Response:
    typed = await _typed(request, "password", "new", "again")
    try:
        await _own(request).change(request.state.visitor, *typed)
    except Outside as refused:
        return _form(request, REFUSED, refused)
    return RedirectResponse("/", status_code=BEFORE)


def _form(request: Request, status: int = 200, refused: Outside | None = None) -> Response:
    window = request.app.state.desk.configuration.console
    return page(request, "password.html", status=status, refused=refused, window=window)


async def _factor(request: Request) -> Response:
    return page(request, "factor.html", refused=None, picture="", secret="")


async def _offer(request: Request) -> Response:
    """Shows another second factor to whoever knows the password."""
    try:
        secret = await _own(request).renew(request.state.visitor, *await _typed(request, "password"))
    except Outside as refused:
        return page(request, "factor.html", status=REFUSED, refused=refused, picture="", secret="")
    return _offered(request, secret)


async def _prove(request: Request) -> Response:
    own = _own(request)
    try:
        await own.prove(request.state.visitor, *await _typed(request, "code"))
    except Outside as refused:
        return _offered(request, await own.offered(request.state.visitor), refused)
    return RedirectResponse(ME, status_code=BEFORE)


def _offered(request: Request, secret: str, refused: Outside | None = None) -> Response:
    county = request.app.state.desk.configuration.county.code
    uri = second_factor.uri(secret, request.state.visitor.number, county) if secret else ""
    picture = second_factor.picture(uri) if uri else ""
    return page(
        request, "factor.html", status=REFUSED if refused else 200, refused=refused, picture=picture, secret=secret
    )


def _own(request: Request) -> Own:
    return Own(request.app.state.desk.entrance)


async def _typed(request: Request, *names: str) -> list[str]:
    form = await request.form()
    return [str(form.get(name, "")) for name in names]


ROUTES: Final = (
    Route(ME, _me, name="me"),
    Route(ALIVE, _alive, name="alive"),
    Route("/me/sessions", _end_others, methods=["POST"], name="end_sessions"),
    Route("/me/factor", _factor, name="factor"),
    Route("/me/factor", _offer, methods=["POST"]),
    Route("/me/factor/code", _prove, methods=["POST"], name="factor_code"),
    Route(PASSWORD, _password, name="password"),
    Route(PASSWORD, _change, methods=["POST"]),
)
