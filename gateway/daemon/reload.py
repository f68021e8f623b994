"""Changed files of the county come into force beside the running gateway, whole or not at all.

What one person may do at the desk one may bring in by files. All else that people are judged by takes two: one
proposes, another of another role confirms what the files said then. A signal puts in force what was confirmed and is
still so. Sessions stay; what cannot change while the gateway runs is named.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
import structlog

from gateway.control.messages import Reply
from gateway.daemon.beside import beside
from gateway.daemon.reading import Held, is_still, read_apart
from gateway.engine import redrawn
from gateway.errors import GatewayFault, UserFault
from gateway.journal.controls import Reload
from gateway.journal.entries import EntryKind
from gateway.settings.differences import AT_RESTART, before_all, differing, for_two, shared, told
from gateway.settings.files import OVERLAY
from gateway.settings.model import Role
from gateway.settings.sources import digest
from gateway.words.draft_phrases import DRAFTS
from gateway.words.phrases import phrase, spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from gateway.control.messages import Request
    from gateway.control.rights import Caller
    from gateway.control.server import Answer
    from gateway.daemon.kept_start import KeptStart
    from gateway.daemon.reading import Read
    from gateway.daemon.swap import Swap
    from gateway.drafts.shelf import Proposal as DraftProposal
    from gateway.ports import Tell
    from gateway.settings.model import Configuration

    Write = Callable[[], Callable[[], None]]

SAME, WOULD, WAITS, CONFIRMED, IN_FORCE = "same", "would", "waits", "confirmed", "in_force"
"""How a reload stands: nothing is to change; it would; it waits for a second person, or for a signal; it is done."""
LEAST: Final = 8
"""Digits of a digest by which a proposal is named at least."""
SHOWN: Final = 12
"""Digits that are shown."""

log = structlog.get_logger()


class Proposal(NamedTuple):
    """What somebody proposed: the digest of the files' texts as they were, who did it, and what was read of them."""

    files: str
    by: str
    read: Read


class _Plan(NamedTuple):
    """What the files would bring: all of it, and what of it only the next start will."""

    read: Read
    wanted: Configuration
    files: str
    restart: tuple[str, ...]
    takes_two: bool
    changes: list[str]

    def entry(self, do: str, by: str = "", account: str = "") -> Reload:
        """What is journaled of it."""
        return Reload(do, self.files, self.wanted.digest, by, account)


