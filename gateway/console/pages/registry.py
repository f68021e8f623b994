"""Every page there is: its routes, and its place in the menu."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from gateway.console.pages import events, help_page, language, login

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

ROUTES: Final[tuple[BaseRoute, ...]] = tuple(chain(help_page.ROUTES, language.ROUTES, login.ROUTES, events.ROUTES))
