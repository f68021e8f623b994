"""What the pages of the monthly report ask of the stored files, and the cases behind a figure as they are listed."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from gateway.journal.segment import oldest_day
from gateway.replay.registers_then import authorities_then
from gateway.reports.cases import UNMARKED
from gateway.reports.drills import drills_among
from gateway.reports.sheet import Known, span_of, then_of
from gateway.reports.texts import said
from gateway.store.state_db import StateStore
from gateway.words.act_phrases import CAUSES
from gateway.words.kind_names import kind_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gateway.console.desk import Desk
    from gateway.engine import Episode
    from gateway.reports.cases import Case
    from gateway.reports.period import Period
    from gateway.words.alarm_words import Words

SHOWN: Final = 8
"""Digits of an alarm's id that are shown."""
HIDDEN: Final = "＊"
"""In place of a person's id in a note."""


async def known_of(desk: Desk, part: str, month: Period, language: str) -> Known:
    """What a part of a month's report is made of, offices as they are called in a language."""
    span = span_of(part, month, desk.zone)
    episodes = await desk.readings.ask(partial(StateStore.episodes_between, since=span.start, until=span.until))
    oldest = await desk.readings.ask(StateStore.oldest_episode)
    first = await asyncio.to_thread(oldest_day, desk.storage / "journal")
    since = min((each for each in (oldest, first) if each is not None), default=None)
    confirmed = await desk.readings.ask(StateStore.confirmed_people)
    called = partial((await desk.contacts.offices()).labelled, language=language)
    wanted, then = then_of(part, month, desk.zone), []
    if wanted is not None:
        until = min(wanted.until, desk.clock.now())
        then = await asyncio.to_thread(authorities_then, desk.storage / "journal", wanted.start, until, desk.zone)
    notices = await desk.readings.ask(
        lambda store: {one: store.notices.of_alarm(one) for one in drills_among(episodes)}
    )
    return Known(desk.configuration, desk.clock.now(), since, episodes, confirmed, called, then, notices)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One alarm of a list, in words; nobody is named. ``cause``: the word of what was marked; ``may``: it can be."""

    alarm: str
    short: str
    raised: str
    kind: str
    zone: str
    office: str
    standing: str
    acknowledged: str
    note: str
    cause: str
    cause_said: str
    may: bool


def case_rows(
    cases: Iterable[Case], people: Iterable[str], words: Words, called: Callable[[str], str] = str
) -> list[CaseRow]:  # fmt: skip
    """A list of cases, oldest first; ``people``: whose ids no note shows; ``called``: what an office is called."""
    ids = sorted(people, key=len, reverse=True)
    named = re.compile("|".join(map(re.escape, ids)) or "(?!)")
    return [_row(one, named, words, called) for one in cases]


def _row(one: Case, named: re.Pattern[str], words: Words, called: Callable[[str], str]) -> CaseRow:
    episode, language = one.episode, words.language
    marked = "" if one.cause == UNMARKED else one.cause
    cause = CAUSES[marked].of(language) if marked in CAUSES else said("unmarked", language) if one.cause else ""
    after = one.acknowledged_after
    return CaseRow(
        episode.id, episode.id[:SHOWN], f"{words.day(episode.decided)} {words.clock(episode.decided)[-5:]}",
        kind_name(episode.kind, language), named.sub(HIDDEN, episode.zone_name), called(episode.office),
        said(f"standing_{one.standing}", language), "—" if after is None else words.lasted(after),
        named.sub(HIDDEN, _note(episode)), marked, cause, bool(one.cause),
    )  # fmt: skip


def _note(episode: Episode) -> str:
    """What was written at its last close, and where the cause was marked."""
    notes = [act.note for act in episode.acts if act.do == "close" and act.note][-1:]
    notes += [act.note for act in episode.acts if act.do == "cause" and act.note][-1:]
    return "；".join(notes) or (episode.notes[-1].text if episode.notes else "")
