"""Where the gateway stores, its patience with devices, and what addresses and secrets are made of."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gateway.settings.durations import written
from gateway.settings.model import Closer, Commands, Credential, Storage
from gateway.settings.raw_commands import CommandsEntry
from gateway.settings.values import is_address

if TYPE_CHECKING:
    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings, Place
    from gateway.settings.files import Files
    from gateway.settings.raw import CredentialEntry, StorageEntry

_MQTT_PORTS = {"mqtt": 1883, "mqtts": 8883}
_NATS_SCHEMES = ("nats", "tls")


LEAST_CLOSER = 3
"""Reports that closer ones have to bring at least: two decide nothing that was not almost decided."""


def commands(entry: Entry[CommandsEntry] | None, findings: Findings) -> Commands:
    """Patience with devices, and what is ordered by itself; the defaults where nothing is written."""
    value = CommandsEntry() if entry is None else entry.value
    closer = None if entry is None else _closer(entry, findings)
    return Commands(value.answer_timeout, value.repeats, value.completion, closer)


def _closer(entry: Entry[CommandsEntry], findings: Findings) -> Closer | None:
    value = entry.value.closer
    if value is None:
        return None
    for key, seconds in (("every", value.every), ("usual", value.usual)):
        if seconds != int(seconds):
            findings.add(entry.place("closer", key), "closer_whole", value=written(seconds))
    if value.every >= value.usual:
        findings.add(entry.place("closer", "usual"), "closer_usual", every=written(value.every))
    if value.lasting < LEAST_CLOSER * value.every:
        findings.add(entry.place("closer"), "closer_lasting", least=written(LEAST_CLOSER * value.every))
    closer = Closer(int(value.every), value.lasting, int(value.usual), value.most_a_day, value.battery)
    return closer if value.on else None


def storage(entry: Entry[StorageEntry], files: Files, findings: Findings) -> Storage:
    """The store, its directory absolute where the configuration has a directory."""
    value = entry.value
    if value.alarm_days is not None and value.alarm_days < value.keep_days:
        findings.add(entry.place("alarm_days"), "alarm_days_short", value=value.alarm_days, least=value.keep_days)
    return Storage(files.resolved(value.directory), value.keep_days, value.alarm_days, value.evidence_digest)


def credential_of(secret: CredentialEntry | None, *, with_keys: bool = True) -> Credential:
    """The secrets of an entry; empty without one. ``with_keys``: those of acts and signatures among them."""
    if secret is None:
        return Credential()
    keys = (secret.act_key or "", secret.sign_key or "") if with_keys else ()
    return Credential(secret.username or "", secret.password or "", *keys)


def check_mqtt(url: str, place: Place, findings: Findings) -> None:
    """Note what is wrong with a broker's address."""
    _check_server(url, tuple(_MQTT_PORTS), "mqtt_url", place, findings)


def check_nats(url: str, place: Place, findings: Findings) -> None:
    """The same of a NATS server's, or of several of one cluster with commas between them.

    What goes openly beyond this machine is warned of.
    """
    for one in url.split(","):
        _check_server(one, _NATS_SCHEMES, "nats_url", place, findings)
        if one.startswith("nats://") and not is_here(one):
            findings.warn(place, "nats_open", value=one)


def _check_server(url: str, schemes: tuple[str, ...], wrong: str, place: Place, findings: Findings) -> None:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        findings.add(place, wrong, value=url)
        return
    if "@" in parts.netloc:
        findings.add(place, "url_secret")
    elif not sound or parts.path.strip("/") or parts.query or any(mark.isspace() for mark in url):
        findings.add(place, wrong, value=url)


def is_here(url: str) -> bool:
    """Whether an address is this machine's alone; one that cannot be read is another's fault."""
    try:
        host = urlsplit(url).hostname or "localhost"
    except ValueError:
        return True
    return is_own(host)


def is_own(host: str) -> bool:
    """Whether a host is reached from this machine alone."""
    return host == "localhost" or (is_address(host) and ip_address(host).is_loopback)
