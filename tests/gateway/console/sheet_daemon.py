"""A daemon's sheets for a desk under test: real ones in its state.db, changed by the real rules."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from opened_desk import visitor

from gateway.control.messages import Reply
from gateway.errors import UserFault
from gateway.papers.paper import digest_of
from gateway.papers.rules import check
from gateway.store.state_db import Beside, StateStore
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.console.desk import Desk
    from gateway.control.messages import Request
    from gateway.journal.controls import PaperAct
    from gateway.papers.paper import Paper


@dataclass
class Sheets:
    """What is asked about sheets is answered as the daemon does; ``address``: of the pages, where they are served."""

    desk: Desk
    address: str = ""

    def put(self, *acts: PaperAct) -> None:
        with closing(self._store()) as store:
            store.commit([], [], 1, Beside(papers=[(self.desk.clock.now(), one) for one in acts]))

    def one(self, identity: str) -> Paper:
        with closing(self._store()) as store:
            found = store.papers.one(identity)
        assert found is not None
        return found

    @property
    def answers(self) -> dict[str, Callable[[Request], Any]]:
        return {"papers": self._papers, "paper": self._paper, "paper_act": self._act}

    def _store(self) -> StateStore:
        return StateStore(self.desk.readings.directory / "state.db")

    def _papers(self, request: Request) -> dict[str, Any]:
        with closing(self._store()) as store:
            found = store.papers.listed(request.kind, request.since, 100)
        return {"papers": [msgspec.to_builtins(one) | {"entries": [], "lines": len(one.entries)} for one in found]}

    def _paper(self, request: Request) -> dict[str, Any]:
        paper = self.one(request.id)
        return {"paper": msgspec.to_builtins(paper), "digest": digest_of(paper)}

    def _act(self, request: Request) -> Any:
        act = msgspec.structs.replace(request.paper, by=request.by)
        if act.do == "begin":
            self.put(msgspec.structs.replace(act, paper="new", until=self.desk.clock.now()))
            return self._paper(msgspec.structs.replace(request, id="new"))
        try:
            check(self.one(act.paper), act, visitor(request.by).roles)
        except UserFault as fault:
            return Reply(ok=False, error=spoken(fault, request.language), refused=True)
        self.put(act)
        return self._paper(msgspec.structs.replace(request, id=act.paper))
