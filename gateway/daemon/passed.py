"""Sockets that were opened for us before we started (sd_listen_fds(3)): who comes while we are away waits in them.

systemd holds them through a restart of ours, so that nobody is refused meanwhile. Each goes by its name:
``tcp-PORT``, ``udp-PORT`` for a listener of that kind and port, ``control`` for the control socket.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from gateway.errors import OurFault
from gateway.settings.model import ListenerKind
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from gateway.settings.model import Listener

FIRST: Final = 3
"""The first descriptor that may be passed: SD_LISTEN_FDS_START."""
VARIABLES: Final = ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")
CONTROL: Final = "control"
KINDS: Final = {ListenerKind.TCP: socket.SOCK_STREAM, ListenerKind.UDP: socket.SOCK_DGRAM}

log = structlog.get_logger()


@dataclass(slots=True)
class Passed:
    """What was passed and nobody has taken yet, by name."""

    sockets: dict[str, socket.socket] = field(default_factory=dict)

    def for_listener(self, listener: Listener) -> socket.socket | None:
        """The socket of a listener; None: it opens its own.

        Raises:
            OurFault: what has its name is something else, or listens for others than the listener is for.
        """
        name = f"{listener.kind}-{listener.port}"
        found = self.sockets.pop(name, None) if listener.kind in KINDS else None
        if found is not None and not _is_at(found, listener):
            there, wanted = _address(found), f"{listener.host}:{listener.port}"
            said = phrase("passed_elsewhere", name=name, there=there, listener=listener.name, wanted=wanted)
            raise OurFault(said)
        return found

    def for_control(self, path: Path) -> socket.socket | None:
        """The control socket; None: it is to be made.

        Raises:
            OurFault: it stands elsewhere than the configuration says.
        """
        found = self.sockets.pop(CONTROL, None)
        if found is not None and Path(_address(found)).resolve() != path.resolve():
            said = phrase("passed_elsewhere", name=CONTROL, there=_address(found), listener=CONTROL, wanted=path)
            raise OurFault(said)
        return found

    def close_rest(self) -> None:
        """Say which nobody takes: what comes there waits in vain."""
        for name, each in self.sockets.items():
            log.warning("a socket was passed that is nobody's", socket=name, address=_address(each))
            each.close()
        self.sockets.clear()


def passed(environment: MutableMapping[str, str]) -> Passed:
    """What was passed to this process; the variables are taken out of its environment, for its children have none."""
    whose, count, names = (environment.pop(name, "") for name in VARIABLES)
    if whose != str(os.getpid()) or not count.isdigit():
        return Passed()
    taken = Passed()
    for place, name in zip(range(int(count)), chain(names.split(":"), repeat("unknown")), strict=False):
        one = socket.socket(fileno=FIRST + place)
        one.set_inheritable(False)
        taken.sockets[f"{name} {place}" if name in taken.sockets else name] = one
    return taken


def _is_at(one: socket.socket, listener: Listener) -> bool:
    """Whether a socket is of a listener's kind and bound where it listens."""
    kind = KINDS[listener.kind]
    try:
        there = socket.getaddrinfo(listener.host or None, listener.port, type=kind, flags=socket.AI_PASSIVE)
    except OSError:
        return False
    return (one.family, one.type) in {(family, kind) for family, kind, *_ in there} and any(
        one.getsockname()[:2] == address[:2] for *_, address in there
    )


def _address(one: socket.socket) -> str:
    """Where a socket is bound, for people."""
    name = one.getsockname()
    return ":".join(map(str, name[:2])) if isinstance(name, tuple) else str(name)
