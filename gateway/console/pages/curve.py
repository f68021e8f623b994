"""The curve of an alarm: how probable its condition was, over time, against the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from gateway.console.alarm_curve import drawn, has_curve
from gateway.console.pages.acts import alarm_of
from gateway.console.pages.alarm_map import window
from gateway.console.pages.queue import sees_place
from gateway.console.templating import language_of
from gateway.errors import GatewayFault
from gateway.words.alarm_words import Words
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from starlette.requests import Request

_FORBIDDEN, _NOT_FOUND = 403, 404


async def _curve(request: Request) -> Response:
    """Of whoever may see the track: whether somebody was home can be read off it."""
    episode, desk, visitor = await alarm_of(request, "track"), request.app.state.desk, request.state.visitor
    if not sees_place(request, episode):
        raise HTTPException(_FORBIDDEN)
    if not has_curve(episode):
        raise HTTPException(_NOT_FOUND)
    await desk.audit.look(visitor, episode.person, "track", episode.id)
    now, language, timezone = desk.clock.now(), language_of(request), desk.configuration.county.timezone
    words = Words(language, desk.zone, now)
    try:
        past = await desk.tracks.of(visitor, episode.person, *window(episode, now))
        told = drawn(past.curves, episode, words, timezone)
    except GatewayFault as fault:
        told = drawn([], episode, words, timezone, spoken(fault, language))
    return Response(msgspec.json.encode(told), media_type="application/json")


ROUTES: Final = (Route("/alarm/{alarm}/curve.json", _curve, name="alarm_curve"),)
