"""The receivers of alarms: where they are, how patient we are with them, and what else they get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from gateway.errors import TransientFault
from gateway.settings.model import Delivery, Telemetry, Tls, Upstream, UpstreamKind
from gateway.settings.ports import check_mqtt, check_nats, credential_of, is_here
from gateway.settings.tables import note_duplicates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings, Place
    from gateway.settings.files import Files
    from gateway.settings.raw import CredentialEntry, UpstreamEntry

    Credentials = Mapping[str, CredentialEntry] | None

_BROKER: Final = (UpstreamKind.MQTT,)
_BOTH_WAYS: Final = (UpstreamKind.MQTT, UpstreamKind.NATS)
_NETWORK: Final = (UpstreamKind.MQTT, UpstreamKind.WEBHOOK, UpstreamKind.NATS)
_FOR: Final[Mapping[str, tuple[UpstreamKind, ...]]] = {
    "domain": (UpstreamKind.NATS,),
    **dict.fromkeys(("accept_acts", "acts_within"), _BOTH_WAYS),
    **dict.fromkeys(("mqtt_version", "fence_wait", "repeat_wait"), _BROKER),
    **dict.fromkeys(
        ("credential", "tls", "telemetry", "heartbeat", "per_second", "connect_wait", "publish_wait", "tries"), _NETWORK
    ),
}
"""Keys that not every kind knows."""
_SECURE: Final = ("mqtts", "https", "tls")


def upstreams(
    entries: Sequence[Entry[UpstreamEntry]], credentials: Credentials, files: Files, findings: Findings
) -> tuple[Upstream, ...]:
    """The receivers of alarms, as written. ``credentials`` None: not available, and none is asked for (replay)."""
    note_duplicates(((entry.value.name, entry.place("name")) for entry in entries), findings)
    found = (_upstream(entry, credentials, files, findings) for entry in entries)
    return tuple(each for each in found if each is not None)


def _upstream(
    entry: Entry[UpstreamEntry], credentials: Credentials, files: Files, findings: Findings
) -> Upstream | None:
    value = entry.value
    ways = [kind for kind in UpstreamKind if getattr(value, kind) is not None]
    if len(ways) + (value.sms is not None) != 1:
        findings.add(entry.place("name"), "upstream_kind", value=value.name)
    if len(ways) != 1:
        return None  # a modem is for notices
    kind, url = ways[0], str(getattr(value, ways[0]))
    _check_keys(entry, kind, findings)
    _check_address(url, kind, entry.place(kind), findings)
    _check_secrets(entry, kind, credentials, findings)
    return Upstream(
        value.name,
        kind,
        files.resolved(url) if kind is UpstreamKind.FILE else url,
        credential_of((credentials or {}).get(value.credential or "")),
        value.accept_acts,
        tuple(value.severity),
        _patience(value),
        value.acts_within,
        client_tls(entry, url, files, findings, "tls_files", are_there=credentials is not None),
        _telemetry(entry, findings),
        value.domain or "",
    )


def _patience(value: UpstreamEntry) -> Delivery:
    waits = (value.connect_wait, value.publish_wait, value.fence_wait, value.repeat_wait)
    return Delivery(*waits, value.tries, value.mqtt_version, float(value.per_second), value.heartbeat)


def _check_keys(entry: Entry[UpstreamEntry], kind: UpstreamKind, findings: Findings) -> None:
    """A key that this kind does not know would be believed to do something."""
    for key, kinds in _FOR.items():
        if kind not in kinds and key in entry.value.model_fields_set:
            findings.add(entry.place(key), "upstream_key_idle", key=key, kind=str(kind), allowed=", ".join(kinds))


def _check_address(url: str, kind: UpstreamKind, place: Place, findings: Findings) -> None:
    if kind is UpstreamKind.WEBHOOK:
        _check_webhook(url, place, findings)
    elif kind is UpstreamKind.MQTT:
        check_mqtt(url, place, findings)
        if url.startswith("mqtt://") and not is_here(url):
            findings.warn(place, "upstream_open", value=url)
    elif kind is UpstreamKind.NATS:
        check_nats(url, place, findings)


def _check_webhook(url: str, place: Place, findings: Findings) -> None:
    """By TLS beyond this machine, and nothing secret in the address."""
    try:
        parts = urlsplit(url)
        is_sound = bool(parts.hostname) and parts.port != 0 and not any(mark.isspace() for mark in url)
    except ValueError:
        findings.add(place, "webhook_url", value=url)
        return
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_here(url))
    if "@" in parts.netloc:
        findings.add(place, "url_secret")
    elif not (is_sound and is_safe) or parts.fragment:
        findings.add(place, "webhook_url", value=url)


def _check_secrets(
    entry: Entry[UpstreamEntry], kind: UpstreamKind, credentials: Credentials, findings: Findings
) -> None:
    value = entry.value
    if credentials is None:
        return
    secret = credentials.get(value.credential or "")
    if value.accept_acts and kind in _BOTH_WAYS and (secret is None or secret.act_key is None):
        findings.add(entry.place("accept_acts"), "act_key_missing", value=value.credential or value.name)
    if kind is UpstreamKind.WEBHOOK and (secret is None or secret.sign_key is None):
        findings.add(entry.place("webhook"), "sign_key_missing", value=value.credential or value.name)


def client_tls(
    entry: Entry[Any], url: str, files: Files, findings: Findings, unusable: str, *, are_there: bool
) -> Tls:  # fmt: skip
    """The certificates of whoever connects to ``url``; ``unusable`` names what is said of files that cannot be used.

    ``are_there``: the files are the county's own, on this machine, and are looked at.
    """
    value = entry.value.tls
    if value is None:
        return Tls()
    tls = Tls(*("" if name is None else files.resolved(name) for name in (value.ca_file, value.certificate, value.key)))
    place = entry.place("tls")
    if (value.certificate is None) != (value.key is None):
        findings.add(entry.place("tls", "certificate" if value.key is None else "key"), "tls_pair")
    elif tls == Tls():
        findings.add(place, "tls_nothing")
    elif not url.startswith(_SECURE):
        findings.add(place, "tls_open", value=url)
    elif are_there and (fault := unfit(tls, serves=False)):
        findings.warn(place, unusable, cause=fault)
    return tls


def unfit(tls: Tls, *, serves: bool) -> str:
    """Why certificates cannot be used, to serve by or to connect by; empty: they can."""
    from gateway.tls import client_context, server_context  # noqa: PLC0415  few counties have any, and it loads long

    try:
        (server_context if serves else client_context)(tls)
    except TransientFault as fault:
        return str(fault)
    return ""


def _telemetry(entry: Entry[UpstreamEntry], findings: Findings) -> Telemetry | None:
    value = entry.value.telemetry
    if value is None:
        return None
    if not (value.positions or value.presence):
        findings.add(entry.place("telemetry"), "telemetry_nothing")
    return Telemetry(value.basis, value.every, value.positions, value.presence, value.minors)
