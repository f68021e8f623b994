"""Orders over the control socket: taken when they are committed, waited for, cancelled; and the timers of the queue."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.commands.accept import MOST_IN_ALL, MOST_PER_DEVICE, command_of, locates
from gateway.commands.permission import check_confirmer, needs_confirmation
from gateway.commands.unconfirmed import Unconfirmed
from gateway.control.messages import Reply
from gateway.control.places import Subject
from gateway.control.rights import seen_by, sees, sees_places
from gateway.engine import End
from gateway.errors import UserFault
from gateway.journal.entries import EntryKind
from gateway.words.command_words import ENDS
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from gateway.clock import Clock
    from gateway.commands.dispatch import Dispatcher
    from gateway.commands.wish import Wish
    from gateway.control.messages import Request
    from gateway.control.offices import Offices
    from gateway.control.places import Places
    from gateway.control.rights import Caller
    from gateway.control.server import Answer
    from gateway.engine import Command, CommandRecord
    from gateway.in_force import InForce
    from gateway.settings.model import Configuration

LOOK = 0.5
"""Real seconds between looks at the timers at most."""
LEAST_LOOK = 0.02
AT_ONCE = 64
"""Orders of many that are journaled together: each takes a third of a millisecond of the loop."""
LONGEST_WAIT = 600.0
"""Real seconds a command line may wait for an answer."""

Future = asyncio.Future["CommandRecord"]


@dataclass(slots=True)
class Desk:
    """Where officers' orders come in.

    Attributes:
        read: one command from state.db, as the writer thread reads it.
        places: where wearers are.
        offices: whose people they are.
    """

    in_force: InForce
    clock: Clock
    dispatcher: Dispatcher
    read: Callable[[str], Awaitable[CommandRecord | None]]
    places: Places
    offices: Offices
    unconfirmed: Unconfirmed = field(default_factory=Unconfirmed)
    _given: dict[str, Future] = field(default_factory=dict)
    """By id: commands that are not committed yet."""
    _over: dict[str, Future] = field(default_factory=dict)
    """By id: commands whose end somebody waits for."""

    @property
    def configuration(self) -> Configuration:
        """In force now."""
        return self.in_force.configuration

    def committed(self, records: Sequence[CommandRecord]) -> None:
        """How commands stand, now that it is on disk."""
        for record in records:
            waiting = self._given if record.end is None else self._over
            future = waiting.pop(record.command.id, None)
            if future is not None and not future.done():
                future.set_result(record)
        self.dispatcher.give(record for record in records if record.end is None)

    async def run(self) -> None:
        """Look at the timers until cancelled."""
        while True:
            wait = self.clock.real_seconds(self.dispatcher.next_due() - self.dispatcher.intake.steady())
            await asyncio.sleep(min(max(wait, LEAST_LOOK), LOOK))
            self.dispatcher.tick()

    def figures(self) -> dict[str, int]:
        """For the status; what waits for a second person where anything does."""
        waiting = len(self.unconfirmed)
        return self.dispatcher.figures() | ({"unconfirmed": waiting} if waiting else {})

    def answers(self) -> dict[str, Answer]:
        """What the desk does, by request."""
        return {
            "command": self._command, "confirm": self._confirm, "unconfirmed": self._unconfirmed,
            "cancel": self._cancel, "wait": self._wait, "where": self._where, "track": self._track,
            "explain": self._explain,
            "keep_history": self._keep_history,
            "places": self._places,
        }  # fmt: skip

    async def _command(self, request: Request, caller: Caller) -> Reply:
        if request.wish is None:
            raise UserFault(phrase("order_unknown", value=""))
        self.offices.check_device(caller, request.wish.device, self.dispatcher.intake.now())
        return await self.give(msgspec.structs.replace(request.wish, by=caller.number), caller)

    async def _confirm(self, request: Request, caller: Caller) -> Reply:
        return self._reply(await self.confirm(request.id, caller), caller)

    async def _unconfirmed(self, request: Request, caller: Caller) -> Reply:
        command = self.unconfirmed.of(request.id, self.dispatcher.intake.now())
        self.offices.check_device(caller, command.device, self.dispatcher.intake.now())
        return _asked(command)

    async def _cancel(self, request: Request, caller: Caller) -> Reply:
        await self._check_order(request.id, caller)
        if self.unconfirmed.drop(request.id):
            return Reply(ok=True, data={"dropped": request.id})
        return self._reply(await self.cancel(request.id, caller.number), caller)

    async def _wait(self, request: Request, caller: Caller) -> Reply:
        await self._check_order(request.id, caller)
        return self._reply(await self.wait(request.id, request.seconds), caller)

    async def _check_order(self, identity: str, caller: Caller) -> None:
        """Whether an order, or one that waits for a second person, is to a device of the caller's people."""
        if caller.within is None:
            return
        if identity in self.unconfirmed:
            now = self.dispatcher.intake.now()
            self.offices.check_device(caller, self.unconfirmed.of(identity, now).device, now)
        else:
            self.offices.check_order(caller, await self.read(identity))

    async def _where(self, request: Request, caller: Caller) -> Reply:
        self.offices.check_person(caller, request.id)
        return Reply(ok=True, data=self.places.where(request.id, caller.number))

    async def _places(self, request: Request, caller: Caller) -> Reply:
        # The desk keeps an audit log of its own, and asks each time that a page of its is made anew.
        by = "" if request.for_staff else caller.number
        return Reply(ok=True, data=self.places.all(lambda office: sees(caller, office), by))

    async def _track(self, request: Request, caller: Caller) -> Reply:
        self.offices.check_person(caller, request.id)
        found = await self.places.track(request.id, request.since, request.until, caller.number)
        return Reply(ok=True, data=found)

    async def _explain(self, request: Request, caller: Caller) -> Reply:
        self.offices.check_person(caller, request.id)
        asked = Subject(request.id, request.rule, request.kind, request.until, request.since, request.alarm)
        found = await self.places.explain(asked, caller.number)
        return Reply(ok=True, data=msgspec.to_builtins(found))

    async def _keep_history(self, request: Request, caller: Caller) -> Reply:
        """Put down what has come, for whoever is about to read the history's files."""
        del request, caller
        await self.places.keep()
        return Reply(ok=True)

    async def give(self, wish: Wish, caller: Caller) -> Reply:
        """Journal an order and answer once it is committed; maintenance waits for a second person instead.

        Raises:
            UserFault: it cannot be taken, and why.
        """
        intake, staff = self.dispatcher.intake, self.configuration.staff
        command = command_of(wish, self.configuration, secrets.token_hex(6), intake.now())
        command = msgspec.structs.replace(command, account=caller.account, reason=wish.reason.strip())
        device = self.configuration.devices[command.device]
        if needs_confirmation(command, device, staff):
            self.unconfirmed.add(command, intake.now())
            return _asked(command)
        return self._reply(await self._enter(command), caller)

    async def confirm(self, identity: str, caller: Caller) -> CommandRecord:
        """The second person says yes: the order is journaled; returns it once it is committed.

        Raises:
            UserFault: no such order waits, or it is not for this one to confirm.
        """
        command = self.unconfirmed.of(identity, self.dispatcher.intake.now())
        check_confirmer(command, caller.number, self.configuration.staff)
        return await self._enter(self.unconfirmed.confirmed(identity, caller.number, caller.account))

    async def _enter(self, command: Command) -> CommandRecord:
        self._check_room(command)
        if locates(command.kind) and not self._may_locate(command.device):
            raise UserFault(phrase("no_authority", device=command.device))
        future: Future = asyncio.get_running_loop().create_future()
        self._given[command.id] = future
        self.dispatcher.intake.control(EntryKind.COMMAND, msgspec.json.encode(command))
        self.dispatcher.wake()
        return await future

    async def enter_all(self, commands: Sequence[Command]) -> None:
        """Journal orders, some at a time; returns once all of them are committed. Each was checked by who gives them.

        The engine stops at each order, and others have their turn between.

        Raises:
            UserFault: there is no room for so many.
        """
        if len(self.dispatcher.queue) + len(self._given) + len(commands) > MOST_IN_ALL:
            raise UserFault(phrase("orders_full", most=MOST_IN_ALL))
        loop = asyncio.get_running_loop()
        for first in range(0, len(commands), AT_ONCE):
            given = {command.id: loop.create_future() for command in commands[first : first + AT_ONCE]}
            self._given |= given
            for command in commands[first : first + AT_ONCE]:
                self.dispatcher.intake.control(EntryKind.COMMAND, msgspec.json.encode(command))
            self.dispatcher.wake()
            await asyncio.gather(*given.values())

    async def wait(self, identity: str, seconds: float) -> CommandRecord:
        """A command once it has ended, or as it stands after so many real seconds.

        Raises:
            UserFault: there is no such command.
        """
        # Expected before it is looked for: an end that is committed meanwhile is not missed.
        future = self._over.setdefault(identity, asyncio.get_running_loop().create_future())
        record = await self.read(identity)
        if record is not None and record.end is None:
            await asyncio.wait((future,), timeout=min(seconds, LONGEST_WAIT))
            return future.result() if future.done() else record
        self._over.pop(identity, None)
        if record is None:
            raise UserFault(phrase("order_unknown", value=identity))
        return record

    async def cancel(self, identity: str, by: str) -> CommandRecord:
        """End an order that has not ended.

        Raises:
            UserFault: there is no such command, or it has ended before.
        """
        if not self.dispatcher.cancel(identity, by):
            record = await self.read(identity)
            if record is None or record.end is None:
                raise UserFault(phrase("order_unknown", value=identity))
            raise UserFault(phrase("order_ended", value=identity, end=ENDS[record.end]))
        future: Future = self._over.setdefault(identity, asyncio.get_running_loop().create_future())
        return await future

    def _reply(self, record: CommandRecord, caller: Caller) -> Reply:
        """How a command stands; of a locating that was answered, with the place: its report came first."""
        data: dict[str, Any] = msgspec.to_builtins(seen_by(caller, record))
        if record.end is End.DONE and locates(record.command.kind) and sees_places(caller):
            data["place"] = self.places.of_device(record.command.device)
        return Reply(ok=True, data=data)

    def _may_locate(self, device: str) -> bool:
        """Whether the law lets us look: an authority of the device's kind covers whoever has it now."""
        return self.dispatcher.intake.directory.lawful(device, self.dispatcher.intake.now())

    def _check_room(self, command: Command) -> None:
        queue = self.dispatcher.queue
        if queue.waiting_for(command.device) >= MOST_PER_DEVICE:
            raise UserFault(phrase("orders_many", device=command.device, most=MOST_PER_DEVICE))
        if len(queue) + len(self._given) >= MOST_IN_ALL:
            raise UserFault(phrase("orders_full", most=MOST_IN_ALL))


def _asked(command: Command) -> Reply:
    """An order that waits for a second person."""
    return Reply(ok=True, data={"unconfirmed": msgspec.to_builtins(command)})
