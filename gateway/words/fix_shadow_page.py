"""A comparison of another system's positions with ours, as one HTML page in Chinese and English, and as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from gateway.words.kind_names import KIND_NAMES
from gateway.words.shadow_headings import AWAY, FIX_LEAD, FIX_TITLE, ITEMS, STYLE, WITHHELD_FIXES
from gateway.words.shadow_page import COUNTS, FEWEST, both_of, minutes_of, table_of, tally_of, timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.words.fix_shadows import Apart, FixShadow
    from gateway.words.shadow_page import Cell
    from gateway.words.shadows import Ours, Pair, Theirs


def fixes_json_of(one: FixShadow) -> str:
    """All of it as one JSON text: the fields of :class:`FixShadow`, times in ISO 8601 UTC."""
    return msgspec.json.encode(timed(msgspec.to_builtins(one))).decode() + "\n"


def fixes_page_of(one: FixShadow) -> str:
    """The page."""
    return _Page(one, ZoneInfo(one.timezone)).whole()


class _Page:
    """Puts the page of one comparison together."""

    def __init__(self, one: FixShadow, zone: ZoneInfo) -> None:
        self.one, self.zone = one, zone

    def whole(self) -> str:
        title = both_of(FIX_TITLE.filled(since=self._clock(self.one.since), until=self._clock(self.one.until)))
        lead = "".join(f"<p>{both_of(text)}</p>" for text in FIX_LEAD)
        return (
            f'<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
            f"</head><body><h1>{title}</h1>{lead}{''.join(self._parts())}</body></html>\n"
        )

    def _parts(self) -> Iterator[str]:
        one = self.one
        yield table_of("read", ("item", "value"), self._read())
        if one.refused:
            yield table_of("refused", ("line", "why"), ([each.line, each.text] for each in one.refused))
        heads = ("fixes", "met", "apart_median", "apart_p95", "beyond")
        yield table_of("apart_by_day", ("day", *heads), ([each.day, *_apart(each)] for each in one.by_day))
        yield table_of(
            "apart_by_person", ("person", "day", *heads),
            ([each.person, each.day, *_apart(each)] for each in one.by_person),
        )  # fmt: skip
        yield table_of("would_by_kind", ("kind", *COUNTS), map(tally_of, one.by_kind))
        yield table_of("would_alone", ("person", "kind", "from", "until"), map(self._theirs, one.only_theirs))
        yield table_of("ours_alone", ("alarm", "person", "kind", "from", "until"), map(self._ours, one.only_ours))
        yield table_of("would_both", ("person", "kind", "from", "alarm", "onset_lag"), map(self._pair, one.both))

    def _read(self) -> Iterator[list[Cell]]:
        one = self.one
        rows: dict[str, Cell] = {
            "file": one.file, "document": one.document, "by": one.by, "fixes": one.fixes,
            "refused": len(one.refused), "outside": one.outside, "unlawful": one.unlawful,
        }  # fmt: skip
        for name, value in rows.items():
            yield [ITEMS[name], value]
        for why, count in sorted(one.withheld.items()):
            yield [WITHHELD_FIXES[why], count if count >= FEWEST else AWAY]

    def _clock(self, at: float | None) -> str:
        return "" if at is None else f"{datetime.fromtimestamp(at, UTC).astimezone(self.zone):%Y-%m-%d %H:%M:%S}"

    def _theirs(self, one: Theirs) -> list[Cell]:
        return [one.person, KIND_NAMES[one.said], self._clock(one.since), self._clock(one.until)]

    def _ours(self, one: Ours) -> list[Cell]:
        times = (self._clock(one.onset), self._clock(one.until))
        return [one.alarm[:8], one.person, KIND_NAMES[one.kind], *times]

    def _pair(self, one: Pair) -> list[Cell]:
        begins = self._clock(one.theirs.since)
        return [one.ours.person, KIND_NAMES[one.ours.kind], begins, one.ours.alarm[:8], minutes_of(one.onset_s)]


def _apart(one: Apart) -> list[Cell]:
    metres = ["" if each is None else f"{each:.0f}" for each in (one.median_m, one.p95_m)]
    return [one.theirs, one.met, *metres, one.beyond]
