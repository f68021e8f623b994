"""The console as an ASGI application."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from gateway.console.doors import Doors
from gateway.console.headers import Headers
from gateway.console.pages.registry import ROUTES
from gateway.console.templating import page
from gateway.errors import GatewayFault
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import Lifespan

    from gateway.console.desk import Desk

FILES: Final = Path(__file__).parent / "static"
LEAST, LEVEL = 1024, 5
"""Bytes from which on an answer is compressed, and how hard. Lines of events are not; sessions are of this site alone,
so that nobody else can have a page made to learn from its length."""
_HEADINGS: Final = {403: "forbidden", 404: "not_found"}
_UNAVAILABLE, _FAILED = 503, 500

log = structlog.get_logger()


def application(desk: Desk) -> Starlette:
    """The pages of a county's desk; it follows the daemon as long as it runs."""
    return framed(desk, ROUTES, _living)


def framed(desk: object, routes: Sequence[BaseRoute], living: Lifespan[Starlette]) -> Starlette:
    """Pages within the doors, headers and words of a desk.

    Args:
        desk: what every page is made from: ``app.state.desk``.
        routes: the pages.
        living: what goes on as long as they are served.
    """
    app = Starlette(
        routes=[*routes, Mount("/static", StaticFiles(directory=FILES), name="static")],
        middleware=[
            Middleware(GZipMiddleware, minimum_size=LEAST, compresslevel=LEVEL),
            Middleware(Headers),
            Middleware(Doors),
        ],
        exception_handlers={HTTPException: _refused, GatewayFault: _faulty, Exception: _failed},
        lifespan=living,
    )
    app.state.desk = desk
    return app


@asynccontextmanager
async def _living(app: Starlette) -> AsyncIterator[None]:
    desk = app.state.desk
    going = [asyncio.create_task(each) for each in (desk.changes.run(), desk.audit.keep(desk.audit_days))]
    try:
        yield
    finally:
        for each in going:
            each.cancel()
        desk.trials.close()
        await desk.trials.over()
        desk.books.close()


async def _refused(request: Request, fault: Exception) -> Response:
    """A page that is not there, or not for this visitor; ``detail`` says why in words where there are any."""
    status = getattr(fault, "status_code", 404)
    heading = _HEADINGS.get(status, "failed")
    said = getattr(fault, "detail", "") if heading == "forbidden" else ""
    if said == HTTPStatus(status).phrase:
        said = ""
    return page(request, "fault.html", status=status, heading=heading, said=said)


async def _faulty(request: Request, fault: Exception) -> Response:
    """Something cannot be had now, or was refused, in words."""
    said = spoken(fault, request.state.visitor.language if request.state.visitor else "zh")
    return page(request, "fault.html", status=_UNAVAILABLE, heading="failed", said=said)


async def _failed(request: Request, fault: Exception) -> Response:
    log.error("a page failed", path=request.url.path, exc_info=fault)
    return page(request, "fault.html", status=_FAILED, heading="failed", said="")
