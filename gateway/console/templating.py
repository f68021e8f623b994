"""Pages out of templates: texts in the visitor's language, times and durations as people say them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

import jinja2
from starlette.responses import HTMLResponse

from gateway.clock import iso
from gateway.console.accounts.sight import has_role_for
from gateway.console.words.texts import text
from gateway.words.alarm_words import Words

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection, Request

TEMPLATES: Final = Path(__file__).parent / "templates"
LANGUAGE_COOKIE: Final = "language"
LANGUAGES: Final = ("zh", "en")

ENVIRONMENT: Final = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip


def dialled(number: str) -> str:
    """A telephone number as an address to be called (RFC 3966: digits, plus and visual separators, no blanks)."""
    return f"tel:{''.join(number.split())}"


ENVIRONMENT.globals |= {"iso": iso, "fresh_id": partial(token_hex, 16), "dialled": dialled}


def language_of(request: HTTPConnection) -> str:
    """The language of a page: the visitor's switch, else the county's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    county: str = request.app.state.desk.configuration.county.language
    return county


def page(request: Request, template: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401
    """A page, or a part of one, filled with ``values``; every template also knows what :func:`_common` gives."""
    filled = ENVIRONMENT.get_template(template).render(**_common(request), **values)
    return HTMLResponse(filled, status_code=status)


def _common(request: Request) -> dict[str, Any]:
    """``t(key, ...)``: a text of the console; ``words``: times, durations, distances; who looks, and at what time."""
    desk, language = request.app.state.desk, language_of(request)
    now = desk.clock.now()
    return {
        "t": partial(text, language), "language": language, "words": Words(language, desk.zone, now), "now": now,
        "visitor": request.state.visitor, "csrf": request.state.csrf, "desk": desk, "here": desk.changes.here,
        "sees": partial(has_role_for, request.state.visitor),
        "path": request.url.path,
    }  # fmt: skip
