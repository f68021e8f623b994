"""By what officers reach the gateway: the control socket, and the pages of the console."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fencing.datum import Datum


@dataclass(frozen=True, slots=True)
class Control:
    """The control socket.

    Attributes:
        socket: its path; empty: ``control.sock`` in the storage directory.
        group: whose members may connect; empty: root and the daemon's own account alone.
        metrics: host and port, on loopback, where figures are served for Prometheus; None: nowhere.
    """

    socket: str = ""
    group: str = ""
    metrics: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class AskingCity:
    """The city whose desk may ask for packages of one case.

    Attributes:
        code: its own.
        credential: name of the entry whose ``sign_key`` signs what it asks.
        longest: seconds that one request may be about.
    """

    code: str
    credential: str
    longest: float = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class Console:
    """The console's pages.

    Attributes:
        listen: host and port; beyond loopback with a certificate alone.
        certificate, key: files for TLS; empty: there is none.
        idle: seconds after which a session ends in which nobody does anything.
        session: seconds after which any session ends.
        operators: how many are at the desk at a time.
        alarms_each: alarms a day that one of them can look into.
        audit_days: for how long it is kept who looked at what.
        password_days: after so many days a password is renewed at the next login.
        password_history: a new one is none of so many before it.
        contacts: directory of contacts.csv, staff.csv and offices.yaml, which the console and the sender of notices
            alone read; empty: that of the configuration.
        contacts_link: address of a page of the platform's in place of contacts.csv, with ``{person}`` in it; empty:
            none.
        base_map: a PMTiles file and what its degrees refer to; None: there is none.
        city: whose desk may ask for packages; None: nobody's.
    """

    listen: tuple[str, int] = ("127.0.0.1", 8443)
    certificate: str = ""
    key: str = ""
    idle: float = 900.0
    session: float = 43_200.0
    audit_days: int = 184
    contacts: str = ""
    contacts_link: str = ""
    base_map: tuple[str, Datum] | None = None
    operators: int = 1
    alarms_each: int = 144
    password_days: int = 90
    password_history: int = 5
    city: AskingCity | None = None
