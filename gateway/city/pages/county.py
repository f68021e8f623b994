"""One county: its unresolved alarms, those that were closed this month, and what was done about each. No places."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.routing import Route

from gateway.city.acts import standings
from gateway.city.figures import began
from gateway.city.pages.counties import WORST_FIRST
from gateway.console.accounts.sight import has_role_for
from gateway.console.act_forms import CODES
from gateway.console.templating import language_of, page
from gateway.console.words.texts import TEXTS, text
from gateway.words.kind_names import kind_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.city.acts import CityAct, Standing
    from gateway.city.desk import CityDesk
    from gateway.city.told import Alarm
    from gateway.settings.city import CityCounty

MOST_CLOSED: Final = 200
"""Of the closed ones, the latest."""
_NOT_FOUND: Final = 404


async def _county(request: Request) -> Response:
    desk, language = request.app.state.desk, language_of(request)
    await desk.require(request.state.visitor, "", "alarms")
    county = county_of(request)
    _, month = began(desk.clock.now(), desk.zone)
    tables = {
        "city_unresolved": sorted(await desk.store.unresolved(county.code), key=_urgency),
        "city_closed_month": await desk.store.closed(county.code, month, MOST_CLOSED),
    }
    alarms = [one for some in tables.values() for one in some]
    (line,) = [one for one in await desk.lines() if one.county.code == county.code]
    return page(
        request, "city/county.html", county=county, line=line, tables=tables, severities=WORST_FIRST,
        offices=await desk.contacts.offices(), kind=partial(kind_name, language=language),
        said=partial(said, language=language), refused=desk.intake.refused_of(county.code),
        asks=has_role_for(request.state.visitor, "track"), most=MOST_CLOSED,
        acts=has_role_for(request.state.visitor, "acts") and county.takes_acts, ours=await _ours(desk, county, alarms),
    )  # fmt: skip


async def _ours(
    desk: CityDesk, county: CityCounty, alarms: Iterable[Alarm]
) -> dict[str, list[tuple[CityAct, Standing]]]:  # fmt: skip
    """By alarm what was done from here, and how far each has come."""
    by_alarm: dict[str, list[CityAct]] = {}
    for act in await desk.store.acts(county.code):
        by_alarm.setdefault(act.alarm, []).append(act)
    now = desk.clock.now()
    return {one.id: standings(by_alarm[one.id], one, now) for one in alarms if one.id in by_alarm}


def _urgency(alarm: Alarm) -> int:
    """What is most severe comes first; of equals the oldest, as they are sorted already."""
    return WORST_FIRST.index(alarm.severity)


def county_of(request: Request) -> CityCounty:
    """The county that an address names.

    Raises:
        HTTPException: 404, there is none.
    """
    found: CityCounty | None = request.app.state.desk.configuration.counties.get(request.path_params["county"])
    if found is None:
        raise HTTPException(_NOT_FOUND)
    return found


def said(act: dict[str, Any], language: str) -> str:
    """What was done, in words; what a newer gateway does stays as it is called."""
    key = f"do_{act['do']}"
    words = [text(language, key) if key in TEXTS else str(act["do"])]
    for field, values in CODES.items():
        if field in act:
            words.append(values[act[field]].of(language) if act[field] in values else str(act[field]))
    return " · ".join([*words, *([str(act["to"])] if "to" in act else [])])


ROUTES: Final = (Route("/county/{county}", _county, name="county"),)
