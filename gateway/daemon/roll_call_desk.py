"""Where roll calls are looked at, begun, confirmed, followed and signed, by request."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from gateway.control.messages import Reply
from gateway.control.rights import sees
from gateway.daemon.roll_call_making import PHONES, asked_of, called, check_alone, check_asked, check_hours
from gateway.daemon.roll_call_sheet import FORM, begun_act, call_of, digest_of_lists, lines_of
from gateway.daemon.roll_call_told import brief, counts_of, frozen_rows, live_rows, of_going, of_paper, offered
from gateway.errors import UserFault
from gateway.journal.controls import printable
from gateway.rollcall.call import Going, RollCall
from gateway.rollcall.choice import is_of_all
from gateway.rollcall.limits import clock_of, day_of
from gateway.rollcall.lists import lists_of
from gateway.rollcall.plan import Plan, planned
from gateway.rollcall.roster import Roster
from gateway.rollcall.selection import ALL, Selection
from gateway.settings.model import Role
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gateway.control.desk import Desk
    from gateway.control.messages import Request
    from gateway.control.papers import PaperDesk
    from gateway.control.rights import Caller
    from gateway.control.server import Answer
    from gateway.engine import CommandRecord, EngineState, Policy
    from gateway.papers.paper import Paper
    from gateway.rollcall.lists import Lists

OPEN: Final = 900.0
"""Seconds for which what was looked at may be begun, and for which a second person is waited for."""
LONGEST: Final = 200
"""Characters of a purpose."""
MOST: Final = 100
"""Looks that are remembered, and roll calls that are listed."""
DAYS: Final = 2 * 86_400.0
"""Seconds for which it is remembered who was asked: a day of the county is no longer."""


class Offer(NamedTuple):
    """What somebody was shown, when, and by what seed a share was drawn."""

    by: str
    at: float
    selection: Selection
    seed: str


class Proposed(NamedTuple):
    """A roll call that waits for a second person, and whether a leader asked for it."""

    call: RollCall
    at: float
    by_leader: bool


@dataclass(slots=True)
class RollCallDesk:
    """The daemon's roll calls.

    Attributes:
        view: what the engine knows, by what it goes by, and the receive time now.
        desk: gives the orders. ``papers``: keeps the sheets.
        room: by carrier how many phones it still locates in some seconds.
        going: those that nobody has signed, by id.
    """

    view: Callable[[], tuple[EngineState, Policy, float]]
    desk: Desk
    papers: PaperDesk
    room: Callable[[float], Mapping[str, int]]
    going: dict[str, Going] = field(default_factory=dict)
    _offers: dict[str, Offer] = field(default_factory=dict)
    _proposed: dict[str, Proposed] = field(default_factory=dict)
    _asked: list[tuple[float, frozenset[str]]] = field(default_factory=list)
    """When whom orders were given for, of the last days."""
    _roster: Roster | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One is begun or signed at a time."""

    def answers(self) -> dict[str, Answer]:
        """By request."""
        return {
            "roll_call_look": self._look, "roll_call": self._propose, "roll_call_confirm": self._confirm,
            "roll_calls": self._told, "roll_call_sign": self._sign,
        }  # fmt: skip

    async def resume(self) -> None:
        """Go on with what nobody has signed, and with how often people were asked today."""
        for paper in await self._sheets():
            call = call_of(paper, {})
            self._asked.append((call.begun, call.asked()))
            if not paper.frozen:
                await self._going_of(paper)

    async def _going_of(self, paper: Paper) -> Going:
        """One whose sheet nobody has signed; where it is not known here, with its orders as they are stored."""
        if paper.id not in self.going:
            run, store = self.papers.writer.run, self.papers.store
            records = await run(partial(store.commands_for, call_of(paper, {}).origin))
            orders = {one.command.device: one.command.id for one in records}
            self.going.setdefault(paper.id, Going.of(call_of(paper, orders), records))
        return self.going[paper.id]

    async def _sheets(self) -> list[Paper]:
        return await self.papers.writer.run(partial(self.papers.store.papers.listed, FORM, 0.0, MOST))

    def committed(self, records: Sequence[CommandRecord]) -> None:
        """How orders stand, now that it is on disk."""
        for going in self.going.values():
            going.note(records)

    # ---- before it is begun

    async def _look(self, request: Request, caller: Caller) -> Reply:
        """What would go out; nothing does."""
        selection, now = _selection(request, caller), self.view()[2]
        seed = secrets.token_hex(8) if selection.percent < ALL else ""
        call = RollCall("", selection, seed, "", caller.number, caller.account)
        plan, identity = self._plan(call), secrets.token_hex(6)
        self._lapse(now)
        self._offers[identity] = Offer(_who(caller), now, selection, seed)
        return Reply(ok=True, data=offered(call, identity, plan, of_all=self._is_of_all(call, plan)))

    async def _propose(self, request: Request, caller: Caller) -> Reply:
        """Begin what was looked at, or have it wait; whoever asked may go meanwhile."""
        return await asyncio.shield(self._in_turn(self._proposed_by(request, caller)))

    async def _confirm(self, request: Request, caller: Caller) -> Reply:
        return await asyncio.shield(self._in_turn(self._confirmed_by(request, caller)))

    async def _sign(self, request: Request, caller: Caller) -> Reply:
        return await asyncio.shield(self._in_turn(self._signed_by(request, caller)))

    async def _in_turn(self, deed: Any) -> Reply:  # noqa: ANN401  one of the coroutines below
        async with self._turn:
            reply: Reply = await deed
            return reply

    async def _proposed_by(self, request: Request, caller: Caller) -> Reply:
        purpose, now = printable(request.why), self.view()[2]
        if not purpose or len(purpose) > LONGEST:
            raise UserFault(phrase("roll_call_purpose", most=LONGEST))
        self._lapse(now)
        offer = self._offers.get(request.id)
        if offer is None or offer.by != _who(caller):
            raise UserFault(phrase("roll_call_offer", minutes=OPEN / 60.0))
        call = RollCall(secrets.token_hex(6), offer.selection, offer.seed, purpose, caller.number, caller.account)
        plan = self._checked(call, may_be_quiet=_is_leader(caller))
        del self._offers[request.id]
        if not self._is_of_all(call, plan):
            return await self._begin(call, plan)
        for one in self._proposed.values():
            time = clock_of(one.at, self._zone)
            raise UserFault(phrase("roll_call_waits", id=one.call.id, by=one.call.by, time=time))
        self._proposed[call.id] = Proposed(call, now, _is_leader(caller))
        return Reply(ok=True, data={"state": "waits", "id": call.id})

    async def _confirmed_by(self, request: Request, caller: Caller) -> Reply:
        self._lapse(self.view()[2])
        waiting = self._proposed.get(request.id)
        if waiting is None:
            raise UserFault(phrase("roll_call_unconfirmed_unknown", value=printable(request.id)))
        if caller.number == waiting.call.by:
            raise UserFault(phrase("roll_call_second", number=caller.number))
        if not (waiting.by_leader or _is_leader(caller)):
            raise UserFault(phrase("roll_call_second_role", number=caller.number))
        call = msgspec.structs.replace(waiting.call, confirmed_by=caller.number)
        plan = self._checked(call, may_be_quiet=True)
        del self._proposed[request.id]
        return await self._begin(call, plan)

    async def _begin(self, call: RollCall, plan: Plan) -> Reply:
        """Journal what it is, then its orders; answered once all of that is committed."""
        call = msgspec.structs.replace(call, begun=self.view()[2])
        people, commands = called(call, plan, self._known(), self.desk)
        call = msgspec.structs.replace(call, people=people)
        await self.papers.begin(begun_act(call))
        self._asked.append((call.begun, call.asked()))
        self.going[call.id] = Going.of(call)
        await self.desk.enter_all(commands)
        return Reply(ok=True, data={"state": "begun", "id": call.id, "orders": len(commands)})

    def _checked(self, call: RollCall, *, may_be_quiet: bool) -> Plan:
        """What a roll call would do now.

        Raises:
            UserFault: it may not, and why.
        """
        now, plan = self.view()[2], self._plan(call)
        check_asked(plan)
        if not may_be_quiet:
            check_hours(self.desk.configuration.roll_call.quiet, now, self._zone)
        check_alone(asked_of(plan, self._known()), self.going.values(), self._zone)
        return plan

    def _plan(self, call: RollCall) -> Plan:
        state, _, now = self.view()
        return planned(self._known(), state, call.selection, call.seed, now, self._often(now), self.room(PHONES))

    def _often(self, now: float) -> list[str]:
        """Who has been asked as often as may be on the local day of a time."""
        begun = day_of(now, self._zone)
        self._asked = [one for one in self._asked if now - one[0] < DAYS]
        times = Counter(person for at, people in self._asked if at >= begun for person in people)
        most = self.desk.configuration.roll_call.per_day
        return [person for person, count in times.items() if count >= most]

    def _is_of_all(self, call: RollCall, plan: Plan) -> bool:
        share, now = self.desk.configuration.roll_call.share, self.view()[2]
        return is_of_all(self._known(), call.selection, plan.rows, share, now)

    def _known(self) -> Roster:
        policy = self.view()[1]
        if self._roster is None or self._roster.policy is not policy:
            self._roster = Roster.of(policy)
        return self._roster

    def _lapse(self, now: float) -> None:
        """Forget what is too old to be begun, or confirmed, and more looks than anybody means."""
        kept = [(key, one) for key, one in self._offers.items() if 0 <= now - one.at < OPEN]
        self._offers = dict(kept[-MOST + 1 :])
        self._proposed = {key: one for key, one in self._proposed.items() if 0 <= now - one.at < OPEN}

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.desk.configuration.county.timezone)

    # ---- once it is begun

    async def _told(self, request: Request, caller: Caller) -> Reply:
        """One with its lists, or all without them, the latest first."""
        if request.id in self._proposed:
            return Reply(ok=True, data={"call": brief(self._proposed[request.id].call, "waits"), "rows": []})
        if request.id:
            return await self._shown(request.id, caller)
        self._lapse(self.view()[2])
        waiting = [
            brief(one.call, "waits") for one in self._proposed.values() if sees(caller, one.call.selection.office)
        ]
        mine = [one for one in await self._sheets() if sees(caller, one.office)]
        begun = [of_paper(call_of(one, {}), one) if one.frozen else of_going(await self._going_of(one)) for one in mine]
        return Reply(ok=True, data={"calls": waiting + begun})

    async def _shown(self, identity: str, caller: Caller) -> Reply:
        """As it is signed, or else as its lists stand."""

        def mine(office: str) -> bool:
            return sees(caller, office)

        paper = await self._sheet(identity)
        going = None if paper.frozen else await self._going_of(paper)
        state, policy, now = self.view()
        if going is None:
            said, rows = of_paper(call_of(paper, {}), paper), frozen_rows(paper, policy.configuration.people, mine)
        else:
            lists = lists_of(going, self._known(), state, now)
            said = of_going(going) | {"lists_digest": digest_of_lists(going.call, lists)}
            rows = live_rows(going, lists, self._known(), mine)
        return Reply(ok=True, data={"call": said, "rows": rows, "counts": counts_of(rows), "now": now})

    async def _sheet(self, identity: str) -> Paper:
        paper = await self.papers.writer.run(partial(self.papers.store.papers.one, identity))
        if paper is None or paper.form != FORM:
            raise UserFault(phrase("roll_call_unknown", value=printable(identity)))
        return paper

    async def _signed_by(self, request: Request, caller: Caller) -> Reply:
        """Its lists as they stand are what is signed, if they are those that the caller has seen."""
        sheet = await self._sheet(request.id)
        if sheet.frozen or not sees(caller, sheet.office):
            raise UserFault(phrase("roll_call_unknown", value=printable(request.id)))
        going = await self._going_of(sheet)
        state, _, now = self.view()
        lists: Lists = lists_of(going, self._known(), state, now)
        if digest_of_lists(going.call, lists) != request.digest:
            raise UserFault(phrase("roll_call_changed"))
        paper = await self.papers.seal(going.call.id, lines_of(going.call, lists), caller)
        self.going.pop(request.id, None)
        return Reply(ok=True, data={"state": "signed", "id": paper.id, "digest": paper.digest})


def _selection(request: Request, caller: Caller) -> Selection:
    """Whom a request is about; of who asks for an office's people alone, these.

    Raises:
        UserFault: nobody can be meant by it, or another office's people.
    """
    selection = request.selection or Selection()
    if not selection.is_sound:
        raise UserFault(phrase("roll_call_selection"))
    if caller.within is None:
        return selection
    if selection.office not in {"", caller.within}:
        what = printable(selection.office)
        raise UserFault(phrase("staff_elsewhere", number=caller.number, office=caller.within, what=what))
    return msgspec.structs.replace(selection, office=caller.within)


def _who(caller: Caller) -> str:
    return caller.number or caller.account


def _is_leader(caller: Caller) -> bool:
    return caller.roles is None or Role.LEADER in caller.roles
