"""The log server: where it is, and what it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from gateway.settings.model import Syslog
from gateway.settings.ports import is_own
from gateway.settings.upstreams import client_tls

if TYPE_CHECKING:
    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings, Place
    from gateway.settings.files import Files
    from gateway.settings.raw_syslog import SyslogEntry

_SCHEMES: Final = ("tls", "tcp", "udp")


def syslog(
    entry: Entry[SyslogEntry] | None, files: Files, findings: Findings, *, are_there: bool
) -> Syslog | None:  # fmt: skip
    """The section as written; None: no log server is told. ``are_there``: its files are on this machine."""
    if entry is None:
        return None
    value = entry.value
    _check(value.address, entry.place("address"), findings)
    tls = client_tls(entry, value.address, files, findings, "tls_files", are_there=are_there)
    return Syslog(value.address, tls, tuple(value.send), value.enterprise)


def _check(address: str, place: Place, findings: Findings) -> None:
    """TLS beyond this machine."""
    try:
        parts = urlsplit(address)
        host, is_port = parts.hostname or "", parts.port != 0
    except ValueError:
        findings.add(place, "syslog_url", value=address)
        return
    is_plain = not (parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in _SCHEMES or not (host and is_port and is_plain):
        findings.add(place, "syslog_url", value=address)
    elif parts.scheme != "tls" and not is_own(host):
        findings.add(place, "syslog_open", value=address)