@dataclass(slots=True)
class ReloadDesk:
    """Where changed files are proposed, confirmed and taken, one at a time.

    Attributes:
        path: the main file.
        kept: what the next start goes by.
        proposed: what waits for a second person. ``confirmed``: what waits for a signal.
        restart: parts that the files of the configuration in force have otherwise than the gateway goes by.
    """

    swap: Swap
    path: Path
    kept: KeptStart
    tell: Tell
    proposed: Proposal | None = None
    confirmed: Proposal | None = None
    restart: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    """Parts that came by a start, without a second person."""

    def answers(self) -> dict[str, Answer]:
        """By request."""
        return {"reload": self._reload, "reload_look": self._look, "reload_confirm": self._confirm}

    async def on_signal(self) -> None:
        """Take what was confirmed, if the files still say it; whatever is in the way is told in the log."""
        try:
            await self._signalled()
        except GatewayFault as fault:
            log.warning("the files are not taken; all stays as it was", signal="SIGHUP", why=spoken(fault, "en"))
        except Exception:
            log.exception("the files are not taken; all stays as it was")

    async def _signalled(self) -> None:
        async with self.swap.one:
            proposal = self.confirmed
            if proposal is None:
                raise UserFault(phrase("reload_unconfirmed"))
            plan = await self._plan(self.swap.in_force.configuration.county.language, proposal.read)
            _check_same(plan, proposal)
            await self._take(plan, plan.entry("taken"))

    async def _look(self, request: Request, caller: Caller) -> Reply:
        """What would change for whom, and who has proposed it, if anybody has."""
        del caller
        async with self.swap.one:
            plan = await self._plan(request.language, None if self.proposed is None else self.proposed.read)
            if plan.wanted.digest == self.swap.in_force.configuration.digest:
                return _reply(SAME, plan)
            if self.proposed is not None and self.proposed.files == plan.files:
                return _reply(WAITS, plan, self.proposed.by)
            return _reply(WOULD, plan)

    async def _reload(self, request: Request, caller: Caller) -> Reply:
        """Whoever goes meanwhile, what was begun is carried through."""
        return await asyncio.shield(self._asked(request, caller))

    async def _asked(self, request: Request, caller: Caller) -> Reply:
        async with self.swap.one:
            plan = await self._plan(request.language)
            if plan.wanted.digest == self.swap.in_force.configuration.digest:
                return _reply(SAME, plan)
            if not plan.takes_two:
                await self._take(plan, plan.entry("taken", caller.number, caller.account))
                return _reply(IN_FORCE, plan)
            await self._journal(plan, plan.entry("proposed", caller.number, caller.account))
            self.proposed = Proposal(plan.files, caller.number, plan.read)
            return _reply(WAITS, plan, caller.number)

    async def _confirm(self, request: Request, caller: Caller) -> Reply:
        return await asyncio.shield(self._seconded(request, caller))

    async def _seconded(self, request: Request, caller: Caller) -> Reply:
        async with self.swap.one:
            proposal = self._of(request.id)
            self._check_second(caller, proposal)
            plan = await self._plan(request.language, proposal.read)
            _check_same(plan, proposal)
            entry = plan.entry("confirmed", caller.number, caller.account)
            if not request.later:
                await self._take(plan, entry)
                return _reply(IN_FORCE, plan)
            await self._journal(plan, entry)
            self.proposed, self.confirmed = None, proposal
            return _reply(CONFIRMED, plan)

    async def drawn(
        self,
        changed: Mapping[str, str],
        who: DraftProposal,
        language: str,
        write: Callable[[], Callable[[], None]] | None = None,
    ) -> list[str]:
        """Bring in a draft's texts as files that one proposed and another confirmed; what changes for whom.

        Args:
            changed: the texts, by name, over those in force.
            who: the two.
            language: ``zh`` or ``en``; empty: the county's.
            write: puts them into the files, and gives what takes them back; None: somebody has.

        Raises:
            UserFault: the files say something else, besides; or they cannot be taken.
            OSError: they cannot be written. Nothing is in force, and no file has changed.
        """
        async with self.swap.one:
            running = self.swap.in_force.configuration
            if write is not None:
                plan = await self._plan(language)
                if plan.wanted.digest != running.digest or plan.restart:
                    raise UserFault(DRAFTS["draft_files_differ"])
            undo = None if write is None else await asyncio.to_thread(write)
            try:
                plan = await self._plan(language)
                self._check_drawn(plan, {**running.sources, **changed})
                await self._journal(plan, plan.entry("proposed", who.by, who.account))
                await self._take(plan, plan.entry("confirmed", who.confirmed_by, who.confirmed_account))
            except GatewayFault:
                if undo is not None and self.swap.in_force.configuration.digest == running.digest:
                    await asyncio.to_thread(undo)
                raise
            return plan.changes

    def _check_drawn(self, plan: _Plan, texts: Mapping[str, str]) -> None:
        if plan.wanted.digest == self.swap.in_force.configuration.digest:
            raise UserFault(DRAFTS["draft_not_written"])
        if plan.files != digest({name: text for name, text in texts.items() if name != OVERLAY}):
            raise UserFault(DRAFTS["draft_files_differ"])

    def _of(self, identity: str) -> Proposal:
        proposal = self.proposed
        if proposal is None or len(identity) < LEAST or not proposal.files.startswith(identity):
            raise UserFault(phrase("reload_unknown", value=identity))
        return proposal

    def _check_second(self, caller: Caller, proposal: Proposal) -> None:
        staff = self.swap.in_force.configuration.staff
        if caller.number == proposal.by:
            raise UserFault(phrase("reload_second", number=caller.number))
        if staff and (caller.number not in staff or Role.LEADER not in staff[caller.number].roles):
            raise UserFault(phrase("reload_leader", number=caller.number))

    async def _plan(self, language: str, known: Read | None = None) -> _Plan:
        """What the files say now, held against what is in force; ``known``: what was read of them before.

        Raises:
            UserFault: they are faulty, each fault with its place; or some of it takes a restart first.
        """
        running = self.swap.in_force.configuration
        spoken_in = language or running.county.language
        deeds = running.sources.get(OVERLAY, "")
        if known is not None and known.is_whole and await beside(is_still, known, self.path, deeds):
            read = known
        else:
            read = await read_apart(self.path, running, deeds, spoken_in, self.kept.held)
        return await beside(_planned, running, read, spoken_in)

    async def _take(self, plan: _Plan, entry: Reload) -> None:
        # Of parts that differ the next start has to read the files: what runs is not what they say.
        self.swap.keep = None if plan.restart else self.kept.keep
        read = plan.read
        self.kept.asked, self.kept.credentials = read.asked, read.credentials
        more = await read.drawn(self.swap.in_force.configuration)
        drawn = None if more is None else await beside(redrawn, self.swap.pipeline.policy, more, plan.wanted)
        await self.swap.put(plan.wanted, (EntryKind.RELOAD, entry), drawn=drawn)
        self.kept.held = Held(self.swap.in_force.configuration, read.told)
        self.proposed = self.confirmed = None
        self.restart = plan.restart
        self.alone = () if plan.takes_two else self.alone
        self.tell("reload", entry.do, do=entry.do, digest=entry.digest[:SHOWN], changes=len(plan.changes))

    async def _journal(self, plan: _Plan, entry: Reload) -> None:
        """Durable before it is answered, with the texts that it is about."""
        pipeline = self.swap.pipeline
        wanted, durable = plan.wanted, asyncio.get_running_loop().create_future()
        await pipeline.writers.journal.run(pipeline.journal.store_configuration, wanted.digest, wanted.sources)
        pipeline.intake.control(EntryKind.RELOAD, msgspec.json.encode(entry))
        pipeline.intake.when_durable(lambda: durable.set_result(None))
        pipeline.wake()
        await durable
        self.tell("reload", entry.do, do=entry.do, digest=entry.digest[:SHOWN])


def _planned(running: Configuration, read: Read, language: str) -> _Plan:
    if first := before_all(running, read.configuration):
        raise UserFault(phrase("reload_restart_first", parts=", ".join(first)))
    kept: dict[str, Any] = {name: getattr(running, name) for name in AT_RESTART}
    wanted = shared(running, replace(read.configuration, **kept))
    restart = tuple(name for name in differing(running, read.configuration) if name in AT_RESTART)
    takes_two = bool(for_two(running, wanted))
    return _Plan(read, wanted, read.files, restart, takes_two, told(running, wanted, language))


def _check_same(plan: _Plan, proposal: Proposal) -> None:
    if plan.files != proposal.files:
        raise UserFault(phrase("reload_changed", digest=proposal.files[:SHOWN]))


def _reply(state: str, plan: _Plan, by: str = "") -> Reply:
    """``by``: who has proposed what waits."""
    data = {
        "state": state, "by": by, "files": plan.files[:SHOWN], "configuration": plan.wanted.digest,
        "changes": plan.changes, "restart": list(plan.restart), "takes_two": plan.takes_two,
    }  # fmt: skip
    return Reply(ok=True, data=data)
