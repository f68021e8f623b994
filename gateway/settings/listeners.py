"""The ways by which devices report, as written, one function a kind."""

from __future__ import annotations

import hashlib
import platform
from typing import TYPE_CHECKING, Final

from gateway.settings.model import AUTO, Broker, Limits, Listener, ListenerKind, SerialLine, Tls
from gateway.settings.ports import check_mqtt, credential_of, is_here, is_own
from gateway.settings.tables import known_profile, network_of, note_duplicates
from gateway.settings.upstreams import client_tls, unfit
from gateway.settings.values import address_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.files import Files
    from gateway.settings.model import Network
    from gateway.settings.raw import ListenerEntry
    from gateway.settings.sections import Sections

NAMELESS: Final = ("annex_a", "modem")
"""Wire formats of one cable, whose frames do not say whose they are."""
_SOCKETS: Final = (ListenerKind.TCP, ListenerKind.UDP)
_ONLY: Final[Mapping[str, tuple[ListenerKind, ...]]] = {
    "credential": (ListenerKind.MQTT,),
    "identity": (ListenerKind.SERIAL,),
    "baud": (ListenerKind.SERIAL,),
    "data_bits": (ListenerKind.SERIAL,),
    "parity": (ListenerKind.SERIAL,),
    "stop_bits": (ListenerKind.SERIAL,),
    "flow": (ListenerKind.SERIAL,),
    "max_per_source": _SOCKETS,
    "networks": _SOCKETS,
    "tls": (ListenerKind.TCP, ListenerKind.MQTT),
    "login": (ListenerKind.TCP,),
    "rubbish": (ListenerKind.TCP,),
    "max_connections": (ListenerKind.TCP, ListenerKind.UDP, ListenerKind.MQTT),
    "max_strangers": (ListenerKind.TCP, ListenerKind.UDP, ListenerKind.MQTT),
}
"""Keys that mean something for some kinds only."""
_WITH_CODES: Final = ("jt808", AUTO)
"""Wire formats in which a device shows a code; the others know it by its number alone, whatever is required."""


def listeners(
    sections: Sections, profiles: Mapping[str, Sequence[str]], files: Files, findings: Findings
) -> tuple[Listener, ...]:
    """The ways in, as written; those with a fault are noted and left out."""
    entries = sections.listeners
    note_duplicates(((entry.value.name, entry.place("name")) for entry in entries), findings)
    for kind in ListenerKind:
        written = ((getattr(entry.value, kind), entry.place(kind)) for entry in entries)
        note_duplicates(((value, place) for value, place in written if value is not None), findings)
    found = (_listener(entry, sections, profiles, files, findings) for entry in entries)
    return tuple(each for each in found if each is not None)


def _listener(
    entry: Entry[ListenerEntry],
    sections: Sections,
    profiles: Mapping[str, Sequence[str]],
    files: Files,
    findings: Findings,
) -> Listener | None:
    value = entry.value
    kinds = [kind for kind in ListenerKind if getattr(value, kind) is not None]
    if len(kinds) != 1:
        findings.add(entry.place("name"), "listener_kind", value=value.name)
        return None
    kind = kinds[0]
    _check_keys(entry, kind, findings)
    host, port = _address(entry, kind, findings)
    _check_authentication(entry, kind, host, findings)
    return Listener(
        name=value.name,
        protocol=value.protocol,
        profile=_profile(entry, kind, profiles, findings),
        host=host,
        port=port,
        checksum=value.checksum,
        authentication=value.authentication,
        max_connections=value.max_connections,
        idle_seconds=value.idle,
        kind=kind,
        line=_line(entry, kind, findings),
        broker=_broker(entry, sections, files, findings) if kind is ListenerKind.MQTT else None,
        identity=(value.identity or "").lstrip("0"),
        limits=_limits(value),
        networks=_networks(entry, findings),
        tls=_tls(entry, files, findings, are_there=sections.credentials is not None) if kind in _SOCKETS else None,
    )


def _tls(entry: Entry[ListenerEntry], files: Files, findings: Findings, *, are_there: bool) -> Tls | None:
    """The certificates. ``are_there``: the files are the county's own, on this machine, and are looked at."""
    value = entry.value.tls
    if value is None or _has_psk(entry, findings):
        return None
    tls = Tls(*("" if name is None else files.resolved(name) for name in (value.ca_file, value.certificate, value.key)))
    if value.certificate is None or value.key is None:
        findings.add(entry.place("tls"), "listener_tls_pair")
    elif are_there and (fault := unfit(tls, serves=True)):
        findings.warn(entry.place("tls"), "listener_tls_files", cause=fault)
    return tls


