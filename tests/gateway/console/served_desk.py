"""A desk that real browsers visit: its pages on a port of this machine, and a daemon that does what it is asked."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import uvicorn
from opened_desk import Daemon, daemon_of, stored

from gateway.console.app import application
from gateway.control.messages import Reply
from gateway.engine.act_lines import ActLine, FollowUp
from gateway.store.state_db import StateStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browser import Watched

    from gateway.console.desk import Desk
    from gateway.control.messages import Request
    from gateway.engine import Episode

WAIT = 60


@dataclass
class Served:
    """Pages at ``address``; what is stored is told to them as a daemon tells it."""

    desk: Desk
    address: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    daemon: Daemon | None = None
    loop: asyncio.AbstractEventLoop | None = None
    watched: Watched | None = None

    def tell(self, *episodes: Episode) -> None:
        """Alarms are so now, and the pages are told."""
        stored(self.desk, episodes)
        self._news({"alarms": [one.id for one in episodes]})

    def _news(self, news: dict[str, Any]) -> None:
        assert self.loop is not None
        assert self.daemon is not None
        self.loop.call_soon_threadsafe(self.daemon.news.put_nowait, news)

    def episode(self, identity: str) -> Episode:
        with closing(StateStore(self.desk.readings.directory / "state.db", read_only=True)) as store:
            found = store.episode(identity)
        assert found is not None
        return found

    def act(self, request: Request) -> Any:
        """As the engine does an act, as far as pages tell of it."""
        act, now = request.act, self.desk.clock.now()
        assert act is not None
        if act.do in {"close", "note"} and not act.note:
            return Reply(ok=False, error="须写明情况", refused=True)
        one = self.episode(act.alarm)
        deed = ActLine(
            now, request.by, act.do, one.revision + 1, act.outcome, act.verified_by, act.whom, act.result, act.at,
            act.expects, act.to, act.note, act.cause,
        )  # fmt: skip
        done: dict[str, dict[str, Any]] = {
            "acknowledge": {"acknowledged": now, "owner": request.by},
            "close": {"closed": now, "closed_by": request.by, "outcome": act.outcome},
            "assign": {"assigned": act.to},
            "follow_up": {"follow_up": FollowUp(act.at, act.expects, request.by)},
        }
        self.tell(
            msgspec.structs.replace(one, revision=one.revision + 1, acts=[*one.acts, deed], **done.get(act.do, {}))
        )
        return {}


@contextmanager
def served(desk: Desk, answers: dict[str, Any] | None = None) -> Iterator[Served]:
    """Serve a desk as long as this lasts, in a thread of its own; the daemon gives these answers besides."""
    one = Served(desk, answers=answers or {})
    with socket.create_server(("127.0.0.1", 0)) as listening:
        one.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        # Lines of events never end by themselves.
        config = uvicorn.Config(application(desk), log_config=None, access_log=False, timeout_graceful_shutdown=0)
        server, ready = uvicorn.Server(config), threading.Event()
        thread = threading.Thread(target=asyncio.run, args=(_serve(one, server, listening, ready),))
        thread.start()
        try:
            assert ready.wait(WAIT)
            yield one
        finally:
            server.should_exit = True
            thread.join(WAIT)


async def _serve(one: Served, server: uvicorn.Server, listening: socket.socket, ready: threading.Event) -> None:
    one.loop = asyncio.get_running_loop()
    async with daemon_of(one.desk, act=one.act, **one.answers) as daemon:
        one.daemon = daemon
        daemon.news.put_nowait({"digest": one.desk.configuration.digest, "now": one.desk.clock.now()})
        ready.set()
        await server.serve(sockets=[listening])
