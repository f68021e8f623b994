"""The audit log as its page reads it: by staff, person, day, what and why, the latest first, out of the journal."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from gateway.journal import controls
from gateway.journal.audit import audited, row_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

ON_A_PAGE: Final = 200
IN_A_FILE: Final = 200_000
_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class Sought:
    """Which rows; what is empty is not asked for.

    Attributes:
        number, person, what: as in an entry.
        day: a local date, ISO 8601.
        purpose: a part of it, of an alarm's id, or of what else it is about.
        before: entries before this one alone.
    """

    number: str = ""
    person: str = ""
    what: str = ""
    day: str = ""
    purpose: str = ""
    before: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Sought:
        """Out of the address of the page."""
        return cls(**{one.name: query.get(one.name, "").strip() for one in fields(cls)})

    @property
    def said(self) -> str:
        """In one line, as it stands under an export."""
        return " ".join(f"{one.name}={getattr(self, one.name)}" for one in fields(self) if getattr(self, one.name))

    def within(self, zone: ZoneInfo) -> controls.Sought:
        """The same for whoever reads the journal."""
        since, until = _day(self.day, zone)
        before = int(self.before[:_DIGITS]) if self.before.isdecimal() else 0
        return controls.Sought(self.person, self.number, self.what, self.purpose, since, until, before)


def rows(storage: Path, sought: controls.Sought, most: int = ON_A_PAGE) -> list[dict[str, Any]]:
    """Entries of a storage directory that fit, the latest first, so many at most, as mappings.

    Raises:
        OurFault: a file of the journal is damaged.
    """
    return [row_of(one) for one in islice(audited(storage / "journal", sought), most)]


def _day(text: str, zone: ZoneInfo) -> tuple[float, float]:
    """From when to when a local day lasts; 0: it is none."""
    try:
        begins = datetime.combine(date.fromisoformat(text), datetime.min.time(), zone)
        return begins.timestamp(), (begins + timedelta(days=1)).timestamp()
    except (ValueError, OverflowError):
        return 0.0, 0.0
