"""The daemon's end of the control socket: who asks is known, what may be asked is checked, then it is answered."""

from __future__ import annotations

import asyncio
import grp
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
import structlog

from gateway.control.address import reachable
from gateway.control.messages import MOST, Reply, Request
from gateway.control.peer import peer_of
from gateway.control.rights import Caller, caller_of, check_right
from gateway.decoded import from_json
from gateway.errors import GatewayFault, TransientFault, UserFault
from gateway.words.phrases import phrase, spoken

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path
    from socket import socket

    from gateway.control.audit import Auditing
    from gateway.control.follow import Follower
    from gateway.control.peer import Peer
    from gateway.settings.model import Staff

    Answer = Callable[[Request, Caller], Awaitable[Reply | Follower]]

OWNER_ONLY, WITH_GROUP = 0o600, 0o660
TRAVERSABLE = 0o710
"""Of the storage directory when a group may connect: its files stay the owner's."""

log = structlog.get_logger()


@dataclass(slots=True)
class ControlServer:
    """Listens at ``path`` until closed.

    Attributes:
        path: where the socket stands; its directory is there.
        answers: by request, see :data:`gateway.control.rights.NEEDS`.
        staff: who may ask now, by number; empty: root and the daemon's own account alone.
        audit: writes down what is asked before it is answered.
        language: of refusals whose request names none.
        group: of accounts that may connect; empty: root and the daemon's own.
        passed: the open socket that whoever started us holds, too; None: it is to be made, and taken away at the end.
    """

    path: Path
    answers: Mapping[str, Answer]
    staff: Callable[[], Mapping[str, Staff]]
    audit: Auditing
    language: str
    group: str = ""
    passed: socket | None = None
    _server: asyncio.Server | None = field(default=None)

    async def start(self) -> None:
        """Listen; a socket left behind by a crash is replaced (the journal's lock keeps a second daemon out).

        Raises:
            UserFault: the socket cannot be made there, or not be given to the group.
        """
        try:
            await self._listen()
        except OSError as fault:
            raise UserFault(phrase("control_unmade", path=self.path, cause=fault.strerror)) from fault
        if self.group:
            self._share()

    async def _listen(self) -> None:
        if self.passed is not None:
            self._server = await asyncio.start_unix_server(self._serve, sock=self.passed.dup(), limit=MOST)
        else:
            self._server = await self._made()
        self.path.chmod(OWNER_ONLY)

    async def _made(self) -> asyncio.Server:
        self.path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            with reachable(self.path) as address:
                return await asyncio.start_unix_server(self._serve, address, limit=MOST)
        finally:
            os.umask(before)

    def _share(self) -> None:
        """Let the group in: to the socket, and through a directory that is ours alone."""
        try:
            group = grp.getgrnam(self.group).gr_gid
            _give(self.path, group)
            self.path.chmod(WITH_GROUP)
            if not self.path.parent.stat().st_mode & 0o011:
                _give(self.path.parent, group)
                self.path.parent.chmod(TRAVERSABLE)
        except (KeyError, OSError) as fault:
            cause = fault.strerror if isinstance(fault, OSError) else fault
            raise UserFault(phrase("control_group", group=self.group, cause=cause)) from fault

    def close(self) -> None:
        """Stop listening and take the socket away."""
        if self._server is not None:
            self._server.close()
            if self.passed is None:
                self.path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            peer = peer_of(writer)
            while line := await reader.readline():
                reply = await self._judged(line, peer)
                if not isinstance(reply, Reply):
                    return await reply.tell(reader, writer)
                writer.write(msgspec.json.encode(reply) + b"\n")
                await writer.drain()
        except (ValueError, ConnectionError):
            pass  # a line beyond the limit, or a client that went away: nobody is left to tell
        finally:
            writer.close()

    async def _judged(self, line: bytes, peer: Peer) -> Reply | Follower:
        """Whatever a request does, its sender is told, and nobody else notices."""
        try:
            request = from_json(line, Request)
        except (msgspec.MsgspecError, RecursionError, UnicodeError) as fault:
            return Reply(ok=False, error=f"not a request: {fault}", refused=True)
        try:
            return await self._answer(request, peer)
        except GatewayFault as fault:
            error = spoken(fault, request.language or self.language)
            refused, passes = isinstance(fault, UserFault), isinstance(fault, TransientFault)
            return Reply(ok=False, error=error, refused=refused, passes=passes)
        except Exception as fault:
            log.exception("request failed")
            return Reply(ok=False, error=f"the gateway failed at it: {type(fault).__name__}")

    async def _answer(self, request: Request, peer: Peer) -> Reply | Follower:
        answer = self.answers.get(request.do)
        if answer is None:
            return Reply(ok=False, error=f"unknown request {request.do!r}", refused=True)
        by, for_staff = _named(request), request.for_staff
        caller = Caller(by if peer.owner else "", peer.account, frozenset())
        # What a program of the daemon's account tells of others is not asked as one of the staff.
        staff = {} if request.do == "audit_enter" and peer.owner else self.staff()
        try:
            caller = caller_of(peer.account, owner=peer.owner, by=by, staff=staff, for_staff=for_staff)
            reply = await answer(request, check_right(caller, request))
        except UserFault:
            await self.audit.refused(request, caller)
            raise
        if isinstance(reply, Reply):
            await self.audit.answered(request, caller, reply)
        return reply


def _give(path: Path, group: int) -> None:
    """To a group, which takes a right that the service is without; what is the group's already needs none."""
    if path.stat().st_gid != group:
        os.chown(path, -1, group)


def _named(request: Request) -> str:
    """In whose name a request is made; empty: in nobody's but the account's own."""
    return request.by or next((one.by for one in (request.act, request.wish, request.deed) if one is not None), "")
