"""What a log server hears of the journal, of alarms and of troubles: by table, and never a name, place or free text."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from gateway.decoded import plain_json
from gateway.journal.entries import EntryKind
from gateway.upstream.syslog_message import Facility, Level, Message
from gateway.words.kind_names import KIND_NAMES

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from gateway.settings.model import Staff


class Told(NamedTuple):
    """What is told of a kind of entry: how grave it is, and which fields of its payload."""

    level: Level
    fields: tuple[str, ...]


_WHO: Final = ("by", "account")
ENTRIES: Final[Mapping[EntryKind, Told]] = {
    EntryKind.START: Told(Level.NOTICE, ("version", "engine")),
    EntryKind.STOP: Told(Level.NOTICE, ("reason",)),
    EntryKind.CONFIGURATION: Told(Level.NOTICE, ("digest",)),
    EntryKind.TOWERS: Told(Level.NOTICE, ("digest",)),
    EntryKind.CLOCK: Told(Level.WARNING, ("old", "new")),
    EntryKind.SKIPPED: Told(Level.ERROR, ("offset", "fault", "device")),
    EntryKind.ACT: Told(
        Level.NOTICE, ("id", "do", "alarm", *_WHO, "outcome", "verified_by", "whom", "result", "to", "cause", "origin")
    ),
    EntryKind.COMMAND: Told(Level.NOTICE, ("id", "device", "kind", *_WHO, "confirmed_by", "confirmer")),
    EntryKind.RESULT: Told(Level.NOTICE, ("command", "end", "by")),
    EntryKind.DEED: Told(Level.NOTICE, ("id", "do", *_WHO)),
    EntryKind.RELOAD: Told(Level.NOTICE, ("do", "files", "digest", *_WHO)),
    EntryKind.ERASURE: Told(Level.WARNING, ("do", "id", *_WHO, "first")),
    EntryKind.AUDIT: Told(
        Level.NOTICE, ("what", "number", "account", "office", "door", "about", "since", "until", "ok")
    ),
    EntryKind.PAPER: Told(Level.NOTICE, ("paper", "do", "revision", "form", "office", "digest", *_WHO)),
    EntryKind.TEST: Told(Level.NOTICE, ("id", "device", *_WHO)),
    EntryKind.NOTICE: Told(Level.INFO, ("notice", "state", "by", "why")),
    EntryKind.REMINDER: Told(Level.INFO, ("device", "rule")),
}
"""The kinds of entries that are audited; the others are what devices say, and the time."""
STAFF: Final = frozenset({"by", "number", "confirmed_by", "to"})
"""Fields with a person of the staff: told where they are a code of the table of staff, for else somebody typed them."""
WAYS: Final = frozenset({"", "sms", "device"})
"""What ``by`` says of a notice, and where nobody did it."""
LEVELS: Final[Mapping[str, Level]] = {
    "critical": Level.CRITICAL, "serious": Level.ERROR, "warning": Level.WARNING, "info": Level.INFO,
}  # fmt: skip
"""By an alarm's severity."""


def codes_of(staff: Mapping[str, Staff]) -> frozenset[str]:
    """What may stand for a person of the staff, or for their office."""
    return frozenset(staff) | {one.office for one in staff.values()}


def of_entry(
    kind: EntryKind, entry: int, received: float, payload: bytes, codes: Container[str] = frozenset()
) -> Message:  # fmt: skip
    """What is told of an entry of :data:`ENTRIES`; of one whose payload cannot be read, that it is there.

    ``codes``: what may stand for a person (:func:`codes_of`); who is named otherwise is left out, the account stays.
    """
    told = ENTRIES[kind]
    try:
        said = plain_json(payload)
    except (msgspec.MsgspecError, UnicodeError):
        said = None
    fields = said if isinstance(said, dict) else {}
    facts = {"entry": entry, **{name: fields[name] for name in told.fields if name in fields}}
    for name in STAFF & facts.keys():
        if (said := str(facts[name])) not in codes and said not in WAYS:
            del facts[name]
    name = f"{kind.name}.{facts['do']}" if "do" in facts else kind.name
    return Message(Facility.AUDIT, told.level, received, name, "entry", facts)


def of_alarm(body: bytes, language: str) -> Message:
    """What is told of an alarm's message to the platforms: which, of which kind and device, by which entry.

    One of an older version may say less.
    """
    event: dict[str, Any] = plain_json(body)
    data = event["data"]
    facts = {name: data.get(name) for name in ("alarm", "revision", "kind", "severity", "device", "rule")}
    facts |= {"message": event["id"], "entry": data.get("journal", {}).get("entry")}
    time, kind = datetime.fromisoformat(event["time"]).timestamp(), KIND_NAMES.get(facts["kind"])
    text = "" if kind is None else kind.zh if language == "zh" else kind.en
    level = LEVELS.get(str(facts["severity"]), Level.NOTICE)
    return Message(Facility.LOCAL0, level, time, event["type"].removeprefix("bracelet."), "alarm", facts, text)


def of_trouble(part: str, trouble: str, time: float) -> Message:
    """That a part of the gateway does not work, and why; or that it does again (empty)."""
    name, level = ("fault", Level.ERROR) if trouble else ("fault.over", Level.NOTICE)
    return Message(Facility.DAEMON, level, time, name, "fault", {"part": part}, trouble)
