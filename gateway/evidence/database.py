"""Alarms, what was done about them, and counts, as one SQLite file for whoever audits or counts.

Nothing of where anybody was is in it, unless that is asked for: no coordinates, no zones, no facts of a place, and no
free words where people are not to be known. For statistics people and staff are numbers of this file alone, drawn by
lot: nobody can find anybody by them, and two files have nothing in common.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlite_utils import Database

from gateway.clock import iso
from gateway.engine import CloseOutcome
from gateway.kinds import TRIALS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from gateway.engine import Episode

_KEY: Final = ("day", "kind", "severity", "office")
_COUNTED: Final = ("alarms", "retracted", *(str(one) for one in CloseOutcome), "open")
_ALARM: Final[Mapping[str, type]] = {
    **dict.fromkeys(("alarm", "kind", "severity", "person", "office", "level"), str),
    **dict.fromkeys(("onset", "decided", "ended", "acknowledged", "closed"), str),
    **dict.fromkeys(("acknowledged_by", "closed_by", "outcome", "verified_by", "device", "rule", "basis"), str),
    **dict.fromkeys(("retracted", "retrospective"), int), "probability": float,
}  # fmt: skip
_PLACE: Final[Mapping[str, type]] = {
    "zone": str, "zone_name": str, "latitude": float, "longitude": float, "radius_m": float, "facts": str,
}  # fmt: skip
_ACT: Final[Mapping[str, type]] = {
    "alarm": str, "number": int,
    **dict.fromkeys(("at", "by", "do", "outcome", "verified_by", "whom", "result", "cause", "note"), str),
}  # fmt: skip
_TABLES: Final[Mapping[str, tuple[Mapping[str, type], str | tuple[str, ...]]]] = {
    "about": ({"key": str, "value": str}, "key"),
    "alarms": (_ALARM, "alarm"),
    "acts": (_ACT, ("alarm", "number")),
    "counts": ({**dict.fromkeys(_KEY, str), **dict.fromkeys(_COUNTED, int)}, _KEY),
}
"""By table its columns, and its key."""
_INDEXED: Final = ("kind", "office", "onset")


@dataclass(slots=True)
class Names:
    """What people, staff and alarms are called in the file: as they are, or by a number of its own.

    Attributes:
        shuffled: puts what is numbered into an order that says nothing; None: they are called as they are.
    """

    shuffled: Callable[[list[str]], None] | None = None
    _numbers: dict[str, str] = field(default_factory=dict)

    @property
    def are_hidden(self) -> bool:
        """Whether nobody is to be known by them."""
        return self.shuffled is not None

    def draw(self, letter: str, names: Iterable[str]) -> None:
        """Number some, by lot."""
        if self.shuffled is not None:
            held = sorted({*names} - {""})
            self.shuffled(held)
            self._numbers |= {name: f"{letter}{number}" for number, name in enumerate(held, start=1)}

    def of(self, name: str) -> str:
        """What one is called."""
        return self._numbers[name] if self.are_hidden and name else name


def database_of(
    alarms: Sequence[Episode], names: Names, about: Mapping[str, str], zone: ZoneInfo, *, places: bool
) -> bytes:  # fmt: skip
    """The file's bytes: tables ``about``, ``alarms``, ``acts``, ``counts``; times are ISO 8601 UTC.

    Args:
        alarms: of people who may be in it; test alarms are left out.
        names: what people, staff and alarms are called.
        about: for whom it is and what for, and the like.
        zone: of the days of ``counts``, the county's.
        places: alarms have zones, WGS-84 degrees with the radius that holds 95 % in metres, and facts of places.
    """
    held = sorted((one for one in alarms if one.kind not in TRIALS), key=lambda one: (one.onset, one.id))
    names.draw("P", (one.person for one in held))
    names.draw("S", (name for one in held for name in _staff(one)))
    names.draw("A", (one.id for one in held))
    with closing(sqlite3.connect(":memory:")) as connection:
        db = Database(connection, recursive_triggers=False, execute_plugins=False)
        _make_tables(db, places=places)
        db.table("about").insert_all({"key": key, "value": value} for key, value in about.items())
        db.table("alarms").insert_all(_alarm(one, names, places=places) for one in held)
        db.table("acts").insert_all(row for one in held for row in _acts(one, names))
        db.table("counts").insert_all(_counts(held, zone))
        connection.commit()
        return connection.serialize()


def _make_tables(db: Database, *, places: bool) -> None:
    for name, (columns, key) in _TABLES.items():
        db.table(name).create(dict(columns), pk=key)
    for column, kind in _PLACE.items() if places else ():
        db.table("alarms").add_column(column, kind)
    db.table("acts").add_foreign_key("alarm", "alarms", "alarm")
    for column in _INDEXED:
        db.table("alarms").create_index([column])


def _alarm(one: Episode, names: Names, *, places: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "alarm": names.of(one.id), "kind": one.kind, "severity": str(one.severity), "person": names.of(one.person),
        "office": one.office, "level": one.level, "onset": iso(one.onset), "decided": iso(one.decided),
        "ended": iso(one.ended), "acknowledged": iso(one.acknowledged), "closed": iso(one.closed),
        "acknowledged_by": names.of(one.acknowledged_by), "closed_by": names.of(one.closed_by), "outcome": one.outcome,
        "verified_by": one.verified_by, "retracted": one.retracted, "retrospective": one.retrospective,
        "probability": one.probability,
    }  # fmt: skip
    if not names.are_hidden:
        said |= {"device": one.device, "rule": one.rule, "basis": one.basis}
    if places:
        said |= {name: getattr(one, name) for name in _PLACE if name != "facts"}
        said["facts"] = msgspec.json.encode(one.facts).decode()
    return said


def _acts(one: Episode, names: Names) -> Iterator[dict[str, Any]]:
    for number, act in enumerate(one.acts):
        yield {
            "alarm": names.of(one.id), "number": number, "at": iso(act.at), "by": names.of(act.by), "do": act.do,
            "outcome": act.outcome, "verified_by": act.verified_by, "whom": act.whom, "result": act.result,
            "cause": act.cause,
            "note": "" if names.are_hidden else act.note,
        }  # fmt: skip


def _staff(one: Episode) -> Iterator[str]:
    yield from (one.acknowledged_by, one.closed_by, *(act.by for act in one.acts))


def _counts(held: Sequence[Episode], zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """By day of the county, kind, severity and office: alarms, those taken back, and how they were closed."""
    found: defaultdict[tuple[str, str, str, str], Counter[str]] = defaultdict(Counter)
    for one in held:
        day = f"{datetime.fromtimestamp(one.onset, UTC).astimezone(zone):%Y-%m-%d}"
        count = found[day, one.kind, str(one.severity), one.office]
        count["alarms"] += 1
        count["retracted"] += one.retracted
        count[one.outcome or "open"] += not one.retracted
    for key, count in sorted(found.items()):
        yield dict(zip(_KEY, key, strict=True)) | {name: count[name] for name in _COUNTED}
