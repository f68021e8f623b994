"""Reading ``worker.yaml``: every fault found in one go, or one frozen configuration of a worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from gateway.settings.documents import read_yaml
from gateway.settings.entries import check_keys, read_once
from gateway.settings.faults import ConfigurationRefused, Findings, Place
from gateway.settings.files import DirectoryFiles
from gateway.settings.model import Credential, Tls
from gateway.settings.ports import check_nats, credential_of
from gateway.settings.raw_worker import StreamEntry, WorkerEntry, WorkerFile, WorkerStorageEntry
from gateway.settings.sections import read_credentials
from gateway.settings.sources import Sources
from gateway.settings.upstreams import client_tls

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gateway.settings.documents import Document
    from gateway.settings.entries import Entry
    from gateway.settings.faults import Fault
    from gateway.settings.files import Files
    from gateway.settings.raw import CredentialEntry

WORKER: Final = "worker.yaml"


class Wanted(NamedTuple):
    """A county's partition, from 0; None: all of that county's."""

    county: str
    partition: int | None


@dataclass(frozen=True, slots=True)
class WorkerConfiguration:
    """All of a worker.

    Attributes:
        name: by which the streams know it.
        language: ``zh`` or ``en``.
        directory: for snapshots and history.
        url, credential, tls, domain: of the server with the streams.
        replicas: of what is made there where it is missing.
        partitions: which it takes; empty: all that there are.
    """

    name: str
    language: str
    directory: str
    url: str
    credential: Credential = field(default=Credential(), repr=False)
    tls: Tls = field(default=Tls())
    domain: str = ""
    replicas: int = 1
    partitions: tuple[Wanted, ...] = ()


class WorkerRead(NamedTuple):
    """What was found: the configuration where there are no faults; both lists sorted by place."""

    configuration: WorkerConfiguration | None
    faults: list[Fault]
    warnings: list[Fault]


def is_worker(path: Path) -> bool:
    """Whether a path that is to be checked is a worker's file."""
    return path.name == WORKER and path.is_file()


def worker_file(path: Path) -> Path:
    """The file of a worker, which a directory is named for."""
    return path / WORKER if path.is_dir() else path


def load_worker(path: Path, language: str | None = None) -> WorkerConfiguration:
    """The configuration in a directory (its ``worker.yaml``), or of the file itself.

    Raises:
        ConfigurationRefused: with every fault, in ``language`` or the worker's.
    """
    found = examine_worker(path, language)
    if found.configuration is None:
        raise ConfigurationRefused(found.faults)
    return found.configuration


def examine_worker(path: Path, language: str | None = None) -> WorkerRead:
    """The configuration, or None, with all its faults and warnings, in ``language`` or the worker's."""
    file, findings = worker_file(path), Findings()
    files = DirectoryFiles(file)
    sources = Sources(files)
    text = sources.text(file.name, Place(str(file)), findings)
    document = read_yaml(str(file), text or "", findings)
    spoken = language or ("en" if document.at(("worker", "language")) == "en" else "zh")
    made = None
    if text is not None and not document.broken and check_keys(document, WorkerFile, findings):
        made = _composed(document, files, read_credentials(sources, findings) or {}, findings)
    faults = findings.faults(spoken)
    return WorkerRead(None if faults else made, faults, findings.warnings(spoken))


def _composed(
    document: Document, files: Files, secrets: Mapping[str, CredentialEntry], findings: Findings
) -> WorkerConfiguration | None:
    worker = read_once(document, "worker", WorkerEntry, findings)
    stream = read_once(document, "stream", StreamEntry, findings)
    storage = read_once(document, "storage", WorkerStorageEntry, findings)
    partitions = _wanted(document, findings)
    if worker is None or stream is None or storage is None:
        return None
    credential, tls = stream_access(stream, files, secrets, findings)
    return WorkerConfiguration(
        worker.value.name, worker.value.language, files.resolved(storage.value.directory), stream.value.nats,
        credential, tls, stream.value.domain or "", stream.value.replicas, partitions,
    )  # fmt: skip


def stream_access(
    entry: Entry[StreamEntry], files: Files, secrets: Mapping[str, CredentialEntry], findings: Findings
) -> tuple[Credential, Tls]:
    """How a server with streams is gone to: each address checked, and the secrets there."""
    value = entry.value
    for url in value.nats.split(","):
        check_nats(url.strip(), entry.place("nats"), findings)
    if value.credential is not None and value.credential not in secrets:
        findings.add(entry.place("credential"), "city_credential", value=value.credential)
    tls = client_tls(entry, value.nats, files, findings, "tls_files", are_there=True)
    return credential_of(secrets.get(value.credential or "")), tls


def _wanted(document: Document, findings: Findings) -> tuple[Wanted, ...]:
    written = document.at(("partitions",))
    found = []
    for at, text in enumerate(written if isinstance(written, list) else []):
        one = _partition(str(text))
        if one is None:
            findings.add(document.place(("partitions", at)), "worker_partition", value=text)
        else:
            found.append(one)
    return tuple(dict.fromkeys(found))


def _partition(text: str) -> Wanted | None:
    code, stroke, number = text.strip().partition("/")
    if not code or (stroke and not (number.isascii() and number.isdigit())):
        return None
    return Wanted(code, int(number) if stroke else None)


def sentences_of(configuration: WorkerConfiguration, language: str) -> Sequence[str]:
    """What the worker will do, in plain sentences."""
    from gateway.settings.messages import say  # noqa: PLC0415  a service that starts needs no word of it

    named = ", ".join(one.county if one.partition is None else f"{one.county}/{one.partition}"
                      for one in configuration.partitions)  # fmt: skip
    key = "worker_takes" if named else "worker_takes_all"
    return [say(language, key, name=configuration.name, partitions=named, url=configuration.url)]
