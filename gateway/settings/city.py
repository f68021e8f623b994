"""Reading ``city.yaml``: every fault found in one go, or one frozen configuration of a city's desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from gateway.settings.console import check_pages, pages_of
from gateway.settings.documents import read_yaml
from gateway.settings.entries import check_keys, read_entry, read_list, read_once
from gateway.settings.faults import ConfigurationRefused, Findings, Place
from gateway.settings.files import DirectoryFiles
from gateway.settings.model import Credential, Role, Staff, Tls
from gateway.settings.ports import check_mqtt, check_nats, credential_of, is_here
from gateway.settings.raw_city import (
    CityCountyEntry,
    CityEntry,
    CityFile,
    CityStaffEntry,
    CityStorageEntry,
)
from gateway.settings.raw_console import PagesEntry
from gateway.settings.sections import read_credentials
from gateway.settings.sources import Sources, text_digest
from gateway.settings.tables import note_duplicates
from gateway.settings.upstreams import client_tls
from gateway.settings.windows import Console

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gateway.settings.documents import Document
    from gateway.settings.entries import Entry
    from gateway.settings.faults import Fault
    from gateway.settings.files import Files
    from gateway.settings.model import Person
    from gateway.settings.raw import CredentialEntry

CITY: Final = "city.yaml"


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose desk it is. ``code`` is for machines; ``name_en`` empty: as in Chinese."""

    code: str
    name: str
    name_en: str = ""
    timezone: str = "Asia/Shanghai"
    language: str = "zh"

    def called(self, language: str) -> str:
        """Its name in a language."""
        return (self.name_en if language == "en" else "") or self.name


@dataclass(frozen=True, slots=True)
class CityCounty:
    """A county whose gateway tells of its alarms.

    Attributes:
        code: ``county.code`` of its gateway.
        name, name_en: as people call it; in English, empty: as in Chinese.
        broker: where its messages are read; empty: its gateway posts them, or they are in the city's streams.
        credential: for broker or streams, and the key by which what is posted, and what is asked of its desk, is
            signed.
        tls: how broker, streams and desk are known.
        desk: https address of its duty desk; empty: not known.
        streams: servers of the city's streams; empty: it is not read there. ``domain``: of JetStream.
        source: whose verdicts count of what is in the streams, ``county`` or ``worker``.
    """

    code: str
    name: str
    name_en: str = ""
    broker: str = ""
    credential: Credential = field(default=Credential(), repr=False)
    tls: Tls = field(default=Tls())
    desk: str = ""
    streams: str = ""
    domain: str = ""
    source: Literal["county", "worker"] = "county"

    @property
    def takes_acts(self) -> bool:
        """Whether the city may send it acts: it is read by streams, and its act_key is known."""
        return bool(self.streams and self.credential.act_key)

    def called(self, language: str) -> str:
        """Its name in a language."""
        return (self.name_en if language == "en" else "") or self.name

    @property
    def is_asked(self) -> bool:
        """Whether its desk can be asked for packages: there is one, and a key to sign by."""
        return bool(self.desk and self.credential.sign_key)


@dataclass(frozen=True, slots=True)
class CityConfiguration:
    """All of a city's desk.

    Attributes:
        county: whose desk it is, under the name by which pages know it.
        directory: for city.db, accounts and the audit log.
        alarm_days: for how long an alarm is kept after it is over.
        console: its pages.
        staff: who works there, by number.
        counties: by code, in the order of the file.
        digest: SHA-256 of the file.
    """

    county: Whose
    directory: str
    alarm_days: int
    console: Console
    staff: Mapping[str, Staff]
    counties: Mapping[str, CityCounty]
    digest: str

    @property
    def people(self) -> Mapping[str, Person]:
        """Nobody: a city has no register of persons."""
        return {}


class CityRead(NamedTuple):
    """What was found: the configuration where there are no faults; both lists sorted by place."""

    configuration: CityConfiguration | None
    faults: list[Fault]
    warnings: list[Fault]


def is_city(path: Path) -> bool:
    """Whether a path that is to be checked is a city's file."""
    return path.name == CITY and path.is_file()


def city_file(path: Path) -> Path:
    """The file of a city, which a directory is named for."""
    return path / CITY if path.is_dir() else path


def load_city(path: Path, language: str | None = None, *, secrets: bool = True) -> CityConfiguration:
    """The configuration in a directory (its ``city.yaml``), or of the file itself.

    Raises:
        ConfigurationRefused: with every fault, in ``language`` or the city's.
    """
    found = examine_city(path, language, secrets=secrets)
    if found.configuration is None:
        raise ConfigurationRefused(found.faults)
    return found.configuration


