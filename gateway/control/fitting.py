"""Whether a bracelet that was just fitted does its work: strap, fix, beacon, an order answered, a test alarm come back.

Looked up in what is there; ``fitting_begin`` gives the order and has the test alarm raised. Only what came since the
wearing began counts.
"""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from gateway.clock import iso
from gateway.commands.wish import Wish
from gateway.control.messages import Reply
from gateway.engine import LOCATE, End
from gateway.errors import UserFault
from gateway.journal.controls import TestAlarm
from gateway.journal.entries import EntryKind
from gateway.kinds import TRIALS
from gateway.words.phrases import phrase
from protocols.report import Flag, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.control.desk import Desk
    from gateway.control.messages import Request
    from gateway.control.rights import Caller
    from gateway.control.server import Answer
    from gateway.engine import CommandRecord, EngineState, Episode, Policy
    from gateway.store.outbox import Passage
    from gateway.store.state_db import StateStore
    from gateway.writer import Writer

PASSED, NOT_YET, FAILED = "passed", "not_yet", "failed"
OPEN: Final = (Flag.STRAP_CUT, Flag.STRAP_LOOSE, Flag.OFF_BODY)
"""What a device says of a strap that is not closed."""
EXPIRES: Final = 900.0
"""Seconds for which the order may wait for its device."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is looked at. ``since``: when it came to be so, UTC epoch seconds; None: nothing has come yet."""

    item: str
    state: str
    since: float | None = None


@dataclass(frozen=True, slots=True)
class Fitting:
    """Answers about one person's bracelet.

    Attributes:
        view: the engine's state, its policy, and the receive time now.
        desk: gives the order.
        upstreams: names of those that serve.
    """

    view: Callable[[], tuple[EngineState, Policy, float]]
    desk: Desk
    store: StateStore
    writer: Writer
    upstreams: Callable[[], list[str]]

    def answers(self) -> dict[str, Answer]:
        """By request."""
        return {"fitting": self._look, "fitting_begin": self._begin}

    async def _begin(self, request: Request, caller: Caller) -> Reply:
        """Order the bracelet to report, and have a test alarm of it raised."""
        self.desk.offices.check_person(caller, request.id)
        _, policy, now = self.view()
        device = policy.wearings[_wearing(policy, request.id, now)][0]
        intake = self.desk.dispatcher.intake
        test = TestAlarm(secrets.token_hex(6), device, caller.number, caller.account)
        intake.control(EntryKind.TEST, msgspec.json.encode(test))
        self.desk.dispatcher.wake()
        return await self.desk.give(Wish(device, LOCATE, caller.number, {}, EXPIRES), caller)

    async def _look(self, request: Request, caller: Caller) -> Reply:
        self.desk.offices.check_person(caller, request.id)
        state, policy, now = self.view()
        wearing = _wearing(policy, request.id, now)
        device, began = policy.wearings[wearing][0], _began(policy, wearing, now)
        items = [*_told(state, policy, wearing, began)]
        orders = await self.writer.run(partial(self.store.commands, device, pending=False))
        items.append(_order([one for one in orders if one.command.kind == LOCATE and one.issued >= began]))
        alarms = await self.writer.run(self.store.episodes_of, request.id)
        tests = [one for one in alarms if one.kind in TRIALS and one.device == device and one.onset >= began]
        items.append(await self._test(tests))
        shown = [{"item": one.item, "state": one.state, "age_seconds": _age(one, now)} for one in items]
        said: dict[str, Any] = {"person": request.id, "device": device, "since": iso(began), "items": shown}
        return Reply(ok=True, data=said | {"passed": all(one.state == PASSED for one in items)})

    async def _test(self, tests: list[Episode]) -> Item:
        """The newest test alarm: come back from every upstream that serves."""
        if not tests:
            return Item("test_alarm", NOT_YET)
        newest = max(tests, key=lambda one: one.onset)
        passages = await self.writer.run(self.store.outbox.passages, newest.id)
        return _arrival(newest.onset, passages, self.upstreams())


def _arrival(raised: float, passages: list[Passage], upstreams: list[str]) -> Item:
    """What has become of a test alarm at these upstreams."""
    mine = {one.upstream: one for one in passages if one.upstream in upstreams}
    if any(one.is_aside for one in mine.values()):
        return Item("test_alarm", FAILED, raised)
    seen = [one.delivered for one in mine.values() if one.delivered is not None]
    if len(seen) < len(upstreams) or not seen:
        return Item("test_alarm", NOT_YET, raised)
    return Item("test_alarm", PASSED, max(seen))


def _wearing(policy: Policy, person: str, now: float) -> int:
    """The bracelet that a person wears now under an authority.

    Raises:
        UserFault: there is none.
    """
    if person not in policy.configuration.people:
        raise UserFault(phrase("person_unknown", value=person))
    mine = [
        at for at, (device, wearer) in enumerate(policy.wearings)
        if wearer == person and not policy.configuration.devices[device].is_phone
    ]  # fmt: skip
    worn = [at for at in mine if policy.lawful(np.array([at]), np.array([now]))[0] and _began(policy, at, now) <= now]
    if not worn:
        raise UserFault(phrase("fitting_none", person=person))
    return max(worn, key=lambda at: _began(policy, at, now))


def _began(policy: Policy, wearing: int, now: float) -> float:
    """When the wearing of now began; inf: it is over."""
    key = policy.wearings[wearing]
    spells = [one for one in policy.configuration.assignments if (one.device, one.person) == key]
    return max((one.start for one in spells if one.start <= now < one.until), default=math.inf)


def _told(state: EngineState, policy: Policy, wearing: int, began: float) -> list[Item]:
    """What the bracelet itself has told: that its strap is closed, a place, its beacon where it has one."""
    seat = policy.device_index[policy.wearings[wearing][0]]
    heard, flags = float(state.device["heard"][seat]), int(state.levels["held"][seat])
    placed, source = float(state.track["time"][wearing]), int(state.track["source"][wearing])
    has_spoken, has_fix = heard >= began, placed >= began
    strap = NOT_YET if not has_spoken else FAILED if any(flags & flag for flag in OPEN) else PASSED
    items = [
        Item("strap", strap, heard if has_spoken else None),
        Item("fix", PASSED if has_fix else NOT_YET, placed if has_fix else None),
    ]
    if has_fix and source == Source.BEACON:
        items.append(Item("beacon", PASSED, placed))
    return items


def _order(orders: list[CommandRecord]) -> Item:
    """The newest locating: answered, under way, or not answered."""
    if not orders:
        return Item("order", NOT_YET)
    newest = max(orders, key=lambda one: one.issued)
    if newest.end is None:
        return Item("order", NOT_YET, newest.issued)
    return Item("order", PASSED if newest.end is End.DONE else FAILED, newest.ended or newest.issued)


def _age(item: Item, now: float) -> float | None:
    return None if item.since is None else round(max(0.0, now - item.since), 1)
