"""Why no alarm was raised of a person at a time: the rules of then, the evidence, and what would have changed it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from starlette.responses import RedirectResponse
from starlette.routing import Route

from gateway.console.pages.looking import alarm_id, hidden, person_of, purpose_of
from gateway.console.pages.person import TO, WHY, path_of
from gateway.console.templating import language_of, page
from gateway.console.why_none import shown
from gateway.errors import GatewayFault
from gateway.words.alarm_words import Words
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

DAY: Final = 86_400.0
UNREADABLE: Final = 422


async def _why(request: Request) -> Response:
    """Of whoever may see the track, for a purpose; each look is one at the evidence of a judgement."""
    person = await person_of(request, "track")
    if hidden(request, person):
        return page(request, "person_hidden.html", person=person, why=hidden(request, person))
    purpose, desk = await purpose_of(request, person), request.app.state.desk
    if not purpose:
        asked = urlencode([*request.query_params.multi_items(), (TO, WHY)])
        return RedirectResponse(f"{path_of(person)}?{asked}", status_code=303)
    said = request.query_params.get("at", "")
    at = _moment(request, said) if said else desk.clock.now()
    if at is None:
        return page(request, "why.html", status=UNREADABLE, **_form(request, person, said), found=[], no_time=said)
    await desk.audit.look(request.state.visitor, person, "explain", purpose)
    return page(request, "why.html", **await _told(request, person, at), no_time="")


def _moment(request: Request, said: str) -> float | None:
    """A local time as a form says it, where something of it is kept; else None."""
    desk = request.app.state.desk
    now, days = desk.clock.now(), desk.configuration.storage.keep_days
    try:
        at = datetime.fromisoformat(said).replace(tzinfo=desk.zone).timestamp()
    except (ValueError, OverflowError):
        return None
    return at if now - days * DAY <= at <= now else None


async def _told(request: Request, person: str, at: float) -> dict[str, Any]:
    desk, language = request.app.state.desk, language_of(request)
    local = datetime.fromtimestamp(at, UTC).astimezone(desk.zone).replace(tzinfo=None).isoformat(timespec="minutes")
    told = _form(request, person, local)
    try:
        found = await desk.tracks.explained(request.state.visitor, person, told["rule"], at)
    except GatewayFault as fault:
        return told | {"found": [], "failed": spoken(fault, language)}
    words = Words(language, desk.zone, desk.clock.now())
    return told | {"found": [shown(one, words) for one in found]}


def _form(request: Request, person: str, at: str) -> dict[str, Any]:
    """What is asked: when, and of which of the person's rules (empty: of all)."""
    mine = [one.id for one in request.app.state.desk.configuration.rules if person in one.people]
    rule = request.query_params.get("rule", "")
    return {
        "person": person, "address": path_of(person), "at": at, "rules": mine, "failed": "",
        "rule": rule if rule in mine else "", "alarm": alarm_id(request),
    }  # fmt: skip


ROUTES: Final = (Route("/person/{person}/why", _why, name="why"),)
