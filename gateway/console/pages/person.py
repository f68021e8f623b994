"""A person: where he is, how sure that is, on which basis; his nights, and the way to his track."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from starlette.responses import RedirectResponse
from starlette.routing import Route

from gateway.console.night_strip import strip
from gateway.console.pages.looking import alarm_id, hidden, person_of, purpose_of
from gateway.console.person_facts import Facts
from gateway.console.purposes import CHOICES, LONGEST, chosen, plain
from gateway.console.stretch import NoSuchDay, Stretch, asked, nights_before
from gateway.console.templating import language_of, page
from gateway.console.words.texts import text
from gateway.control.messages import Request as Question
from gateway.engine import CALLS
from gateway.errors import GatewayFault
from gateway.settings.model import Role
from gateway.words.alarm_list import STATES, state_of
from gateway.words.alarm_words import Words
from gateway.words.kind_names import KIND_NAMES

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.console.person_facts import Line, Placed
    from gateway.engine import Episode

NIGHTS: Final = 30
MOST_PAST: Final = 50
NOT_FOUND, UNREADABLE = 404, 422
TO: Final = "to"
WHY: Final = "why"
"""In an address: where to go once a purpose was said; there is one other page."""
FOR: Final = "for"
"""In an address: a purpose that somebody else has written down, to be confirmed before anything is shown."""


async def _person(request: Request) -> Response:
    person = await person_of(request, "place")
    why = hidden(request, person)
    if why == "hidden_protected" and (call := await _call_of(request, person)):
        return await _called(request, person, call)
    if why:
        return page(request, "person_hidden.html", person=person, why=why)
    try:
        stretch = stretch_of(request)
    except NoSuchDay as fault:
        return no_such_day(request, person, fault)
    purpose, proposed = await purpose_of(request, person), plain(request.query_params.get(FOR, ""))[:LONGEST]
    if not purpose or proposed:
        return _asked(request, person, said=proposed)
    await request.app.state.desk.audit.look(request.state.visitor, person, "place", purpose)
    return page(request, "person.html", **await _shown(request, person, stretch, purpose))


async def _call_of(request: Request, person: str) -> str:
    """The open call for help of somebody; empty: there is none."""
    alarms = await request.app.state.desk.readings.alarms_of(person)
    return next((one.id for one in alarms if one.kind in CALLS and not one.resolved), "")


async def _called(request: Request, person: str, call: str) -> Response:
    """Where a protected person is who asks for help: the last places alone, and the call is what the look is for."""
    desk = request.app.state.desk
    await desk.audit.look(request.state.visitor, person, "place", call)
    now = desk.clock.now()
    facts = Facts(desk.configuration, Words(language_of(request), desk.zone, now), person, now)
    places, heard = await _where(request, person, facts)
    return page(request, "person_called.html", person=person, call=call, places=places, heard=heard)


async def _purpose(request: Request) -> Response:
    """What a look is for, said; then the page that was wanted."""
    person = await person_of(request, "place")
    form, desk = await request.form(), request.app.state.desk
    county = desk.configuration.county.language
    purpose = chosen(form, {choice: text(county, f"purpose_{choice}").split("（")[0] for choice in CHOICES})
    if not purpose:
        return _asked(request, person, said=str(form.get("words", "")), missing=True)
    desk.purposes.keep(request.state.visitor.session, person, purpose)
    to = f"/{WHY}" if request.query_params.get(TO) == WHY else ""
    return RedirectResponse(f"{path_of(person)}{to}?{_without(request, TO)}".rstrip("?"), status_code=303)


def _asked(request: Request, person: str, *, said: str = "", missing: bool = False) -> Response:
    values = {"person": person, "said": said, "missing": missing, "query": _without(request, FOR), "choices": CHOICES}
    return page(request, "person_purpose.html", status=UNREADABLE if missing else 200, **values)


def _without(request: Request, name: str) -> str:
    """What stands behind the path of an address, without one of its parts."""
    return urlencode([(key, value) for key, value in request.query_params.multi_items() if key != name])


def path_of(person: str) -> str:
    """The page of a person."""
    return f"/person/{quote(person, safe='')}"


def stretch_of(request: Request) -> Stretch:
    """The stretch of the past that an address asks for.

    Raises:
        NoSuchDay: there is no such one.
    """
    desk = request.app.state.desk
    return asked(request.query_params, desk.zone, desk.clock.now(), desk.configuration.storage.keep_days)


def no_such_day(request: Request, person: str, fault: NoSuchDay) -> Response:
    """A page that says why there is nothing to show of a day."""
    days = request.app.state.desk.configuration.storage.keep_days
    values = {"person": person, "key": fault.key, "value": fault.value, "days": days}
    return page(request, "person_no_day.html", status=NOT_FOUND, **values)


async def _shown(request: Request, person: str, stretch: Stretch, purpose: str) -> dict[str, Any]:
    desk, language = request.app.state.desk, language_of(request)
    now = desk.clock.now()
    entry = desk.configuration.people[person]
    facts = Facts(desk.configuration, Words(language, desk.zone, now), person, now)
    nights = nights_before(desk.zone, now, min(NIGHTS, desk.configuration.storage.keep_days))
    presence = await desk.readings.presence(person, nights[0].since, now)
    presence += await desk.tracks.imported_nights(person, nights[0].since, now)
    alarms = await desk.readings.alarms_of(person)
    places, heard = await _where(request, person, facts)
    alarm = alarm_id(request) if purpose == alarm_id(request) else ""
    today = datetime.fromtimestamp(now, UTC).astimezone(desk.zone).date()
    return {
        "person": person, "entry": entry, "purpose": purpose, "places": places,
        "office": (await desk.contacts.offices()).labelled(entry.office, language),
        "heard": heard, "standing": facts.standing(), "nights": strip(nights, presence), "stretch": stretch,
        "today": today, "alarm": alarm, "open_alarms": _rows([one for one in alarms if not one.resolved], language),
        "past_alarms": _rows([one for one in alarms if one.resolved][-MOST_PAST:], language),
        "address": path_of(person), "map_source": source_of(person, stretch, alarm),
        "may_export": may_export(request, person), "is_leader": Role.LEADER in request.state.visitor.roles,
    }  # fmt: skip


def source_of(person: str, stretch: Stretch, alarm: str, part: str = "map.json") -> str:
    """Where a part of a person's page is to be had, of the same stretch and for the same purpose."""
    asked_for = [one for one in (stretch.query, f"alarm={quote(alarm, safe='')}" if alarm else "") if one]
    return f"{path_of(person)}/{part}" + (f"?{'&'.join(asked_for)}" if asked_for else "")


def may_export(request: Request, person: str) -> bool:
    """A leader, or an officer of the person's own office."""
    desk, visitor = request.app.state.desk, request.state.visitor
    own = Role.OFFICE in visitor.roles and visitor.office == desk.configuration.people[person].office
    return Role.LEADER in visitor.roles or own


async def _where(request: Request, person: str, facts: Facts) -> tuple[list[Placed] | None, list[Line]]:
    """The last known places in words, and when what is worn was heard; None: the daemon does not say."""
    try:
        answer = await request.app.state.desk.link.ask(Question(do="where", id=person), request.state.visitor)
    except GatewayFault:
        return None, []
    return [facts.placed(place) for place in answer["places"]], facts.heard(answer["devices"])


def _rows(alarms: list[Episode], language: str) -> list[dict[str, Any]]:
    """Alarms, the newest first."""
    return [
        {
            "id": one.id, "onset": one.onset, "severity": one.severity, "kind": KIND_NAMES[one.kind].of(language),
            "state": STATES[language][state_of(one)],
        }
        for one in reversed(alarms)
    ]  # fmt: skip


ROUTES: Final = (
    Route("/person/{person}", _person, name="person"),
    Route("/person/{person}/purpose", _purpose, methods=["POST"], name="person_purpose"),
)
