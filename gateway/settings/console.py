"""The console's section: where its pages are, how long sessions last, and where contacts are."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final, TypeVar

from fencing.datum import Datum
from gateway.settings.raw_console import BaseMapEntry, ConsoleEntry, PagesEntry
from gateway.settings.values import address_of, is_address
from gateway.settings.windows import AskingCity, Console

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.files import Files
    from gateway.settings.raw_upstreams import CredentialEntry


Pages = TypeVar("Pages", bound=PagesEntry)
LINK: Final = re.compile(r"https?://[^\s{}<>\"']+\{person\}[^\s{}<>\"']*")


def console(
    entry: Entry[ConsoleEntry] | None,
    maps: Datum,
    files: Files,
    secrets: Mapping[str, CredentialEntry] | None,
    findings: Findings,
) -> Console:
    """The section, its files absolute where the configuration has a directory; else the defaults.

    ``maps``: datum of the county's maps; ``secrets`` None: not to be asked for.
    """
    value = ConsoleEntry() if entry is None else entry.value
    if entry is not None:
        check_pages(entry, findings)
        _check_link(entry, findings)
        _check_base_map(entry, maps, findings)
        _check_city(entry, secrets, findings)
    return Console(
        **pages_of(entry, files), audit_days=value.audit_days, contacts=_file(value.contacts, files),
        contacts_link=value.contacts_link or "", base_map=_base_map(value.base_map, files), operators=value.operators,
        alarms_each=value.alarms_each,
        city=None if value.city is None else AskingCity(value.city.code, value.city.credential, value.city.longest),
    )  # fmt: skip


def pages_of(entry: Entry[Pages] | None, files: Files) -> dict[str, Any]:
    """Where pages are, and how long sessions and passwords last, as :class:`Console` has it; else the defaults."""
    value = PagesEntry() if entry is None else entry.value
    return {
        "listen": address_of(value.listen) or Console().listen, "certificate": _file(value.certificate, files),
        "key": _file(value.key, files), "idle": value.idle, "session": value.session,
        "password_days": value.password_days, "password_history": value.password_history,
    }  # fmt: skip


def check_pages(entry: Entry[Pages], findings: Findings) -> None:
    """Note what is wrong with where pages are, and with how long sessions last."""
    value, address = entry.value, address_of(entry.value.listen)
    if address is None or not address[1]:
        findings.add(entry.place("listen"), "console_listen", value=value.listen)
    if (value.certificate is None) != (value.key is None):
        findings.add(entry.place("certificate" if value.key is None else "key"), "console_pair")
    elif value.certificate is None and address is not None and not is_loopback(address[0]):
        findings.add(entry.place("listen"), "console_tls", value=value.listen)
    if value.idle > value.session:
        findings.add(entry.place("idle"), "console_idle")


def _check_link(entry: Entry[ConsoleEntry], findings: Findings) -> None:
    value = entry.value
    if value.contacts_link is not None and LINK.fullmatch(value.contacts_link) is None:
        findings.add(entry.place("contacts_link"), "console_link", value=value.contacts_link)


def _check_base_map(entry: Entry[ConsoleEntry], maps: Datum, findings: Findings) -> None:
    value = entry.value
    if value.base_map is not None and value.base_map.datum != maps:
        findings.add(entry.place("base_map"), "console_base_map", value=str(value.base_map.datum), maps=str(maps))


def _check_city(
    entry: Entry[ConsoleEntry], secrets: Mapping[str, CredentialEntry] | None, findings: Findings
) -> None:  # fmt: skip
    city = entry.value.city
    if city is not None and secrets is not None:
        secret = secrets.get(city.credential)
        if secret is None or secret.sign_key is None:
            findings.add(entry.place("city", "credential"), "sign_key_missing", value=city.credential)


def is_loopback(host: str) -> bool:
    """Whether an address in numbers is reached from this machine alone; a name may be anywhere."""
    return is_address(host) and ip_address(host).is_loopback


def _base_map(value: BaseMapEntry | None, files: Files) -> tuple[str, Datum] | None:
    return None if value is None else (files.resolved(value.file), Datum(value.datum))


def _file(name: str | None, files: Files) -> str:
    return "" if name is None else files.resolved(name)
