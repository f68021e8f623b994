"""What ends when: everybody's authorities, terms, orders and rules, and leave, the soonest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.routing import Route

from gateway.console.register_forms import offered
from gateway.console.templating import language_of, page
from gateway.dates.ends import days_left, ends, step_of
from gateway.words.alarm_words import Words
from gateway.words.date_words import COLUMNS, END_KINDS, NOTHING_ENDS, end_name, last_moment, reminder, review_day

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.dates.ends import End
    from gateway.settings.model import Person

WHAT: Final = "dates"


async def _dates(request: Request) -> Response:
    """Those that the visitor may see, narrowed to a kind and an office where the address says so."""
    desk, visitor, language = request.app.state.desk, request.state.visitor, language_of(request)
    people: dict[str, Person] = desk.configuration.people
    offices = sorted({one.office for one in people.values() if one.office and desk.may_see(visitor, one.person, WHAT)})
    if not offices:
        await desk.require(visitor, "", WHAT)
    kind, office = request.query_params.get("kind", ""), request.query_params.get("office", "")
    now = desk.clock.now()
    found = [
        one for one in ends(desk.configuration, now)
        if desk.may_see(visitor, one.person, WHAT) and kind in {"", one.kind} and office in {"", one.office}
    ]  # fmt: skip
    words = Words(language, desk.zone, now)
    return page(
        request, "dates.html", rows=[_row(one, people[one.person], words, now) for one in found], offices=offices,
        kinds=[(key, name.of(language)) for key, name in END_KINDS.items()], kind=kind, office=office,
        columns=[one.of(language) for one in COLUMNS], nothing=NOTHING_ENDS.of(language),
        extends="extend" in offered(visitor), with_minors=request.query_params.get("minors") == "1",
    )  # fmt: skip


def _row(one: End, person: Person, words: Words, now: float) -> dict[str, Any]:
    days = days_left(one.until, now)
    return {
        "end": one, "name": end_name(one.kind, one.what, words), "last": last_moment(one.kind, one.until, words),
        "days": days, "reminder": reminder(step_of(days), words.language), "minor": person.minor,
        "review": review_day(one.review, words),
    }  # fmt: skip


ROUTES: Final = (Route("/dates", _dates, name="dates"),)
