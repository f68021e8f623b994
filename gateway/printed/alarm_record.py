"""Record of an alarm's handling: every act, call and notice in order of time; the outcome as a person gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gateway.engine import WEARER, place_hidden
from gateway.printed.sheet import Lines
from gateway.words import printed_words as said
from gateway.words.act_phrases import VERIFIED, act_lines, followed
from gateway.words.alarm_list import STATES, state_of
from gateway.words.alarm_text import text_of
from gateway.words.change_texts import OUTCOMES
from gateway.words.kind_names import kind_name
from gateway.words.sms_phrases import NOTICE_LINE, NOTICE_STATES, NOTICE_WEARER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gateway.engine import Episode, NoticeRecord
    from gateway.printed.sheet import Facts, Making, Part, Sheet, Table


def alarm_record(episode: Episode, notices: Sequence[NoticeRecord], making: Making, *, places: bool) -> Sheet:
    """The document.

    Args:
        episode: in whose texts nobody else is named.
        notices: who was told of it.
        making: how it is made.
        places: what the alarm said of where somebody was stands in it.
    """
    shown = episode if places else place_hidden(episode)
    parts: list[Part] = [_alarm(shown, making), _text(shown, making, places=places)]
    parts += [_history(shown, notices, making), _stands(shown, making)]
    return making.sheet(said.RECORD, episode.id[:8], said.RECORD_LEAD, parts, [said.MADE_BY, said.CHECKED_BY])


def _alarm(one: Episode, making: Making) -> Facts:
    return making.facts(said.RECORD_ALARM, [
        (said.ALARM_ID, one.id), (said.KIND, kind_name(one.kind, making.language)),
        (said.SEVERITY, making.say(said.SEVERITIES[one.severity])), (said.PERSON, one.person),
        (said.OFFICE, one.office), (said.DEVICE, one.device), (said.RULE, one.rule), (said.BASIS, one.basis),
        (said.ONSET, making.stamp(one.onset)), (said.DECIDED, making.stamp(one.decided)),
        (said.RECEIVED, making.stamp(one.received) if one.retrospective else ""),
        (said.ENDED, making.stamp(one.ended)), (said.ENTRIES, f"{one.first_offset} - {one.last_offset}"),
    ])  # fmt: skip


def _text(one: Episode, making: Making, *, places: bool) -> Lines:
    """As it was raised."""
    alone = msgspec.structs.replace(
        one, acts=[], notes=[], follow_up=None, ended=None, closed=None, retracted=False, disputed=None
    )
    told = text_of(alone, "raised", making.county.timezone, making.county.maps)
    lines = [told.of(making.language)] if places else [told.of(making.language), making.say(said.NO_PLACES)]
    return Lines(making.say(said.RECORD_TEXT), lines)


def _history(one: Episode, notices: Sequence[NoticeRecord], making: Making) -> Table:
    lines = history_of(one, notices, making)
    rows = [[str(number), making.stamp(at), line] for number, (at, line) in enumerate(lines, start=1)]
    return making.table(said.RECORD_HISTORY, [said.NUMBER, said.TIME, said.RECORD_LINE], rows)


def history_of(one: Episode, notices: Sequence[NoticeRecord], making: Making) -> list[tuple[float, str]]:
    """All that was done about an alarm and who was told of it, oldest first: when (UTC epoch seconds), and its line."""
    return sorted([*act_lines(one, making.words), *_notices(notices, making), *_checked(one, making)])


def _notices(notices: Sequence[NoticeRecord], making: Making) -> Iterator[tuple[float, str]]:
    for each in notices:
        to = making.say(NOTICE_WEARER) if each.notice.to == WEARER else each.notice.to
        yield each.at, making.say(NOTICE_LINE, to=to, how=making.say(NOTICE_STATES[each.state.value]))


def _checked(one: Episode, making: Making) -> Iterator[tuple[float, str]]:
    """What was found when an agreed time had come."""
    if one.follow_up is not None and one.follow_up.checked is not None:
        yield one.follow_up.checked, followed(one.follow_up, making.words)


def _stands(one: Episode, making: Making) -> Facts:
    closed = "" if one.closed is None else making.say(
        said.OUTCOME_IS, outcome=making.say(OUTCOMES[one.outcome]), by=one.closed_by, at=making.stamp(one.closed)
    )  # fmt: skip
    agreed = one.follow_up
    return making.facts(said.RECORD_STANDS, [
        (said.STATE, STATES[making.language][state_of(one)]), (said.OUTCOME, closed),
        (said.VERIFIED_BY, making.say(VERIFIED[one.verified_by]) if one.verified_by else ""),
        (said.OBJECTED, making.stamp(one.disputed)),
        (said.AGREED, followed(agreed, making.words) if agreed is not None and agreed.is_pending else ""),
        (said.RECORD_TEXT, making.say(said.TAKEN_BACK) if one.retracted else ""),
    ])  # fmt: skip
