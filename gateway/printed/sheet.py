"""A document as data: what stands on it in one language, and nothing of how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from gateway.words.alarm_words import Words
from gateway.words.audit_list import stamped
from gateway.words.printed_words import MADE, NONE

if TYPE_CHECKING:
    from gateway.settings.model import County
    from gateway.text import Text


class Facts(msgspec.Struct, frozen=True, tag=True):
    """Labels, and what stands beside each."""

    title: str
    rows: list[tuple[str, str]]


class Table(msgspec.Struct, frozen=True, tag=True):
    """Rows under heads; where there are none, ``empty`` says so. ``note``: what they mean."""

    title: str
    heads: list[str]
    rows: list[list[str]]
    empty: str = ""
    note: str = ""


class Lines(msgspec.Struct, frozen=True, tag=True):
    """Sentences, one below the other."""

    title: str
    lines: list[str]


class Picture(msgspec.Struct, frozen=True, tag=True):
    """SVG of ours, to be shown as it is; ``signs``: class and meaning of what is drawn."""

    title: str
    svg: str
    signs: list[tuple[str, str]]


Part = Facts | Table | Lines | Picture


class Sheet(msgspec.Struct, frozen=True):
    """A document.

    Attributes:
        language: ``zh`` or ``en``.
        title: what it is; ``subject``: of whom, or of what.
        lead: what it is good for.
        parts: in their order.
        signs: who signs, a line each.
        made: who made it, as of when.
        mark: for whom and what for; stands on every page. Empty: it goes to nobody else.
    """

    language: str
    title: str
    subject: str
    lead: str
    parts: list[Part]
    signs: list[str]
    made: str
    mark: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 over all that stands on it, as its JSON; the same of the same, 64 hexadecimal digits."""
        return sha256(msgspec.json.encode(self)).hexdigest()


@dataclass(frozen=True, slots=True)
class Making:
    """How a document is made.

    Attributes:
        county: whose time and maps it goes by.
        language: ``zh`` or ``en``.
        by: staff number of who makes it.
        at: as of when, UTC epoch seconds: what is stated, not what a clock says.
        mark: as of :class:`Sheet`.
    """

    county: County
    language: str
    by: str
    at: float
    mark: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """The county's."""
        return ZoneInfo(self.county.timezone)

    @property
    def words(self) -> Words:
        """Parts of texts, times with their date."""
        return Words(self.language, self.zone)

    def say(self, text: Text, **values: object) -> str:
        """A text in the document's language, filled."""
        return text.of(self.language).format_map(values)

    def stamp(self, at: float | None) -> str:
        """A time of the county to the second; empty: there is none."""
        return "" if at is None else stamped(at, self.zone)

    def sheet(self, title: Text, subject: str, lead: Text, parts: list[Part], signs: list[Text]) -> Sheet:
        """A whole document."""
        made = self.say(MADE, by=self.by, at=self.stamp(self.at), county=self.county.code)
        said = [self.say(one) for one in signs]
        return Sheet(self.language, self.say(title), subject, self.say(lead), parts, said, made, self.mark)

    def facts(self, title: Text, rows: list[tuple[Text, str]]) -> Facts:
        """Facts of which each says something."""
        return Facts(self.say(title), [(self.say(label), said) for label, said in rows if said])

    def table(self, title: Text, heads: list[Text], rows: list[list[str]], note: Text | None = None) -> Table:
        """A table that says where it has no rows."""
        told = "" if note is None else self.say(note)
        return Table(self.say(title), [self.say(one) for one in heads], rows, self.say(NONE), told)
