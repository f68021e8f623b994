"""Texts of the console by key; each page has a table of its own, and all tables together are looked up here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.console.words.acts import ACTS
from gateway.console.words.alarm import ALARM
from gateway.console.words.audit import AUDIT
from gateway.console.words.city import CITY
from gateway.console.words.contact import CONTACT
from gateway.console.words.dates import DATES
from gateway.console.words.disclosures import DISCLOSURES
from gateway.console.words.door import DOOR
from gateway.console.words.frame import FRAME
from gateway.console.words.map_page_words import MAP_PAGE
from gateway.console.words.map_words import MAP
from gateway.console.words.offices import OFFICES
from gateway.console.words.person_words import PERSON
from gateway.console.words.printing import PRINTING
from gateway.console.words.queue import QUEUE
from gateway.console.words.registers import REGISTERS
from gateway.console.words.report import REPORT
from gateway.console.words.roll_call import ROLL_CALL
from gateway.console.words.sheets import SHEETS
from gateway.console.words.statistics import STATISTICS
from gateway.console.words.wall import WALL
from gateway.console.words.why_words import WHY
from gateway.console.words.zone_words import ZONES
from gateway.words.ledger_words import LEDGER
from gateway.words.phrases import PHRASES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.words.texts import Text

TABLES: Final[tuple[Mapping[str, Text], ...]] = (
    FRAME,
    DOOR,
    QUEUE,
    ALARM,
    ACTS,
    REGISTERS,
    MAP,
    CONTACT,
    AUDIT,
    MAP_PAGE,
    PERSON,
    REPORT,
    ROLL_CALL,
    STATISTICS,
    WALL,
    OFFICES,
    CITY,
    PRINTING,
    ZONES,
    SHEETS,
    DISCLOSURES,
    DATES,
    LEDGER,
    WHY,
)
TEXTS: Final[Mapping[str, Text]] = {key: said for table in TABLES for key, said in table.items()}


def text(language: str, key: str, /, **values: object) -> str:
    """A text in ``zh`` or ``en``, filled; keys of the command line's phrases serve too.

    Raises:
        KeyError: there is no such text.
    """
    said = TEXTS.get(key) or PHRASES[key]
    return said.of(language).format_map(values)
