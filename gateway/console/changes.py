"""What has changed since: told by the daemon once, passed on to every page that is open."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog

from gateway.errors import GatewayFault

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from gateway.console.link import Link

AGAIN = 1.0
"""Real seconds until the daemon is looked for again."""
MOST = 64
"""Kinds of news that wait for a page; one that reads no more is told that it missed some."""

log = structlog.get_logger()


@dataclass(slots=True)
class Told:
    """News for any number of pages.

    Attributes:
        here: whether what is shown goes on.
    """

    here: bool = True
    _pages: set[asyncio.Queue[str]] = field(default_factory=set)

    def tell(self, kind: str) -> None:
        """Tell every page that something of a kind is different."""
        for page in self._pages:
            if page.qsize() < MOST:
                page.put_nowait(kind)

    async def news(self) -> AsyncGenerator[str, None]:
        """Kinds of what changes from now on: ``alarms``, ``orders``, ``configuration`` or ``link``, each told once."""
        page: asyncio.Queue[str] = asyncio.Queue()
        self._pages.add(page)
        try:
            while True:
                kinds = {await page.get()}
                with suppress(asyncio.QueueEmpty):
                    while True:
                        kinds.add(page.get_nowait())
                for kind in sorted(kinds):
                    yield kind
        finally:
            self._pages.discard(page)


@dataclass(slots=True, kw_only=True)
class Changes(Told):
    """The news of the daemon.

    Attributes:
        link: where they come from.
        on_configuration: told the digest of the configuration in force.
        here: whether the daemon is there.
        now: the daemon's receive time when it last spoke, UTC epoch seconds; 0: not yet.
    """

    link: Link
    on_configuration: Callable[[str], None]
    here: bool = False
    now: float = 0.0

    async def run(self) -> None:
        """Follow the daemon, for ever."""
        while True:
            try:
                async with aclosing(self.link.follow()) as told:
                    async for news in told:
                        await self._take(news)
            except GatewayFault as fault:
                log.debug("the gateway is away", cause=str(fault))
            except Exception:  # pages must not stand still because of one piece of news
                log.exception("news could not be taken")
            self._set_here(here=False)
            await asyncio.sleep(AGAIN)

    async def _take(self, news: dict[str, Any]) -> None:
        self.now = float(news.get("now", self.now))
        digest = news.get("digest") or news.get("configuration")
        if digest:
            # It is read from disk and composed, which may take a second of a large county.
            await asyncio.to_thread(self.on_configuration, digest)
            self.tell("configuration")
        self._set_here(here=True)
        for kind in ("alarms", "orders"):
            if news.get(kind) or news.get("missed"):
                self.tell(kind)

    def _set_here(self, *, here: bool) -> None:
        if here is not self.here:
            self.here = here
            # Whatever was missed meanwhile is read anew.
            for kind in ("link", "alarms", "orders"):
                self.tell(kind)
