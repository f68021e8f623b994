"""Where one person orders that somebody's places are erased, and a second one confirms it; what stands against it.

It is for people whose supervision is over: of those whose places still come nothing is erased.
"""

from __future__ import annotations

import asyncio
import math
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from gateway.clock import iso
from gateway.clock_bounds import CLOCK_AHEAD
from gateway.control.messages import Reply
from gateway.daemon.beside import beside
from gateway.daemon.erasing import find
from gateway.errors import TransientFault, UserFault
from gateway.intake.directory import index
from gateway.journal.controls import LONGEST_NOTE, Erasing, printable
from gateway.journal.entries import EntryKind
from gateway.settings.model import Role
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.control.messages import Request
    from gateway.control.rights import Caller
    from gateway.control.server import Answer
    from gateway.daemon.erasing import ErasureWork
    from gateway.daemon.swap import Swap
    from gateway.engine import EngineState, Erased
    from gateway.settings.model import Configuration
    from gateway.words.texts import Text

WOULD, WAITS, CONFIRMED = "would", "waits", "confirmed"
"""How an erasure stands: nothing is ordered; it waits for a second person; it is being carried through."""
MOST: Final = LONGEST_NOTE
"""Characters of a document's name, and of a reason."""
SHOWN: Final = 3
"""Alarms that are named where some are in the way."""
PATIENCE: Final = 60.0
"""Real seconds to wait until the engine has heard of it."""


@dataclass(slots=True)
class ErasureDesk:
    """Orders that wait live in memory; what was confirmed stands in the journal and the engine's state."""

    swap: Swap
    work: ErasureWork
    ordered: dict[str, Erasing] = field(default_factory=dict)
    """By person, what waits for a second person."""

    def answers(self) -> dict[str, Answer]:
        """By request."""
        return {"erase": self._order, "erase_look": self._look, "erase_confirm": self._confirm}

    def figures(self) -> dict[str, dict[str, str]]:
        """For the status: by person how an erasure stands, in both languages."""
        said = {one.person: _waits(one) for one in self.ordered.values()}
        said |= {one.order.person: _stands(one) for one in self.work.pipeline.state.erasures.values()}
        return {person: {"zh": text.zh, "en": text.en} for person, text in sorted(said.items())}

    async def _look(self, request: Request, caller: Caller) -> Reply:
        del caller
        counts = await self._counts(request.id)
        waiting = self.ordered.get(request.id)
        if waiting is None:
            return _reply(WOULD, request.id, counts)
        return _reply(WAITS, request.id, counts, waiting)

    async def _order(self, request: Request, caller: Caller) -> Reply:
        """Whoever goes meanwhile, what was begun is carried through."""
        return await asyncio.shield(self._ordered(request, caller))

    async def _ordered(self, request: Request, caller: Caller) -> Reply:
        document, why = printable(request.document), printable(request.why)
        if not document or not why:
            raise UserFault(phrase("erase_says"))
        if max(len(document), len(why)) > MOST:
            raise UserFault(phrase("erase_long", most=MOST))
        counts = await self._counts(request.id)
        said = Erasing(
            "ordered", secrets.token_hex(6), request.id, document, why, caller.number, caller.account, counts=counts
        )  # fmt: skip
        await self.work.journal(said)
        self.ordered[request.id] = said
        self.work.tell("erasure", said.do, erasure=said.id)
        return _reply(WAITS, request.id, counts, said)

    async def _confirm(self, request: Request, caller: Caller) -> Reply:
        return await asyncio.shield(self._confirmed(request, caller))

    async def _confirmed(self, request: Request, caller: Caller) -> Reply:
        async with self.swap.one:
            said = next((one for one in self.ordered.values() if one.id == request.id), None)
            if said is None:
                raise UserFault(phrase("erase_order_unknown", order=request.id))
            self._check_second(caller, said)
            await self._check(said.person)
            await self._take(
                msgspec.structs.replace(
                    said, do="confirmed", by=caller.number, account=caller.account, first=said.by, counts={}
                )
            )
        self.work.tell("erasure", "confirmed", erasure=said.id)
        self.work.wake()
        return _reply(CONFIRMED, said.person, {}, said)

    async def _take(self, said: Erasing) -> None:
        """Nothing of the person is taken in any more from the entry on, which stands behind all that was."""
        pipeline, running = self.work.pipeline, self.swap.in_force.configuration
        intake, now = pipeline.intake, pipeline.intake.now()
        erased = {**intake.directory.erased, said.person: now}
        indexed = await beside(index, running, erased)
        said = msgspec.structs.replace(said, spans=spans_of(running, said.person, now))
        intake.control(EntryKind.ERASURE, msgspec.json.encode(said))
        intake.directory.erased = erased
        intake.follow(running, indexed)
        pipeline.wake()
        del self.ordered[said.person]
        try:
            async with asyncio.timeout(PATIENCE):
                while said.id not in pipeline.state.erasures:
                    await pipeline.applied()
        except TimeoutError as fault:
            raise TransientFault(phrase("erase_goes_on", **_named(said))) from fault

    def _check_second(self, caller: Caller, said: Erasing) -> None:
        staff = self.swap.in_force.configuration.staff
        if caller.number == said.by:
            raise UserFault(phrase("erase_second", number=caller.number))
        if staff and (caller.number not in staff or Role.LEADER not in staff[caller.number].roles):
            raise UserFault(phrase("erase_leader", number=caller.number))

    async def _counts(self, person: str) -> dict[str, int]:
        """What there is of a person that may be erased.

        Raises:
            UserFault: nothing may be, and why.
        """
        await self._check(person)
        pipeline = self.work.pipeline
        spans = spans_of(self.swap.in_force.configuration, person, pipeline.intake.now())
        journal, until = self.work.directory / "journal", pipeline.state.offset
        found = await asyncio.to_thread(find, journal, pipeline.policy, person, spans, until)
        stored = await pipeline.writer.run(pipeline.store.stored_of, person)
        mine = {"entries": len(found.offsets), "files": len(found.files), "shared": found.shared, "older": found.older}
        return mine | stored

    async def _check(self, person: str) -> None:
        """Refuse what stands against it.

        Raises:
            UserFault: the person is unknown, held, or still supervised, has an open alarm, or messages that are owed.
        """
        pipeline, running = self.work.pipeline, self.swap.in_force.configuration
        for one in pipeline.state.erasures.values():
            if one.order.person == person and one.done is None:
                raise UserFault(phrase("erase_goes_on", **_named(one.order)))
        if person not in running.people or not any(one.person == person for one in running.assignments):
            raise UserFault(phrase("erase_unknown", person=person))
        _check_supervised(running, person, pipeline.intake.now())
        _check_open(pipeline.state, person)
        await self._check_held(running, person)
        names = [one.name for one in running.upstreams]
        if owed := await pipeline.writer.run(pipeline.store.owed_of, person, names):
            raise UserFault(
                phrase("erase_owed", person=person, count=sum(owed.values()), upstreams=", ".join(owed))
            )  # fmt: skip

    async def _check_held(self, running: Configuration, person: str) -> None:
        """A hold that has not ended keeps what there is, of the person or of an alarm of his; one to come, too."""
        pipeline, now = self.work.pipeline, self.work.pipeline.intake.now()
        for one in running.holds:
            found = await pipeline.writer.run(pipeline.store.episode, one.alarm) if one.alarm else None
            whose = one.person if found is None else found.person
            if whose == person and one.until > now:
                raise UserFault(phrase("erase_held", person=person, document=one.document))


