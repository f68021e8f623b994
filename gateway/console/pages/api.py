"""Alarms for programs: an office's own, by its token, each request in the audit log; and the documents that say how."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from gateway.console import read_api
from gateway.console.accounts import tokens
from gateway.decoded import plain_json
from gateway.store.state_db import StateStore

if TYPE_CHECKING:
    from starlette.requests import Request

    from gateway.console.accounts.tokens import Token

WHAT: Final = "api"
"""As the audit log calls it."""
REQUESTS, STRANGERS = 60, 10
"""Of one token, and of one address without a good one, in a window of :class:`gateway.console.pace.Pace`."""
TITLES: Final = {
    401: "no token, or none that is known", 404: "no such alarm of this office",
    422: "since is a number that an answer has told, or an ISO 8601 time with its zone", 429: "too many requests",
}  # fmt: skip


async def _alarms(request: Request) -> Response:
    """Events of the office's alarms since a number."""
    token = await _token(request)
    if isinstance(token, Response):
        return token
    readings = request.app.state.desk.readings
    since = read_api.since_of(request.query_params.get("since", "0"))
    if since is None:
        return _problem(422)
    if isinstance(since, float):
        since = await readings.ask(partial(StateStore.events_before, at=since))
    bodies, last = await readings.ask(
        partial(StateStore.events_of, office=token.office, since=since, count=read_api.MOST)
    )
    return _json({"events": [_shown(request, token, body) for body in bodies], "next": last})


async def _alarm(request: Request) -> Response:
    """The newest event of one alarm."""
    token = await _token(request)
    if isinstance(token, Response):
        return token
    body = await request.app.state.desk.readings.ask(
        partial(StateStore.newest_event, alarm=request.path_params["alarm"], office=token.office)
    )
    return _problem(404) if body is None else _json(_shown(request, token, body))


def _shown(request: Request, token: Token, body: bytes) -> dict[str, Any]:
    """An event as its reader may have it: places where the token has them, and they may be shown at all."""
    desk, event = request.app.state.desk, plain_json(body)
    known = desk.configuration.people.get(event["data"]["person"])
    is_closed = known is not None and (known.protected or desk.clock.now() >= known.term_until)
    shown: dict[str, Any] = event if token.places and not is_closed else read_api.placeless_event(event)
    return shown


async def _token(request: Request) -> Token | Response:
    """Whose request it is, once it stands in the audit log; else why it is not answered."""
    desk, ip = request.app.state.desk, request.client.host if request.client else ""
    scheme, _, said = request.headers.get("authorization", "").partition(" ")
    found = await desk.books.ask(partial(tokens.holder, token=said)) if scheme.lower() == "bearer" and said else None
    key, most = (f"token {found.name}", REQUESTS) if found else (f"from {ip}", STRANGERS)
    wait = desk.api_pace.wait(key, most)
    if wait:
        return _problem(429, {"Retry-After": str(int(wait) + 1)})
    if found is None:
        await desk.audit.failed("", WHAT, ip)
        return _problem(401, {"WWW-Authenticate": "Bearer"})
    query = f"?{request.url.query}" if request.url.query else ""
    await desk.audit.done(key, WHAT, f"{request.url.path}{query}", ip, office=found.office)
    token: Token = found
    return token


async def _openapi(request: Request) -> Response:
    return _json(read_api.openapi(request.app.state.desk.configuration.county.code))


async def _asyncapi(request: Request) -> Response:
    return _json(read_api.asyncapi(request.app.state.desk.configuration.county.code))


async def _schema(request: Request) -> Response:
    del request
    return _json(read_api.alarm_schema())


def _json(said: object) -> Response:
    return Response(msgspec.json.encode(said), media_type=read_api.MEDIA)


def _problem(status: int, headers: dict[str, str] | None = None) -> Response:
    said = read_api.Problem("about:blank", TITLES[status], status)
    return Response(msgspec.json.encode(said), status, headers, "application/problem+json")


ROUTES: Final = (
    Route(f"{read_api.BASE}/alarms", _alarms, name="api_alarms"),
    Route(f"{read_api.BASE}/alarms/{{alarm}}", _alarm, name="api_alarm"),
    Route(f"{read_api.BASE}/openapi.json", _openapi, name="openapi"),
    Route(f"{read_api.BASE}/asyncapi.json", _asyncapi, name="asyncapi"),
    Route(f"{read_api.BASE}/schemas/alarm.json", _schema, name="alarm_schema"),
)
