"""A city's desk as an ASGI application: its pages behind the doors, and beside them where counties post."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from gateway.city.figures import lines
from gateway.city.pages.registry import ROUTES
from gateway.city.posted import PATH, Posted
from gateway.city.subscribed import Subscribed
from gateway.console.app import framed
from gateway.errors import GatewayFault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette
    from starlette.types import ASGIApp, Receive, Scope, Send

    from gateway.city.desk import CityDesk
    from gateway.city.streamed import Streamed
    from gateway.settings.city import CityCounty

STEP: Final = 1.0
"""Real seconds between two looks whether a county is cut off."""
DAY: Final = 86_400.0
HOUR: Final = 3600.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TwoDoors:
    """One for people, and one for counties' gateways, who have signatures and no sessions."""

    pages: ASGIApp
    posts: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        is_post = scope["type"] == "http" and scope["path"].startswith(PATH)
        await (self.posts if is_post else self.pages)(scope, receive, send)


def city_application(desk: CityDesk) -> TwoDoors:
    """The pages of a city's desk, and its counties' way in; brokers are read as long as it runs."""
    posted = Posted(desk.configuration.counties, desk.intake)
    return TwoDoors(framed(desk, ROUTES, _living), posted.application())


@asynccontextmanager
async def _living(app: Starlette) -> AsyncIterator[None]:
    desk: CityDesk = app.state.desk
    city = desk.configuration.county.code
    counties = desk.configuration.counties.values()
    brokers = [Subscribed(one, city, desk.intake) for one in counties if one.broker]
    streams = [_streamed(desk, one) for one in counties if one.streams]
    works = [tell_who_is_cut(desk), forget(desk), *(one.run() for one in brokers), *(one.run() for one in streams)]
    going = [asyncio.create_task(each) for each in works]
    try:
        yield
    finally:
        for each in going:
            each.cancel()
        await asyncio.gather(*going, return_exceptions=True)
        desk.store.close()
        desk.books.close()


def _streamed(desk: CityDesk, county: CityCounty) -> Streamed:
    from gateway.city.streamed import Streamed  # noqa: PLC0415  few cities have streams, and their client loads long

    one = Streamed(county, desk.configuration.county.code, desk.intake)
    desk.ways[county.code] = one.wake
    return one


async def tell_who_is_cut(desk: CityDesk, step: float = STEP) -> None:
    """Tell the pages when a county is cut off, or heard again, for ever."""
    before: list[tuple[bool, bool]] = []
    while True:
        try:
            counties, heard = desk.configuration.counties.values(), await desk.store.heard()
            now = [(one.is_cut, one.is_healthy) for one in lines(counties, heard, {}, desk.clock.now())]
        except GatewayFault as fault:
            log.warning("counties could not be read", fault=str(fault))
        else:
            if now != before:
                desk.changes.tell("alarms")
            before = now
        await asyncio.sleep(step)


async def forget(desk: CityDesk, step: float = HOUR) -> None:
    """Drop what has been over for longer than alarms are kept, for ever."""
    while True:
        try:
            await desk.store.forget(desk.clock.now() - desk.configuration.alarm_days * DAY)
        except GatewayFault as fault:
            log.warning("alarms could not be forgotten", fault=str(fault))
        await asyncio.sleep(step)
