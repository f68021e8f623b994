"""Sheets of the office, by request: listed, shown, made, changed and signed. What is done is journaled first."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import msgspec

from gateway.control.messages import Reply
from gateway.control.rights import sees
from gateway.errors import TransientFault, UserFault
from gateway.journal.controls import PAPER_DOINGS, RENEW, PaperAct, printable
from gateway.papers.forms import FORMS
from gateway.papers.paper import digest_of
from gateway.papers.registry import MAKERS
from gateway.papers.rules import check
from gateway.papers.seen import Look, Seen
from gateway.papers.span import begins
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from gateway.control.messages import Request
    from gateway.control.offices import Offices
    from gateway.control.rights import Caller
    from gateway.control.server import Answer
    from gateway.engine import EngineState, Episode, Policy
    from gateway.journal.controls import PaperLine
    from gateway.papers.paper import Paper
    from gateway.store.state_db import StateStore
    from gateway.writer import Writer

LISTED: Final = 100
"""Sheets that are told at once."""
PATIENCE: Final = 20.0
"""Real seconds that a store which fails is waited for, less than whoever asks waits for us."""
BEFORE: Final = 7
"""Earlier sheets that a new one may look at."""
LOOKED_AT: Final = 20
"""Earlier ones among which it is looked whether one is still open."""


async def nobody_looked(since: float, until: float) -> Sequence[Look]:
    """Where there is no log of looks."""
    del since, until
    return ()


@dataclass(slots=True)
class PaperDesk:
    """The daemon's sheets.

    Attributes:
        view: what the engine knows, by what it goes by, and the receive time now.
        enter: journals an act, soon.
        episodes: alarms that somebody has to look at, and those closed or over since a time (UTC epoch seconds).
        looks: who looked at whose track between two times, UTC epoch seconds.
        patience: see :data:`PATIENCE`.
    """

    view: Callable[[], tuple[EngineState, Policy, float]]
    store: StateStore
    writer: Writer
    offices: Offices
    enter: Callable[[PaperAct], None]
    episodes: Callable[[float], Awaitable[Sequence[Episode]]]
    patience: float = PATIENCE
    looks: Callable[[float, float], Awaitable[Sequence[Look]]] = nobody_looked
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One act at a time: the next one sees what the one before has made of its sheet."""
    _awaited: dict[tuple[str, int], tuple[PaperAct, asyncio.Future[None]]] = field(default_factory=dict)

    def answers(self) -> dict[str, Answer]:
        """By request."""
        return {"papers": self._papers, "paper": self._paper, "paper_act": self._act}

    def committed(self, acts: Sequence[PaperAct]) -> None:
        """What was done is on disk: whoever waits is told.

        One that was given up may be stored all the same; whoever made the same revision meanwhile has not made it then.
        """
        for act in acts:
            awaited, future = self._awaited.pop((act.paper, act.revision), (act, None))
            if future is None or future.done():
                continue
            if awaited == act:
                future.set_result(None)
            else:
                future.set_exception(UserFault(phrase("paper_changed")))

    async def _papers(self, request: Request, caller: Caller) -> Reply:
        """Sheets of a form, the latest first, without their lines."""
        found = await self.writer.run(partial(self.store.papers.heads, request.kind, request.since, LISTED))
        mine = [{**msgspec.to_builtins(one), "lines": count} for one, count in found if sees(caller, one.office)]
        return Reply(ok=True, data={"papers": mine})

    async def _paper(self, request: Request, caller: Caller) -> Reply:
        return _told(await self._found(request.id, caller))

    async def _act(self, request: Request, caller: Caller) -> Reply:
        act = request.paper
        if act is None or act.do not in PAPER_DOINGS:
            raise UserFault(phrase("paper_doing", value="" if act is None else printable(act.do)))
        lines = tuple(map(_printable, act.lines))
        act = msgspec.structs.replace(
            act, by=caller.number, account=caller.account, note=printable(act.note), lines=lines
        )  # fmt: skip
        async with self._turn:
            return await (self._begin(act, caller) if act.do == "begin" else self._change(act, caller))

    async def _begin(self, act: PaperAct, caller: Caller) -> Reply:
        if act.form not in MAKERS:
            raise UserFault(phrase("paper_form", value=printable(act.form), known=", ".join(MAKERS)))
        makers = FORMS[act.form].makers
        if caller.roles is not None and not caller.roles & makers:
            raise UserFault(phrase("paper_maker", roles=", ".join(sorted(makers))))
        office = act.office if caller.within is None else caller.within
        state, policy, now = self.view()
        before = await self.writer.run(partial(self.store.papers.of_office, act.form, office, LOOKED_AT))
        if (standing := next((one for one in before if not one.frozen), None)) is not None:
            raise UserFault(phrase("paper_open", value=standing.id))
        until = act.until or now
        since = act.since or begins(act.form, before, policy.configuration, act.by, until)
        if not since < until <= now:
            raise UserFault(phrase("paper_times"))
        episodes = [one for one in await self.episodes(since) if office in {"", self.offices.of_alarm(one)}]
        looks = await self.looks(since, until) if FORMS[act.form].looks else ()
        seen = Seen(now, since, until, office, policy.configuration, episodes, state, policy, before[:BEFORE], looks)
        lines = tuple(MAKERS[act.form](seen))
        made = msgspec.structs.replace(act, office=office, since=since, until=until, facts={}, lines=lines)
        return _told(await self.begin(made))

    async def begin(self, act: PaperAct) -> Paper:
        """A new sheet of an act that says its form, office, times, facts and lines, who makes it, and maybe its id.

        Raises:
            TransientFault: it cannot be stored now; it may come later all the same.
        """
        identity = act.paper or secrets.token_hex(6)
        return await self._enter(msgspec.structs.replace(act, do="begin", paper=identity, revision=1))

    async def seal(self, identity: str, lines: Sequence[PaperLine], caller: Caller) -> Paper:
        """A sheet with lines of the gateway's own as they are now, and the caller's signature under just these.

        Raises:
            UserFault: it is not for him to sign, or signed already.
            TransientFault: it cannot be stored now; it may come later all the same.
        """
        async with self._turn:
            paper = await self._found(identity, caller)
            for do in (RENEW, "sign"):
                act = PaperAct(
                    identity, do, paper.revision + 1, caller.number, caller.account,
                    lines=tuple(lines) if do == RENEW else (), digest=digest_of(paper) if do == "sign" else "",
                )  # fmt: skip
                check(paper, act, caller.roles)
                paper = await self._enter(act)
        return paper

    async def _change(self, act: PaperAct, caller: Caller) -> Reply:
        found = await self._found(act.paper, caller)
        if act.do == "sign" and found.form not in MAKERS:
            raise UserFault(phrase("paper_signed_elsewhere"))
        check(found, act, caller.roles)
        self._check_people(act, caller)
        return _told(await self._enter(act))

    def _check_people(self, act: PaperAct, caller: Caller) -> None:
        """Lines name people by the number that they are registered under, and those of the caller's office alone."""
        for line in act.lines:
            office = self.offices.of_person(line.person)
            if line.person and not (office and sees(caller, office)):
                raise UserFault(phrase("paper_person", value=line.person))

    async def _enter(self, act: PaperAct) -> Paper:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._awaited[act.paper, act.revision] = act, future
        self.enter(act)
        try:
            async with asyncio.timeout(self.patience):
                await future
        except TimeoutError as fault:
            raise TransientFault(phrase("paper_unstored")) from fault
        after = await self.writer.run(partial(self.store.papers.one, act.paper))
        if after is None:
            raise UserFault(phrase("paper_unknown", value=act.paper))
        return after

    async def _found(self, identity: str, caller: Caller) -> Paper:
        found = await self.writer.run(partial(self.store.papers.one, identity))
        if found is None:
            raise UserFault(phrase("paper_unknown", value=printable(identity)))
        if not sees(caller, found.office):
            raise UserFault(phrase("paper_elsewhere", value=found.id))
        return found


def _printable(line: PaperLine) -> PaperLine:
    """A line as it may be shown: what somebody typed holds nothing that a screen obeys."""
    names = ("key", "section", "person", "alarm", "device", "zh", "en", "owner")
    said: dict[str, Any] = {name: printable(getattr(line, name)) for name in names}
    return msgspec.structs.replace(line, **said)


def _told(paper: Paper) -> Reply:
    """A sheet, and the digest that a signature stands under now."""
    return Reply(ok=True, data={"paper": msgspec.to_builtins(paper), "digest": paper.digest or digest_of(paper)})