def examine_city(path: Path, language: str | None = None, *, secrets: bool = True) -> CityRead:
    """The configuration, or None, with all its faults and warnings.

    Args:
        path: the directory, or the file.
        language: ``zh`` or ``en``; None: the city's own.
        secrets: False: credentials are not read, stay empty and are not asked for.
    """
    file, findings = city_file(path), Findings()
    files = DirectoryFiles(file, secrets=secrets)
    sources = Sources(files)
    text = sources.text(file.name, Place(str(file)), findings)
    document = read_yaml(str(file), text or "", findings)
    spoken = language or ("en" if document.at(("city", "language")) == "en" else "zh")
    if text is not None and not document.broken and check_keys(document, CityFile, findings):
        made = _composed(document, files, read_credentials(sources, findings), text_digest(text), findings)
    else:
        made = None
    faults = findings.faults(spoken)
    return CityRead(None if faults else made, faults, findings.warnings(spoken))


def _composed(
    document: Document, files: Files, secrets: Mapping[str, CredentialEntry] | None, digest: str, findings: Findings
) -> CityConfiguration | None:
    city = read_once(document, "city", CityEntry, findings)
    storage = read_once(document, "storage", CityStorageEntry, findings)
    pages = read_entry(document, ("console",), PagesEntry, findings) if ("console",) in document.values else None
    if pages is not None:
        check_pages(pages, findings)
    staff = read_list(document, ("staff",), CityStaffEntry, findings)
    counties = read_list(document, ("counties",), CityCountyEntry, findings)
    for entries, key in ((staff, "number"), (counties, "code")):
        note_duplicates(((getattr(one.value, key), one.place(key)) for one in entries), findings)
    if not counties and not document.at(("counties",)):
        findings.add(document.place(("counties",)), "missing", key="counties")
    found = {one.value.code: _county(one, files, secrets, findings) for one in counties}
    if city is None or storage is None:
        return None
    value, kept = city.value, storage.value
    whose = Whose(value.code, value.name, value.name_en or "", value.timezone, value.language)
    window = Console(**pages_of(pages, files))
    return CityConfiguration(
        whose, files.resolved(kept.directory), kept.alarm_days, window, _staff(staff), found, digest
    )


def _staff(entries: Sequence[Entry[CityStaffEntry]]) -> dict[str, Staff]:
    written = (one.value for one in reversed(entries))
    return {one.number: Staff(one.number, "", frozenset(map(Role, one.roles))) for one in written}


def _county(
    entry: Entry[CityCountyEntry], files: Files, secrets: Mapping[str, CredentialEntry] | None, findings: Findings
) -> CityCounty:
    value = entry.value
    where = value.mqtt or value.nats or value.desk
    _check_way(entry, findings)
    tls = Tls() if where is None else client_tls(
        entry, where, files, findings, "tls_files", are_there=secrets is not None
    )  # fmt: skip
    secret = _secret(entry, secrets, findings)
    return CityCounty(
        value.code, value.name, value.name_en or "", value.mqtt or "", secret, tls, (value.desk or "").rstrip("/"),
        value.nats or "", value.domain or "", value.source,
    )  # fmt: skip


def _check_way(entry: Entry[CityCountyEntry], findings: Findings) -> None:
    """One way alone, its address, and nothing that belongs to another."""
    value = entry.value
    if value.mqtt is not None and value.nats is not None:
        findings.add(entry.place("nats"), "city_ways")
    elif value.mqtt is not None:
        check_mqtt(value.mqtt, entry.place("mqtt"), findings)
        if value.mqtt.startswith("mqtt://") and not is_here(value.mqtt):
            findings.warn(entry.place("mqtt"), "upstream_open", value=value.mqtt)
    elif value.nats is not None:
        check_nats(value.nats, entry.place("nats"), findings)
    elif value.tls is not None and value.desk is None:
        findings.add(entry.place("tls"), "city_tls")
    for key in ("domain", "source"):
        if value.nats is None and key in value.model_fields_set:
            findings.add(entry.place(key), "city_nats_only", key=key)


def _secret(
    entry: Entry[CityCountyEntry], secrets: Mapping[str, CredentialEntry] | None, findings: Findings
) -> Credential:
    """What a county's gateway, or its broker, is known by; ``secrets`` None: not to be asked for."""
    value = entry.value
    secret = (secrets or {}).get(value.credential or "")
    if secrets is None:
        return Credential()
    if value.mqtt is None and value.nats is None and (secret is None or secret.sign_key is None):
        findings.add(entry.place("credential"), "sign_key_missing", value=value.credential or value.code)
    elif value.credential is not None and secret is None:
        findings.add(entry.place("credential"), "city_credential", value=value.credential)
    return credential_of(secret)


_WAYS: Final = {(True, False): "city_by_broker", (False, True): "city_by_stream", (False, False): "city_posted"}
"""The sentence of a county, by whether it is read at a broker, or in streams."""


def sentences_of(configuration: CityConfiguration, language: str) -> list[str]:
    """One plain sentence a county: by which way it is heard, and where its desk is."""
    from gateway.settings.messages import say  # noqa: PLC0415  a service that starts needs no word of it

    return [
        say(language, _WAYS[bool(one.broker), bool(one.streams)], name=one.called(language), code=one.code,
            url=one.broker or one.streams, source=one.source, desk=one.desk or say(language, "city_no_desk"))
        for one in configuration.counties.values()
    ]  # fmt: skip