def spans_of(configuration: Configuration, person: str, now: float) -> dict[str, list[tuple[float, float]]]:
    """By device when a person wore it, up to now; a clock that is ahead tells of what is now as well."""
    spans: dict[str, list[tuple[float, float]]] = {}
    for one in configuration.assignments:
        if one.person == person and one.start <= now:
            spans.setdefault(one.device, []).append((one.start, min(one.until, now + CLOCK_AHEAD)))
    return spans


def erased_before(state: EngineState) -> dict[str, float]:
    """By person whose places were erased, the time before which nothing is taken in any more."""
    return {one.order.person: one.at for one in sorted(state.erasures.values(), key=lambda one: one.at)}


def _check_supervised(running: Configuration, person: str, now: float) -> None:
    term = running.people[person].term_until
    if math.isfinite(term) and term > now:
        raise UserFault(phrase("erase_term", person=person, until=iso(term)))
    for one in running.authorities:
        if one.person == person and min(one.until, term) > now:
            raise UserFault(phrase("erase_authority", person=person, document=one.document, until=iso(one.until)))


def _check_open(state: EngineState, person: str) -> None:
    found = sorted(one.id for one in state.episodes.values() if one.person == person and not one.resolved)
    if found:
        shown = ", ".join(each[:8] for each in found[:SHOWN])
        raise UserFault(phrase("erase_open", person=person, count=len(found), alarms=shown))


def _reply(state: str, person: str, counts: Mapping[str, int], order: Erasing | None = None) -> Reply:
    data: dict[str, Any] = {"state": state, "person": person, "counts": dict(counts)}
    if order is not None:
        data |= {"order": order.id, "by": order.by, "document": order.document}
    return Reply(ok=True, data=data)


def _named(order: Erasing) -> dict[str, str]:
    return {"person": order.person, "order": order.id, "document": order.document}


def _waits(order: Erasing) -> Text:
    return phrase("erasure_waits", by=order.by, order=order.id, document=order.document)


def _stands(one: Erased) -> Text:
    named = {"order": one.order.id, "document": one.order.document}
    return phrase("erasure_goes_on", **named) if one.done is None else phrase("erasure_done", at=iso(one.done), **named)
