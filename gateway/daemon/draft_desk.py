"""Zones drawn at the desk come in by two people: one proposes a draft that was tried, a leader confirms what he saw.

What is confirmed is written into the county's files and taken by the reload, as if one had proposed and the other
confirmed the files: journal, audit and history have both. Where this account may not write the files, somebody who may
does, and says so.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.control.messages import Reply
from gateway.drafts.apart import found_apart
from gateway.drafts.shelf import Proposal
from gateway.errors import UserFault
from gateway.settings.model import Role
from gateway.words.draft_phrases import DRAFTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from gateway.control.messages import Request
    from gateway.control.rights import Caller
    from gateway.control.server import Answer
    from gateway.daemon.reload import ReloadDesk
    from gateway.drafts.apart import Found
    from gateway.drafts.draft import Draft
    from gateway.drafts.shelf import DraftShelf, Kept
    from gateway.settings.model import Configuration

PROPOSED, CONFIRMED, IN_FORCE = "proposed", "confirmed", "in_force"
"""How a draft stands: it waits for a second person; or for its files; or it holds."""


@dataclass(frozen=True, slots=True)
class DraftDesk:
    """Where drafts are proposed and confirmed; who draws them keeps them on the shelf himself."""

    shelf: DraftShelf
    reloads: ReloadDesk
    now: Callable[[], float]

    def answers(self) -> dict[str, Answer]:
        """By request."""
        return {"draft_propose": self._propose, "draft_confirm": self._confirm, "draft_written": self._written}

    @property
    def _running(self) -> Configuration:
        return self.reloads.swap.in_force.configuration

    async def _propose(self, request: Request, caller: Caller) -> Reply:
        """A draft that has no faults and was tried on the past, as whoever asks was shown it."""
        kept = await asyncio.to_thread(self._shown, request)
        if kept.preview is None:
            raise UserFault(DRAFTS["draft_untried"])
        found = await self._found(kept.draft, request.language)
        if caller.within is not None and found.offices and found.offices != [caller.within]:
            raise UserFault(DRAFTS["draft_within"])
        proposal = Proposal(kept.draft.digest, caller.number, caller.account, self.now())
        await asyncio.to_thread(self.shelf.propose, kept.draft.id, proposal)
        return _reply(PROPOSED, kept.draft)

    async def _confirm(self, request: Request, caller: Caller) -> Reply:
        """Whoever goes meanwhile, what was begun is carried through."""
        return await asyncio.shield(self._seconded(request, caller))

    async def _seconded(self, request: Request, caller: Caller) -> Reply:
        kept = await asyncio.to_thread(self._shown, request)
        proposal = self._check_second(kept, caller)
        found = await self._found(kept.draft, request.language)
        proposal = msgspec.structs.replace(
            proposal, confirmed_by=caller.number, confirmed_account=caller.account
        )  # fmt: skip
        write = partial(_put, self.reloads.path.parent, found.changed)
        try:
            changes = await self.reloads.drawn(found.changed, proposal, request.language, write)
        except OSError as fault:
            await asyncio.to_thread(self.shelf.propose, kept.draft.id, proposal)
            return _reply(CONFIRMED, kept.draft, cause=fault.strerror or str(fault))
        return await self._over(kept.draft, found, changes)

    async def _written(self, request: Request, caller: Caller) -> Reply:
        """Somebody who may has written the files of a draft that was confirmed."""
        del caller
        return await asyncio.shield(self._brought(request))

    async def _brought(self, request: Request) -> Reply:
        kept = await asyncio.to_thread(self.shelf.of, request.id)
        if kept.proposal is None or not kept.proposal.confirmed_by:
            raise UserFault(DRAFTS["draft_not_confirmed"])
        found = await self._found(kept.draft, request.language)
        changes = await self.reloads.drawn(found.changed, kept.proposal, request.language)
        return await self._over(kept.draft, found, changes)

    async def _over(self, draft: Draft, found: Found, changes: list[str]) -> Reply:
        await asyncio.to_thread(self.shelf.drop, draft.id)
        self.reloads.tell("draft", IN_FORCE, zone=draft.zone)
        return _reply(IN_FORCE, draft, files=sorted(found.changed), changes=changes)

    def _shown(self, request: Request) -> Kept:
        kept = self.shelf.of(request.id)
        if not request.digest or kept.draft.digest != request.digest:
            raise UserFault(DRAFTS["draft_not_same"])
        return kept

    def _check_second(self, kept: Kept, caller: Caller) -> Proposal:
        """That a draft is proposed, by somebody else, and this one may confirm it."""
        proposal, staff = kept.proposal, self._running.staff
        if proposal is None:
            raise UserFault(DRAFTS["draft_not_proposed"])
        if caller.number == proposal.by:
            raise UserFault(DRAFTS["draft_second"].filled(number=caller.number))
        if staff and (caller.number not in staff or Role.LEADER not in staff[caller.number].roles):
            raise UserFault(DRAFTS["draft_leader"].filled(number=caller.number))
        return proposal

    async def _found(self, draft: Draft, language: str) -> Found:
        """A draft over what is in force, where it has no faults and was drawn over that zone.

        Raises:
            UserFault: it has; or somebody else's draft of the zone came first.
        """
        running = self._running
        if not draft.is_drawn:
            raise UserFault(DRAFTS["draft_unfinished"])
        spoken = language or running.county.language
        found = await asyncio.to_thread(found_apart, self.shelf.storage, draft.id, running.digest, spoken)
        if found.base != draft.base:
            raise UserFault(DRAFTS["draft_base"].filled(zone=draft.zone))
        if found.faults:
            raise UserFault(DRAFTS["draft_faulty"].filled(faults="; ".join(found.faults)))
        return found


def _put(directory: Path, changed: Mapping[str, str]) -> Callable[[], None]:
    from gateway.drafts.writing import put  # noqa: PLC0415  what is recalled at a start is not read

    return put(directory, changed)


def _reply(state: str, draft: Draft, **more: Any) -> Reply:  # noqa: ANN401  what is said besides
    return Reply(ok=True, data={"state": state, "id": draft.id, "zone": draft.zone, "rule": draft.rule, **more})
