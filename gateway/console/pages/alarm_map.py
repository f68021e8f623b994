"""The map of an alarm: where the wearer was around it, the zones that it is about, and the moment of decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from gateway.console.alarm_view import MARGIN
from gateway.console.map_layers import Drawing
from gateway.console.pages.acts import alarm_of
from gateway.console.pages.queue import sees_place
from gateway.console.row_words import number
from gateway.console.templating import language_of
from gateway.console.words.texts import text
from gateway.engine import Past
from gateway.errors import GatewayFault
from gateway.words.alarm_words import Words
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from starlette.requests import Request

    from gateway.console.map_layers import Layers
    from gateway.engine import Episode

LONGEST: Final = 43_200.0
"""Seconds of track on the map of an alarm: a night."""
_FORBIDDEN: Final = 403


async def _map(request: Request) -> Response:
    episode, desk, visitor = await alarm_of(request, "track"), request.app.state.desk, request.state.visitor
    if not sees_place(request, episode):
        raise HTTPException(_FORBIDDEN)
    if episode.person:
        await desk.audit.look(visitor, episode.person, "track", episode.id)
    words = Words(language_of(request), desk.zone, desk.clock.now())
    drawing, said = Drawing(desk.configuration, words), ""
    past = Past([])
    try:
        if episode.person:
            past = await desk.tracks.of(visitor, episode.person, *window(episode, desk.clock.now()))
    except GatewayFault as fault:
        said = spoken(fault, words.language)
    return Response(msgspec.json.encode(_layers(drawing, episode, past, said)), media_type="application/json")


def window(episode: Episode, now: float) -> tuple[float, float]:
    """The time around an alarm of which its map and its curve tell, UTC epoch seconds."""
    placed = number(episode, "placed")
    first = min(episode.onset, episode.onset if placed is None else placed) - MARGIN
    since = max(first, episode.decided - LONGEST + MARGIN)
    ended = now if episode.ended is None else episode.ended + MARGIN
    return since, min(max(ended, episode.decided), since + LONGEST)


def _layers(drawing: Drawing, episode: Episode, past: Past, said: str) -> Layers:
    people = [episode.person] if episode.person in drawing.configuration.people else []
    moment = None
    if episode.latitude is not None and episode.longitude is not None:
        at = number(episode, "placed")
        words = text(drawing.words.language, "alarm_moment", time=drawing.words.clock(episode.decided))
        radius = episode.radius_m or 0.0
        moment = drawing.spot(episode.latitude, episode.longitude, radius, at or episode.decided, words)
    return msgspec.structs.replace(drawing.layers(people, past), moment=moment, said=said)


ROUTES: Final = (Route("/alarm/{alarm}/map.json", _map, name="alarm_map"),)