def _has_psk(entry: Entry[ListenerEntry], findings: Findings) -> bool:
    has = entry.value.tls is not None and entry.value.tls.psk is not None
    if has:
        findings.add(entry.place("tls", "psk"), "listener_psk", version=platform.python_version())
    return has


def _networks(entry: Entry[ListenerEntry], findings: Findings) -> tuple[Network, ...]:
    found = (
        network_of(word, entry.place("networks", at), findings, "listener_network")
        for at, word in enumerate(entry.value.networks)
    )
    return tuple(each for each in found if each is not None)


def _limits(value: ListenerEntry) -> Limits:
    return Limits(
        max_frame=value.max_frame,
        max_per_source=value.max_per_source,
        frames_per_second=value.frames_per_second,
        bytes_per_second=value.bytes_per_second,
        burst_seconds=value.burst,
        login_seconds=value.login,
        max_strangers=value.max_strangers,
        rubbish_bytes=value.rubbish,
    )


def _check_keys(entry: Entry[ListenerEntry], kind: ListenerKind, findings: Findings) -> None:
    for key, kinds in _ONLY.items():
        if key in entry.value.model_fields_set and kind not in kinds:
            findings.add(entry.place(key), "listener_key", key=key, kinds=", ".join(kinds))


def _check_authentication(entry: Entry[ListenerEntry], kind: ListenerKind, host: str, findings: Findings) -> None:
    """Note a way in from elsewhere by which whoever knows a number may speak as that device."""
    value = entry.value
    is_open = kind is ListenerKind.MQTT or (kind in _SOCKETS and bool(host) and not is_own(host))
    if is_open and value.protocol in _WITH_CODES and value.authentication == "optional":
        place = entry.place("authentication" if "authentication" in value.model_fields_set else kind)
        findings.warn(place, "authentication_open", value=value.name)


def _profile(
    entry: Entry[ListenerEntry], kind: ListenerKind, profiles: Mapping[str, Sequence[str]], findings: Findings
) -> str:
    """The profile for devices that name none; empty where the protocol is told by the first bytes."""
    value = entry.value
    if value.protocol in NAMELESS and kind is not ListenerKind.SERIAL:
        findings.add(entry.place("protocol"), "serial_only", protocol=value.protocol)
    elif value.protocol in NAMELESS and value.identity is None:
        findings.add(entry.place("protocol"), "identity_needed", protocol=value.protocol)
    if value.protocol != AUTO:
        return known_profile(entry, value.protocol, value.profile, profiles, findings)
    if kind is ListenerKind.MQTT:
        findings.add(entry.place("protocol"), "auto_topic")
    if value.profile is not None:
        findings.add(entry.place("profile"), "auto_profile")
    return ""


def _address(entry: Entry[ListenerEntry], kind: ListenerKind, findings: Findings) -> tuple[str, int]:
    """Host and port of TCP and UDP; port 0 lets the system choose one. IPv6 stands in brackets."""
    if kind not in _SOCKETS:
        return "", 0
    written: str = getattr(entry.value, kind)
    if (address := address_of(written)) is None:
        findings.add(entry.place(kind), "address", value=written)
        return "", 0
    return address


def _line(entry: Entry[ListenerEntry], kind: ListenerKind, findings: Findings) -> SerialLine:
    value = entry.value
    if kind is ListenerKind.SERIAL and not (value.serial or "").startswith("/"):
        findings.add(entry.place("serial"), "serial_path", value=value.serial)
    return SerialLine(value.serial or "", value.baud, value.data_bits, value.parity, value.stop_bits, value.flow)


def _broker(entry: Entry[ListenerEntry], sections: Sections, files: Files, findings: Findings) -> Broker:
    """The broker; our id there is the same at every start, so that it keeps what came meanwhile."""
    value, county = entry.value, sections.county
    url = value.mqtt or ""
    check_mqtt(url, entry.place("mqtt"), findings)
    if url.startswith("mqtt://") and not is_here(url):
        findings.warn(entry.place("mqtt"), "listener_open", value=url)
    secret = (sections.credentials or {}).get(value.credential or "")
    if value.credential is not None and sections.credentials is not None and secret is None:
        findings.add(entry.place("credential"), "listener_credential", value=value.credential)
    name = f"{county.value.code if county else ''}/{value.name}"
    # 23 letters and digits are what every broker has to take (MQTT 3.1.1, 3.1.3.1).
    tls = Tls()
    if not _has_psk(entry, findings):
        there = sections.credentials is not None
        tls = client_tls(entry, url, files, findings, "listener_tls_files", are_there=there)
    return Broker(url, "bgl" + hashlib.sha256(name.encode()).hexdigest()[:20], credential_of(secret), tls)
