"""From what is planned to orders: what is refused, and who is asked by which one."""

from __future__ import annotations

import math
import secrets
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.commands.accept import MOST_PER_DEVICE, command_of
from gateway.commands.wish import Wish
from gateway.daemon.roll_call_told import reasons_of
from gateway.engine import LOCATE
from gateway.errors import UserFault
from gateway.rollcall.call import Called
from gateway.rollcall.limits import clock_of, is_quiet
from gateway.rollcall.reasons import LIST_OF, REASONS, Listed, Reason
from gateway.text import Text
from gateway.words.phrases import phrase
from gateway.words.roll_call_words import REASONS as WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from gateway.control.desk import Desk
    from gateway.engine import Command
    from gateway.rollcall.call import Going, RollCall
    from gateway.rollcall.plan import Plan
    from gateway.rollcall.roster import Roster

LASTS: Final = 900.0
"""Seconds for which a bracelet may be asked."""
PHONES: Final = 3600.0
"""Seconds in which phones are asked, as their carriers' quotas let them."""


def check_asked(plan: Plan) -> None:
    """Whether a roll call asks anybody at all.

    Raises:
        UserFault: nobody is meant, none of them is under an authority, or none can be asked.
    """
    left = plan.left.tolist()
    if not left:
        raise UserFault(phrase("roll_call_nobody"))
    if all(code >= 0 and LIST_OF[REASONS[code]] is Listed.NO_AUTHORITY for code in left):
        raise UserFault(phrase("roll_call_unlawful", people=len(left)))
    if all(code >= 0 for code in left):
        raise UserFault(phrase("roll_call_none", people=len(left), cause=_said(left)))


def check_hours(quiet: tuple[int, int], now: float, zone: ZoneInfo) -> None:
    """Whether anybody may be asked at a time who is not a leader.

    Raises:
        UserFault: the hours are quiet.
    """
    if is_quiet(quiet, now, zone):
        start, until = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in quiet)
        raise UserFault(phrase("roll_call_quiet", start=start, until=until))


def check_alone(people: frozenset[str], going: Iterable[Going], zone: ZoneInfo) -> None:
    """Whether none of these people is being asked by another roll call.

    Raises:
        UserFault: some are, and by which.
    """
    for one in going:
        both = len(people & one.call.asked()) if one.owed else 0
        if both:
            time = clock_of(one.call.begun, zone)
            raise UserFault(phrase("roll_call_twice", id=one.call.id, by=one.call.by, time=time, count=both))


def asked_of(plan: Plan, roster: Roster) -> frozenset[str]:
    """Who would be asked."""
    return frozenset(roster.people[row] for row in plan.rows[plan.left < 0].tolist())


def called(call: RollCall, plan: Plan, roster: Roster, desk: Desk) -> tuple[tuple[Called, ...], list[Command]]:
    """Everybody who is meant, and the orders for those who are asked, ``call.begun``."""
    people: list[Called] = []
    commands: list[Command] = []
    rows = (plan.rows.tolist(), plan.device.tolist(), plan.left.tolist(), plan.since.tolist())
    for row, seat, code, since in zip(*rows, strict=True):
        person = roster.people[row]
        office = roster.policy.configuration.people[person].office
        command = _order(call, roster.policy.devices[seat], desk) if code < 0 else None
        if command is not None:
            commands.append(command)
            people.append(Called(person, office, command.device, command.id))
        else:
            left = Reason.UNABLE if code < 0 else REASONS[code]
            known = call.begun if code < 0 else since
            people.append(Called(person, office, left=left, since=None if math.isnan(known) else known))
    return tuple(people), commands


def _order(call: RollCall, device: str, desk: Desk) -> Command | None:
    """The order for a device; None: it takes none, or has too many to come."""
    lasts = PHONES + LASTS if desk.configuration.devices[device].is_phone else LASTS
    wish = Wish(device, LOCATE, call.by, expires=lasts)
    try:
        command = command_of(wish, desk.configuration, secrets.token_hex(6), call.begun)
    except UserFault:
        return None
    if desk.dispatcher.queue.waiting_for(device) >= MOST_PER_DEVICE:
        return None
    return msgspec.structs.replace(command, account=call.account, reason=call.origin)


def _said(codes: list[int]) -> Text:
    found = reasons_of(codes)
    return Text(
        "，".join(f"{WORDS[reason].zh} {count} 人" for reason, count in found),
        ", ".join(f"{count} {WORDS[reason].en}" for reason, count in found),
    )
