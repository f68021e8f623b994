"""The switch between Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.responses import RedirectResponse
from starlette.routing import Route

from gateway.console.templating import LANGUAGE_COOKIE, LANGUAGES, language_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

YEAR = 365 * 86_400


async def _switch(request: Request) -> Response:
    """To the other language, back to where one was."""
    other = LANGUAGES[1 - LANGUAGES.index(language_of(request))]
    came = urlsplit(request.headers.get("referer", ""))
    ours = came.netloc == request.url.netloc
    answer = RedirectResponse(came._replace(scheme="", netloc="").geturl() if ours else "/", status_code=303)
    answer.set_cookie(LANGUAGE_COOKIE, other, max_age=YEAR, samesite="lax", secure=request.url.scheme == "https")
    return answer


ROUTES: Final = (Route("/language", _switch, name="language"),)
