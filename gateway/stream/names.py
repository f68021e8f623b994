"""How streams, subjects, buckets, keys and headers are called, in one place for all who write and read them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA: Final = "1"
"""Of messages and streams as they are now; a reader refuses any other."""
SCHEMA_KEY, PARTITIONS_KEY = "schema", "partitions"
"""Keys of a journal stream's metadata."""

ALARMS, LIFE, ACTS = "ALARMS", "LIFE", "ACTS"
ALARM_SUBJECTS, LIFE_SUBJECTS, ACT_SUBJECTS = "alarm.*.*", "life.*.*", "act.*"
SNAPSHOTS = "snapshots"
"""The object bucket of workers' snapshots."""
WORKERS, SKIPPED = "workers", "skipped"
"""Buckets of keys: how each worker stands, by his name; and the entries that no engine can step."""
ERASURES = "erasures"
"""A bucket of keys and one of objects: how far each erasure is, and which entries it takes out."""

MESSAGE_ID, EXPECTED_LAST, EXPECTED_STREAM = "Nats-Msg-Id", "Nats-Expected-Last-Sequence", "Nats-Expected-Stream"
EXPECTED_OF_SUBJECT, SUBJECT = "Nats-Expected-Last-Subject-Sequence", "Nats-Subject"
BATCH_ID, BATCH_PLACE, BATCH_END = "Nats-Batch-Id", "Nats-Batch-Sequence", "Nats-Batch-Commit"
SEQUENCE, STORED_AT, STATUS = "Nats-Sequence", "Nats-Time-Stamp", "Status"
"""Headers of the server's own."""
SCHEMA_HEADER, FIRST, COUNT = "Gateway-Schema", "Gateway-First", "Gateway-Count"
"""Of a journal's message: its schema, the offset of its first entry, and how many entries it has."""
SOURCE, CHAIN = "Gateway-Source", "Gateway-Chain"
"""The county journal's offset behind what the message covers; the chain up to the message's end, hexadecimal."""
SALT, LINK = "Gateway-Salt", "Gateway-Link"
"""What the chain goes over besides the entries, hexadecimal, so that nobody can try out what they were; and, where some
of these were erased, what they were to the chain instead of it."""
LATEST, SKIPS = "Gateway-Latest", "Gateway-Skips"
"""The latest receive time up to the message's end, UTC epoch seconds; the sequence of the last message so far that has
a SKIPPED entry, 0: none."""

Source = Literal["county", "worker"]
"""Who tells: a county's own gateway, or a worker of the city's."""

_PLAIN: Final = re.compile(r"(?!x-)[A-Za-z0-9_-]+")
_ESCAPED: Final = "x-"
_JOURNAL: Final = "JOURNAL_"


def token(code: str) -> str:
    """A county's code as a part of names: itself where it is plain, else ``x-`` and the hexadecimal of its UTF-8."""
    return code if _PLAIN.fullmatch(code) else _ESCAPED + code.encode().hex()


def code_of(written: str) -> str:
    """Inverse of :func:`token`.

    Raises:
        ValueError: no code is written like that.
    """
    if written.startswith(_ESCAPED):
        return bytes.fromhex(written.removeprefix(_ESCAPED)).decode()
    if not _PLAIN.fullmatch(written):
        raise ValueError(written)
    return written


class Partition(NamedTuple):
    """A part of a county that is worked on by itself: the county's code, its number from 0, and how many there are."""

    code: str
    number: int
    of: int


def journal_stream(code: str, partition: int) -> str:
    """The stream of a county's partition, counted from 0."""
    return f"{_JOURNAL}{token(code)}_{partition}"


def journal_subject(code: str, partition: int) -> str:
    """Its one subject."""
    return f"journal.{token(code)}.{partition}"


def erased_stream(journal: str) -> str:
    """What stands in for those messages of a journal's stream of which something was erased."""
    return f"ERASED_{journal.removeprefix(_JOURNAL)}"


def erased_subject(journal: str, sequence: int | str) -> str:
    """Under which the one of a sequence stands there."""
    return f"erased.{journal.removeprefix(_JOURNAL)}.{sequence}"


def signs_stream(code: str) -> str:
    """Where a county's partitions hand on what concerns all of them."""
    return f"SIGNS_{token(code)}"


def signs_subject(code: str) -> str:
    """Its one subject."""
    return f"signs.{token(code)}"


def alarm_subject(code: str, source: Source) -> str:
    """Where alarm events go, as CloudEvents."""
    return f"alarm.{token(code)}.{source}"


def alarm_id(code: str, source: Source, event: str) -> str:
    """``Nats-Msg-Id`` of an alarm event."""
    return f"{token(code)}:{source}:{event}"


def life_subject(code: str, source: Source) -> str:
    """Where signs of life go; the last one stays."""
    return f"life.{token(code)}.{source}"


def act_subject(code: str) -> str:
    """Where officers' acts for a county go."""
    return f"act.{token(code)}"


def act_consumer(code: str) -> str:
    """The consumer by which a county's gateway takes them."""
    return f"acts_{token(code)}"


def reader(city: str, subject: str) -> str:
    """The consumer by which a city's desk reads a subject."""
    return f"{token(city)}_{subject.replace('.', '_')}"


def telemetry_subject(code: str, kind: str) -> str:
    """Where places and presence go, to whoever listens just then: no stream keeps them."""
    return f"telemetry.{token(code)}.{kind}"


def configurations_bucket(code: str) -> str:
    """The object bucket of a county's configurations, by digest, and of the files of what it knows of cells."""
    return f"configurations_{token(code)}"


def snapshot_key(code: str, partition: int) -> str:
    """Under which a partition's last snapshot lies in :data:`SNAPSHOTS`."""
    return f"{token(code)}/{partition}"


def user_inbox(user: str) -> str:
    """Below which answers to a user come: each its own, so that nobody need be let read another's."""
    return f"_INBOX.{token(user)}" if user else "_INBOX"


def size_of(headers: Mapping[str, str]) -> int:
    """Bytes of headers on the wire: the server counts them towards its ``max_payload``."""
    if not headers:
        return 0
    return len("NATS/1.0\r\n\r\n") + sum(len(f"{key}: {value}\r\n".encode()) for key, value in headers.items())
