"""A stretch of a person's track: for the map and the playback, and as a file to take along."""

from __future__ import annotations

import asyncio
import math
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.console.map_layers import Drawing, Layers
from gateway.console.pages.looking import hidden, person_of, purpose_of
from gateway.console.pages.person import may_export, no_such_day, stretch_of
from gateway.console.purposes import plain
from gateway.console.stay_words import StayWords
from gateway.console.stretch import NoSuchDay
from gateway.console.templating import language_of, page
from gateway.console.words.texts import text
from gateway.control.messages import Request as Question
from gateway.errors import GatewayFault
from gateway.replay.stays import stays_of
from gateway.settings.model import Role
from gateway.words.alarm_words import Words
from gateway.words.track_formats import Track, csv_of, geojson_of, gpx_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from gateway.console.map_layers import Spot
    from gateway.console.stretch import Stretch
    from gateway.engine import Past

FORBIDDEN, NOT_FOUND, UNREADABLE = 403, 404, 422
LONGEST_PURPOSE: Final = 120
SAME: Final = 1.0
"""Seconds within which two times of a fix are the same: the daemon tells whole ones."""
FORMATS: Final[dict[str, tuple[str, Callable[[Track, str], str]]]] = {
    "gpx": ("application/gpx+xml", gpx_of),
    "csv": ("text/csv; charset=utf-8", csv_of),
    "geojson": ("application/geo+json", geojson_of),
}


async def _map(request: Request) -> Response:
    """What the map of a person shows; without a purpose nothing."""
    person = await person_of(request, "track")
    why, purpose = hidden(request, person), await purpose_of(request, person)
    if why or not purpose:
        return JSONResponse({"said": text(language_of(request), why or "purpose_lead")}, status_code=FORBIDDEN)
    try:
        stretch = stretch_of(request)
    except NoSuchDay as fault:
        days = request.app.state.desk.configuration.storage.keep_days
        return JSONResponse({"said": text(language_of(request), fault.key, value=fault.value, days=days)}, NOT_FOUND)
    desk, visitor = request.app.state.desk, request.state.visitor
    await desk.audit.look(visitor, person, "track", purpose)
    past = await desk.tracks.of(visitor, person, stretch.since, stretch.until)
    layers = await _layers(request, person, past)
    if stretch.day is None:
        layers = msgspec.structs.replace(layers, moment=await _latest(request, person, past))
    return Response(msgspec.json.encode(layers), media_type="application/json")


async def _latest(request: Request, person: str, past: Past) -> Spot | None:
    """The last place, as the daemon knows it, where it is newer than what is stored; else None."""
    desk, language = request.app.state.desk, language_of(request)
    try:
        answer = await desk.link.ask(Question(do="where", id=person), request.state.visitor)
    except GatewayFault:
        return None
    newest = past.fixes[-1].time if past.fixes else -math.inf
    for place in answer["places"]:
        at = datetime.fromisoformat(place["time"]).timestamp()
        if at > newest + SAME:
            words = Words(language, desk.zone, desk.clock.now())
            radius, (longitude, latitude) = place["radius95_m"], place["position"]["coordinates"]
            said = text(language, "map_latest", time=words.clock(at, seconds=True), radius=words.distance(radius))
            return Drawing(desk.configuration, words).spot(latitude, longitude, radius, at, said)
    return None


async def _layers(request: Request, person: str, past: Past) -> Layers:
    desk, language = request.app.state.desk, language_of(request)
    drawing, t = Drawing(desk.configuration, Words(language, desk.zone, desk.clock.now())), partial(text, language)
    said = t("map_count", count=len(past.told)) if past.told else t("map_nothing")
    more = t("map_more", most=len(past.fixes)) if past.cut else ""
    registered = await desk.tracks.registered()

    def drawn() -> Layers:
        layers, rests = drawing.layers([person], past), stays_of(past.fixes, registered)
        stays = StayWords(desk.configuration, drawing.words, person).told(rests)
        places = drawing.registered(registered, past.fixes)
        return msgspec.structs.replace(layers, places=places, stays=stays, said=said + more)

    return await asyncio.to_thread(drawn)


