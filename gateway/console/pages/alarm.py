"""The page of one alarm: what it says, where, how sure, on which basis, and what was done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from starlette.routing import Route

from gateway.console.accounts.sight import has_role_for
from gateway.console.alarm_curve import has_curve
from gateway.console.alarm_view import basis, before, facts, lines, night_of, presence
from gateway.console.located import LOCATE, located
from gateway.console.pages.acts import alarm_of
from gateway.console.pages.queue import sees_place, why_no_place
from gateway.console.queue_rows import countdown, is_over, may_examine, office_words, owner_of
from gateway.console.row_words import follow_up_words, leave_words, stage_words
from gateway.console.templating import language_of, page
from gateway.settings.model import Role
from gateway.words.alarm_text import text_of
from gateway.words.alarm_words import Words
from gateway.words.change_texts import OUTCOMES
from gateway.words.kind_names import kind_name

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.engine import Episode
    from gateway.settings.offices import Offices

PRESENCE_KINDS: Final = ("curfew_late", "curfew_early_leave", "curfew_absent", "inclusion_exit", "repeated_place")
"""Alarms that presence says something of."""
RECENT: Final = 900.0
"""Seconds for which the answer to a locating is shown to whoever opens the alarm."""


async def _alarm(request: Request) -> Response:
    """The whole page; whoever sees a place on it, sees it because of this alarm."""
    episode = await alarm_of(request)
    if episode.person and sees_place(request, episode):
        await request.app.state.desk.audit.look(request.state.visitor, episode.person, "place", episode.id)
    return page(request, "alarm.html", **await _live_of(request, episode), **await _rest(request, episode))


async def _live(request: Request) -> Response:
    """What changes while the page is open."""
    episode, desk = await alarm_of(request), request.app.state.desk
    if episode.person and sees_place(request, episode):
        await desk.shown.tell(request.state.visitor, [(episode.person, episode.id)])
    return page(request, "alarm_live.html", **await _live_of(request, episode))


async def _live_of(request: Request, episode: Episode) -> dict[str, Any]:
    desk, visitor = request.app.state.desk, request.state.visitor
    await desk.seen.mark(visitor.number, {episode.id: episode.revision})
    language, now = language_of(request), desk.clock.now()
    words, sees_places = Words(language, desk.zone, now), sees_place(request, episode)
    return {
        "alarm": episode, "kind": kind_name(episode.kind, language),
        "who": who_of(episode, language, await desk.contacts.offices()),
        "text": _text(request, episode, now) if sees_places else "",
        "past_text": _text(request, _as_raised(episode), now, "raised") if sees_places and _is_past(episode) else "",
        "lines": lines(episode, words, await desk.readings.notices(episode.id)), "owner": owner_of(episode),
        "over": is_over(episode),
        "examines": Role.LEADER in visitor.roles and may_examine(episode),
        "answers": has_role_for(visitor, "acts"), "verify_by": countdown(episode), "sees_places": sees_places,
        "agreed": follow_up_words(episode, words, now), "stage": stage_words(episode, words),
        "outcome": OUTCOMES[episode.outcome].of(language) if episode.outcome else "",
        "leave": leave_words(episode, words),
    }  # fmt: skip


async def _rest(request: Request, episode: Episode) -> dict[str, Any]:
    desk, language = request.app.state.desk, language_of(request)
    now = desk.clock.now()
    words, night = Words(language, desk.zone, now), night_of(episode, now)
    others = await desk.readings.alarms_of(episode.person) if episode.person else []
    known = await desk.readings.presence(episode.person, *night) if episode.kind in PRESENCE_KINDS else []
    return {
        "facts": facts(episode, words, places=sees_place(request, episode)),
        "basis": basis(episode, desk.configuration, words), "before": before(episode, others, language),
        "night": night, "presence": presence(known, episode.rule), "judges_presence": episode.kind in PRESENCE_KINDS,
        "has_curve": has_curve(episode), "why_no_place": why_no_place(request, episode),
        "order": await _order_of(request, episode), "map_source": f"/alarm/{episode.id}/map.json",
    }  # fmt: skip


async def _order_of(request: Request, episode: Episode) -> str:
    """The last locating of what the alarm's wearer has on, where it is recent: its answer may still be of use."""
    desk, now = request.app.state.desk, request.app.state.desk.clock.now()
    device = located(episode, desk.configuration, now)
    if not device or not sees_place(request, episode):
        return ""
    orders = await desk.readings.orders(device)
    recent = [one for one in orders if one.command.kind == LOCATE and one.issued >= now - RECENT]
    return recent[-1].command.id if recent else ""


def who_of(episode: Episode, language: str, offices: Offices) -> str:
    """Whom an alarm is about, and whose office that is."""
    return (episode.person or episode.device) + office_words(episode, language, offices)


def _text(request: Request, episode: Episode, now: float, change: str = "") -> str:
    county = request.app.state.desk.configuration.county
    # What was done stands in lines of its own.
    alone = msgspec.structs.replace(episode, acts=[], notes=[], follow_up=None)
    return text_of(alone, change, county.timezone, county.maps, now).of(language_of(request))


def _is_past(episode: Episode) -> bool:
    return episode.ended is not None or is_over(episode)


def _as_raised(episode: Episode) -> Episode:
    return msgspec.structs.replace(episode, ended=None, closed=None, retracted=False)


ROUTES: Final = (
    Route("/alarm/{alarm}", _alarm, name="alarm"), Route("/alarm/{alarm}/live", _live, name="alarm_live"),
)  # fmt: skip
