"""Carriers that locate phones, and which phone is whose."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gateway.settings.model import PHONE_PROTOCOL, Carrier, Credential
from gateway.settings.ports import is_here
from gateway.settings.tables import note_duplicates
from protocols.mlp.identity import msisdn
from protocols.mlp.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings, Place
    from gateway.settings.files import Files
    from gateway.settings.model import Device
    from gateway.settings.raw import CarrierEntry, CredentialEntry, DeviceRow, ListenerEntry

_SCHEMES = ("http", "https")


def carriers(
    entries: Sequence[Entry[CarrierEntry]],
    credentials: Mapping[str, CredentialEntry] | None,
    files: Files,
    findings: Findings,
) -> tuple[Carrier, ...]:
    """The carriers, as written. ``credentials`` None: not available, and none is asked for (replay)."""
    note_duplicates(((entry.value.name, entry.place("name")) for entry in entries), findings)
    return tuple(_carrier(entry, credentials, files, findings) for entry in entries)


def _carrier(
    entry: Entry[CarrierEntry],
    credentials: Mapping[str, CredentialEntry] | None,
    files: Files,
    findings: Findings,
) -> Carrier:
    value = entry.value
    _check_url(value.url, entry.place("url"), findings)
    secret = (credentials or {}).get(value.credential)
    if credentials is not None and (secret is None or secret.username is None or secret.password is None):
        findings.add(entry.place("credential"), "carrier_secret", value=value.credential)
    known = Credential() if secret is None else Credential(secret.username or "", secret.password or "")
    return Carrier(
        name=value.name,
        url=value.url,
        dialect=value.dialect,
        profile=Reading(value.datum, value.stop_angle, round(value.widening, 3)).name,
        credential=known,
        intervals={"strict": value.every.strict, "general": value.every.general, "lenient": value.every.lenient},
        per_minute=value.per_minute,
        per_day=value.per_day,
        at_once=value.at_once,
        timeout_seconds=value.timeout,
        accuracy_m=value.accuracy_m,
        prefix=value.prefix or "",
        authorities_file=files.resolved(value.ca_file) if value.ca_file else "",
    )


def _check_url(written: str, place: Place, findings: Findings) -> None:
    try:
        parts = urlsplit(written)
        sound = parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound, parts = False, urlsplit("")
    if "@" in parts.netloc:
        findings.add(place, "url_secret")
    elif not sound or any(mark.isspace() for mark in written):
        findings.add(place, "carrier_url", value=written)
    elif parts.scheme == "http" and not is_here(written):
        findings.warn(place, "request_open", value=written)


def phones(
    devices: dict[str, Device],
    rows: Sequence[Entry[DeviceRow]],
    known: Sequence[Entry[CarrierEntry]],
    findings: Findings,
) -> dict[str, Device]:
    """The devices, phones with their carrier and their number as carriers' answers are known by."""
    names = [entry.value.name for entry in known]
    return devices | {
        row.value.device: _phone(devices[row.value.device], row, names, findings)
        for row in rows
        if row.value.protocol == PHONE_PROTOCOL or row.value.carrier is not None
    }


def _phone(device: Device, row: Entry[DeviceRow], names: Sequence[str], findings: Findings) -> Device:
    named = row.value.carrier
    if device.protocol != PHONE_PROTOCOL:
        findings.add(row.place("carrier"), "carrier_useless", value=device.device)
    elif named is not None and named not in names:
        findings.add(row.place("carrier"), "carrier_unknown", value=named, allowed=", ".join(names))
    elif named is None and len(names) != 1:
        findings.add(row.place("device"), "carrier_missing")
    return replace(device, identity=msisdn(device.identity), carrier=named or next(iter(names), ""))


def check_ports(entries: Sequence[Entry[ListenerEntry]], findings: Findings) -> None:
    """No port is for phones: it is us who ask."""
    for entry in entries:
        if entry.value.protocol == PHONE_PROTOCOL:
            findings.add(entry.place("protocol"), "carrier_no_port")
