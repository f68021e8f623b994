"""What the desk is for, what it is not for, and its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.routing import Route

from gateway.console.templating import page
from gateway.console.words.person_words import PERSON_KEYS
from gateway.console.words.queue import KEYS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def _help(request: Request) -> Response:
    return page(request, "help.html", keys=KEYS + PERSON_KEYS)


ROUTES: Final = (Route("/help", _help, name="help"),)
