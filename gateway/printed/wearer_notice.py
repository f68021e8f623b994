"""Notice to a wearer of what is collected, how long, by whom, and of the wearer's rights; from the configuration."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gateway.printed.grounds import GROUNDS
from gateway.printed.sheet import Lines
from gateway.settings.holds import in_force
from gateway.settings.model import AuthorityKind
from gateway.words import notice_words as words
from gateway.words import printed_words as said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.printed.sheet import Facts, Making, Part, Sheet, Table
    from gateway.settings.model import Authority, Configuration
    from gateway.text import Text

CARRIER = "carrier"


def wearer_notice(person: str, configuration: Configuration, making: Making) -> Sheet:
    """The document, as of ``making.at``."""
    held = [one for one in configuration.authorities if one.person == person and one.start <= making.at < one.until]
    parts: list[Part] = [*_why(person, held, configuration, making), _what(held, configuration, making)]
    parts += [_duties(person, configuration, making), _long(person, configuration, making)]
    parts += [*_who(person, configuration, making), _lines(words.RIGHTS, words.RIGHT, making)]
    return making.sheet(words.NOTICE, person, words.LEAD, parts, [words.READ, said.WEARER, said.OFFICER])


def _lines(title: Text, lines: tuple[Text, ...], making: Making) -> Lines:
    return Lines(making.say(title), [making.say(one) for one in lines])


def _why(person: str, held: list[Authority], configuration: Configuration, making: Making) -> Iterator[Part]:
    for one in held:
        ground = "" if one.ground is None else making.say(GROUNDS[one.ground])
        yield making.facts(words.WHY, [
            (said.KIND, making.say(said.AUTHORITY_KINDS[one.kind])), (words.GROUND, ground),
            (said.DOCUMENT, one.document), (said.APPROVED, one.approved_by),
            (words.INFORMED, making.words.day(one.wearer_informed)), (said.SINCE, making.stamp(one.start)),
            (said.UNTIL, making.stamp(one.until)),
        ])  # fmt: skip
    if not held:
        yield _lines(words.WHY, (words.NO_AUTHORITY,), making)
    term = configuration.people[person].term_until
    yield making.facts(said.UNTIL, [
        (words.TERM, making.stamp(term) if math.isfinite(term) else ""), (words.WHY, making.say(words.ENDS)),
    ])  # fmt: skip


def _what(held: list[Authority], configuration: Configuration, making: Making) -> Lines:
    kinds = [kind for kind in AuthorityKind if any(one.kind is kind for one in held)]
    ways = sorted({str(one.kind) for one in configuration.listeners})
    if AuthorityKind.PHONE_CHECK in kinds:
        ways.append(CARRIER)
    stop = "、" if making.language == "zh" else ", "
    came = making.say(words.WAYS, ways=stop.join(making.say(words.WAY[way]) for way in ways))
    lines = [*(making.say(words.COLLECTED[kind]) for kind in kinds), making.say(words.NEVER)]
    return Lines(making.say(words.WHAT), [*lines, came] if kinds else lines)


def _duties(person: str, configuration: Configuration, making: Making) -> Table:
    rows = [
        [one.id, one.basis, _end(one.start, making), _end(one.until, making)]
        for one in configuration.rules
        if person in one.people and one.start <= making.at < one.until
    ]
    return making.table(words.DUTIES, [said.RULE, said.BASIS, said.SINCE, said.UNTIL], rows)


def _end(time: float, making: Making) -> str:
    return making.stamp(time) if math.isfinite(time) else "-"


def _long(person: str, configuration: Configuration, making: Making) -> Facts:
    storage = configuration.storage
    days = [
        (words.PLACES_KEPT, storage.keep_days), (words.ALARMS_KEPT, storage.alarm_days),
        (words.AUDIT_KEPT, configuration.console.audit_days),
    ]  # fmt: skip
    held = [one for one in in_force(configuration.holds, making.at) if one.person == person]
    return making.facts(words.LONG, [
        *((label, making.say(words.NOT_SAID if count is None else words.DAYS, days=count)) for label, count in days),
        *((words.HELD, making.say(words.HELD_UNTIL, document=one.document, until=_end(one.until, making)))
          for one in held),
    ])  # fmt: skip


def _who(person: str, configuration: Configuration, making: Making) -> Iterator[Part]:
    yield making.facts(words.WHO, [
        (words.COUNTY, configuration.county.code), (said.OFFICE, configuration.people[person].office),
    ])  # fmt: skip
    yield _lines(words.WHO, (words.SEEN_BY, words.PASSED_ON), making)
