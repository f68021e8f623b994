"""By what staff and wearers are told: a modem, or an HTTP gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from gateway.settings.alarm_policy import HttpGateway, Modem, Notices
from gateway.settings.ports import credential_of, is_here
from gateway.settings.raw_notices import NoticesEntry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.raw import CredentialEntry, UpstreamEntry
    from gateway.settings.raw_notices import HttpEntry

_NUMBER, _TEXT = "{number}", "{text}"
_SECRETS: Final = ("{username}", "{password}")


def notices(
    entry: Entry[NoticesEntry] | None,
    upstreams: Sequence[Entry[UpstreamEntry]],
    credentials: Mapping[str, CredentialEntry] | None,
    findings: Findings,
) -> Notices | None:
    """The section as written, or the upstream with a modem, which is short for one; None: there is neither.

    ``credentials`` None: not available, and none is asked for.
    """
    modems = [each for each in upstreams if each.value.sms is not None]
    for each in modems if entry is not None else modems[1:]:
        findings.add(each.place("sms"), "notices_twice")
    if entry is None:
        return _short(modems[0].value) if modems else None
    value = entry.value
    if (value.modem is None) == (value.http is None):
        findings.add(entry.place("modem" if value.modem is not None else "http"), "notices_kind")
    if value.http is not None:
        _check(entry, value.http, credentials, findings)
    secret = (credentials or {}).get(value.credential or "")
    return Notices(
        None if value.modem is None else Modem(value.modem, value.baud),
        None if value.http is None else _gateway(value.http),
        tuple(value.severity),
        credential_of(secret, with_keys=False),
    )


def _short(value: UpstreamEntry) -> Notices:
    return Notices(Modem(value.sms or "", NoticesEntry.model_fields["baud"].default), severities=tuple(value.severity))


def _check(
    entry: Entry[NoticesEntry],
    http: HttpEntry,
    credentials: Mapping[str, CredentialEntry] | None,
    findings: Findings,
) -> None:
    written = "".join((http.url, http.body or "", *http.headers.values()))
    try:
        parts = urlsplit(http.url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        sound, parts = False, urlsplit("")
    if "@" in parts.netloc:
        findings.add(entry.place("http", "url"), "url_secret")
    elif not sound or any(mark.isspace() for mark in http.url):
        findings.add(entry.place("http", "url"), "notices_url", value=http.url)
    elif parts.scheme == "http" and not is_here(http.url):
        findings.warn(entry.place("http", "url"), "request_open", value=http.url)
    for field in (_NUMBER, _TEXT):
        if field not in written:
            findings.add(entry.place("http"), "notices_field", value=field)
    wanted = [field for field in _SECRETS if field in written]
    if wanted and credentials is not None and entry.value.credential not in credentials:
        findings.add(entry.place("http"), "notices_secret", value=", ".join(wanted))


def _gateway(http: HttpEntry) -> HttpGateway:
    return HttpGateway(
        http.method, http.url, tuple(http.headers.items()), http.body or "", tuple(http.accepts),
        http.accepts_text or "",
    )  # fmt: skip
