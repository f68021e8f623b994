"""A comparison with another system as one HTML page in Chinese and English, and as JSON. Nothing is from outside."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from statistics import median
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import msgspec

from gateway.clock import iso
from gateway.words.change_texts import OUTCOMES
from gateway.words.kind_names import KIND_NAMES
from gateway.words.shadow_headings import (
    AWAY,
    GROUPS,
    HEADINGS,
    ITEMS,
    LAGS,
    LEAD,
    NO_ROWS,
    NOTES,
    STYLE,
    TITLE,
    WITHHELD,
)
from gateway.words.shadows import share
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from gateway.words.shadows import Missing, Ours, Outage, Pair, Shadow, Share, Tally, Theirs

TIMES: Final = frozenset({"since", "until", "onset", "decided", "at", "begins"})
"""Fields that are times."""
MINUTE: Final = 60.0
COUNTS: Final = ("both", "theirs_again", "ours_again", "only_theirs", "only_ours")
FEWEST: Final = 3
"""Of fewer nothing is counted out: it would be about somebody."""
Cell = str | int | Text
"""What stands in a table; a text stands in both languages."""


def json_of(one: Shadow) -> str:
    """All of it as one JSON text: the fields of :class:`Shadow`, times in ISO 8601 UTC, and what follows."""
    told = msgspec.to_builtins(one)
    told["lag"] = {name: _lags(one.both, of) for name, of in LAG.items()}
    for name in ("by_kind", "by_day"):
        for tally, each in zip(told[name], getattr(one, name), strict=True):
            tally |= {"theirs_had": msgspec.to_builtins(_had(each)[0]), "ours_had": msgspec.to_builtins(_had(each)[1])}
    told["load"] |= {"theirs_each": one.load.theirs_each, "ours_each": one.load.ours_each}
    for pair, each in zip(told["both"], one.both, strict=True):
        pair |= {"onset_s": each.onset_s, "told_s": each.told_s}
    return msgspec.json.encode(timed(told)).decode() + "\n"


def timed(value: Any) -> Any:  # noqa: ANN401  whatever JSON may hold
    """The same with ISO 8601 UTC in the fields that are times."""
    if isinstance(value, dict):
        return {
            key: iso(each) if key in TIMES and isinstance(each, float) else timed(each) for key, each in value.items()
        }
    return [timed(each) for each in value] if isinstance(value, list) else value


LAG: Final[dict[str, Callable[[Pair], float]]] = {"onset": lambda one: one.onset_s, "told": lambda one: one.told_s}


def _lags(pairs: Sequence[Pair], of: Callable[[Pair], float]) -> dict[str, float | int | None]:
    """How many of ours are earlier and later than theirs, and the middle one in seconds; None: there is none."""
    found = [of(one) for one in pairs]
    return {
        "earlier": sum(each < 0.0 for each in found), "later": sum(each > 0.0 for each in found),
        "median_s": median(found) if found else None,
    }  # fmt: skip


def page_of(one: Shadow) -> str:
    """The page."""
    return _Page(one, ZoneInfo(one.timezone)).whole()


class _Page:
    """Puts the page of one comparison together."""

    def __init__(self, one: Shadow, zone: ZoneInfo) -> None:
        self.one, self.zone = one, zone

    def whole(self) -> str:
        title = both_of(TITLE.filled(since=self._clock(self.one.since), until=self._clock(self.one.until)))
        parts = [*(f"<p>{both_of(text)}</p>" for text in LEAD), *self._parts()]
        return (
            f'<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
            f"</head><body><h1>{title}</h1>{''.join(parts)}</body></html>\n"
        )

    def _parts(self) -> Iterator[str]:
        one = self.one
        yield table_of("read", ("item", "value"), self._read())
        if one.refused:
            yield table_of("refused", ("line", "why"), ([each.line, each.text] for each in one.refused))
        yield table_of("shares", ("item", "value"), self._shares())
        yield table_of("load", ("system", "alarms", "each"), self._load())
        yield table_of("lag", ("item", "earlier", "later", "middle"), self._lag())
        for name, tallies in (("kind", one.by_kind), ("day", one.by_day)):
            yield table_of(f"by_{name}", (name, *COUNTS, "theirs_had", "ours_had"), map(_tally_with_shares, tallies))
        yield table_of("by_person", ("person", *COUNTS), map(tally_of, one.by_person))
        if one.outages:
            columns = ("alarm", "from", "until", "only_theirs", "listed")
            yield table_of("outages", columns, map(self._outage, one.outages))
        yield table_of("closed", ("group", "outcome", "value"), self._closed())
        yield table_of(
            "only_theirs",
            ("line", "who", "said", "kind", "from", "until", "known_then"),
            map(self._missing, one.only_theirs),
        )
        yield table_of(
            "only_ours", ("alarm", "who", "kind", "severity", "from", "until", "decided", "outcome"),
            map(self._ours, one.only_ours),
        )  # fmt: skip
        heads = ("line", "who", "said", "kind", "from", "alarm", "onset_lag", "told_lag", "outcome")
        yield table_of("both", heads, map(self._pair, one.both))

    def _clock(self, at: float | None) -> str:
        if at is None:
            return ""
        return f"{datetime.fromtimestamp(at, UTC).astimezone(self.zone):%Y-%m-%d %H:%M:%S}"

    def _read(self) -> Iterator[list[Cell]]:
        one = self.one
        rows: dict[str, Cell] = {
            "file": one.file, "document": one.document, "by": one.by, "days": f"{one.load.days:.1f}",
            "begins": self._clock(one.begins) or "-", "within": f"{one.within_s / MINUTE:.0f}",
            "refused": len(one.refused), "outside": one.outside, "passed": one.passed,
        }  # fmt: skip
        for name, value in rows.items():
            yield [ITEMS[name], value]
        for why, count in sorted(one.withheld.items()):
            yield [WITHHELD[why], count if count >= FEWEST else AWAY]
        if one.unheard:
            names = [KIND_NAMES[kind] for kind in one.unheard]
            yield [ITEMS["unheard"], Text("、".join(each.zh for each in names), ", ".join(each.en for each in names))]

    def _shares(self) -> Iterator[list[Cell]]:
        yield [ITEMS["covered"], _share(self.one.covered)]
        yield [ITEMS["known"], _share(self.one.known)]

    def _load(self) -> Iterator[list[Cell]]:
        load = self.one.load
        yield [ITEMS["theirs"], load.theirs, f"{load.theirs_each:.2f}"]
        yield [ITEMS["ours"], load.ours, f"{load.ours_each:.2f}"]
        yield [ITEMS["info"], load.info, ""]

    def _lag(self) -> Iterator[list[Cell]]:
        for name, of in LAG.items():
            found = _lags(self.one.both, of)
            middle = found["median_s"]
            lag = "" if middle is None else minutes_of(float(middle))
            yield [LAGS[name], str(found["earlier"]), str(found["later"]), lag]

    def _closed(self) -> Iterator[list[Cell]]:
        for one in self.one.closed:
            for outcome, each in one.outcomes.items():
                yield [GROUPS[one.group], OUTCOMES[outcome], _share(each)]
            yield [GROUPS[one.group], ITEMS["open"], one.open]

    def _outage(self, one: Outage) -> list[Cell]:
        return [one.alarm[:8], self._clock(one.onset), self._clock(one.until), one.theirs, one.listed]

    def _missing(self, one: Missing) -> list[Cell]:
        each = one.theirs
        return [*_theirs(each), self._clock(each.since), self._clock(each.until), _lines(one.known)]

    def _ours(self, one: Ours) -> list[Cell]:
        outcome: Cell = OUTCOMES[one.outcome] if one.outcome else ""
        times = [self._clock(each) for each in (one.onset, one.until, one.decided)]
        return [one.alarm[:8], who_of(one), KIND_NAMES[one.kind], one.severity, *times, outcome]

    def _pair(self, one: Pair) -> list[Cell]:
        ours = one.ours
        line, who, said, _ = _theirs(one.theirs)
        lags = (minutes_of(one.onset_s), minutes_of(one.told_s))
        outcome: Cell = OUTCOMES[ours.outcome] if ours.outcome else ""
        begins = self._clock(one.theirs.since)
        return [line, who, said, KIND_NAMES[ours.kind], begins, ours.alarm[:8], *lags, outcome]


def _theirs(one: Theirs) -> list[Cell]:
    names = [KIND_NAMES[kind] for kind in one.kinds]
    kinds = Text("、".join(each.zh for each in names), ", ".join(each.en for each in names))
    return [one.line, who_of(one), one.said, kinds]


def who_of(one: Theirs | Ours) -> str:
    """Person and device."""
    return " ".join(filter(None, (one.person, one.device))) or "-"


def minutes_of(seconds: float) -> str:
    """Signed: what is earlier is below zero."""
    return f"{seconds / MINUTE:+.1f}"


def _share(one: Share) -> str:
    if one.share is None or one.lower95 is None or one.upper95 is None:
        return f"{one.count} / {one.of}"
    interval = f"{100.0 * one.lower95:.1f}-{100.0 * one.upper95:.1f} %"
    return f"{one.count} / {one.of} = {100.0 * one.share:.1f} % ({interval})"


def tally_of(one: Tally) -> list[Cell]:
    """What it is of, and the counts in the order of COUNTS."""
    counts = (one.both, one.theirs_again, one.ours_again, one.only_theirs, one.only_ours)
    return [KIND_NAMES.get(one.name, Text(one.name, one.name)), *counts]


def _tally_with_shares(one: Tally) -> list[Cell]:
    """Of kinds and days; of a person there is no share."""
    return [*tally_of(one), *(_share(each) for each in _had(one))]


def _had(one: Tally) -> tuple[Share, Share]:
    """Of theirs, those that ours has; of ours, those that theirs has."""
    return share(one.both + one.theirs_again, one.theirs), share(one.both + one.ours_again, one.ours)


def _lines(texts: Sequence[Text]) -> Text:
    return Text("\n".join(each.zh for each in texts), "\n".join(each.en for each in texts))


def both_of(text: Text) -> str:
    """Both languages, escaped; once where they are the same."""
    zh, en = (f'<span lang="{language}">{escape(text.of(language))}</span>' for language in ("zh", "en"))
    return escape(text.zh) if text.zh == text.en else f"{zh} {en}"


def table_of(name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table with its heading and what is to be known of it."""
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    top = "".join(f"<th>{both_of(ITEMS[head])}</th>" for head in heads)
    note = f"<p>{both_of(NOTES[name])}</p>" if name in NOTES else ""
    shown = f"<table><tr>{top}</tr>{body}</table>" if body else f"<p>{both_of(NO_ROWS)}</p>"
    return f'<h2 id="{name}">{both_of(HEADINGS[name])}</h2>{note}{shown}'


def _cell(value: Cell) -> str:
    return f"<td>{both_of(value) if isinstance(value, Text) else escape(str(value))}</td>"