async def _export(request: Request) -> Response:
    """What is shown, as a file: for a leader or the person's own office, with a purpose, each in the audit log."""
    given = await granted(request, {"export_format": lambda form: form.get("format") not in FORMATS})
    return given if isinstance(given, Response) else await _file(request, given)


class Granted(NamedTuple):
    """Of whom what stretch may be taken along, what for, and what else a form said."""

    person: str
    stretch: Stretch
    purpose: str
    form: dict[str, str]


async def granted(request: Request, faults: Mapping[str, Callable[[dict[str, str]], bool]]) -> Granted | Response:
    """What a form asks to take along of a person, where that is for the visitor; its purpose stands in the audit log.

    Args:
        request: to a path with a person in it.
        faults: what else may be wrong with the form, by a key of the texts.

    Returns:
        What was granted, or the page that says why it was not.

    Raises:
        HTTPException: 403, not for him, or nothing of the person is to be shown; 404, there is no such person.
    """
    person = await person_of(request, "track")
    if hidden(request, person):
        raise HTTPException(FORBIDDEN, text(language_of(request), hidden(request, person)))
    desk, visitor = request.app.state.desk, request.state.visitor
    if not may_export(request, person):
        await desk.audit.note(visitor, person, "export", "")
        raise HTTPException(FORBIDDEN, text(language_of(request), "export_who"))
    try:
        stretch = stretch_of(request)
    except NoSuchDay as fault:
        return no_such_day(request, person, fault)
    form = {name: str(value) for name, value in (await request.form()).items()}
    refused = next((key for key, holds in faults.items() if holds(form)), "") or _refused(request, person, form)
    if refused:
        said = {"person": person, "key": refused, "query": request.url.query, "words_said": form.get("words", "")}
        return page(request, "person_export_refused.html", status=UNREADABLE, **said)
    purpose = plain(form["words"])[:LONGEST_PURPOSE]
    await desk.audit.look(visitor, person, "export", purpose)
    return Granted(person, stretch, purpose, form)


def _refused(request: Request, person: str, form: dict[str, str]) -> str:
    """Why nothing is to be taken along, as a key of the texts; empty: it is."""
    desk, visitor = request.app.state.desk, request.state.visitor
    confirmed = Role.LEADER in visitor.roles and form.get("minor") == "1"
    reasons = {
        "export_no_words": not plain(form.get("words", "")),
        "export_minor": desk.configuration.people[person].minor and not confirmed,
    }
    return next((key for key, holds in reasons.items() if holds), "")


def mark_of(request: Request, purpose: str) -> str:
    """Who took it along, when and what for."""
    desk, visitor, language = request.app.state.desk, request.state.visitor, language_of(request)
    at = Words(language, desk.zone).clock(desk.clock.now(), seconds=True)
    return text(language, "export_mark", by=visitor.number, at=at, purpose=purpose)


def drilled(request: Request, mark: str = "") -> str:
    """A mark as it stands on what is taken along: in a drill it says first that nothing of it is real."""
    drill = text(language_of(request), "drill") if request.app.state.desk.drill else ""
    return " · ".join(filter(None, (drill, mark)))


async def _file(request: Request, given: Granted) -> Response:
    desk, visitor, language = request.app.state.desk, request.state.visitor, language_of(request)
    past = await desk.tracks.of(visitor, given.person, given.stretch.since, given.stretch.until)
    track = Track(given.person, past.fixes, desk.configuration.county.maps, desk.zone, language)
    mark = drilled(request, mark_of(request, given.purpose))
    media, written = FORMATS[given.form["format"]]
    name = f"{given.person}-{track.clock(given.stretch.since)[:5]}.{given.form['format']}"
    quoted = "".join(sign if sign.isascii() and (sign.isalnum() or sign in ".-") else "_" for sign in name)
    headers = {"Content-Disposition": f'attachment; filename="{quoted}"'}
    return Response(written(track, mark), media_type=media, headers=headers)


ROUTES: Final = (
    Route("/person/{person}/map.json", _map, name="person_map"),
    Route("/person/{person}/export", _export, methods=["POST"], name="person_export"),
)
