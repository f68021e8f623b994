"""What an engine, or other rules, say differently, for people and for scripts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import msgspec
from rich.progress import Progress

from gateway.clock import iso
from gateway.engine import compile_policy
from gateway.errors import UserFault
from gateway.replay.compare import by_other_rules, by_other_rules_of_fixes, compare
from gateway.replay.reading import configured
from gateway.replay.run import fixes_of, opened, until_of
from gateway.settings.load import load
from gateway.words.change_texts import OUTCOMES
from gateway.words.kind_names import kind_name
from gateway.words.listing import Item, listing
from gateway.words.phrases import LANGUAGE, phrase
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rich.console import Console, Group

    from gateway.engine import Episode
    from gateway.journal.contract import Journal
    from gateway.replay.compare import Comparison
    from gateway.replay.reading import PolicyShelf
    from gateway.replay.run import Request

DIFFERS: Final = 3
"""Exit code where anything is said differently."""
HEADINGS: Final = {
    "zh": ("人员", "种类", "相同", "时间不同", "只有当时", "只有现在"),
    "en": ("person", "kind", "same", "other times", "then only", "now only"),
}
RULE_HEADINGS: Final = {
    "zh": ("人员", "种类", "相同", "时间不同", "不再报", "新增"),
    "en": ("person", "kind", "same", "other times", "lost", "gained"),
}
WORDS: Final[Mapping[str, Text]] = {
    "moved": Text("当时 {then}，现在 {now}", "then {then}, now {now}"),
    "then": Text("只有当时：{then}", "then only: {then}"),
    "now": Text("只有现在：{now}", "now only: {now}"),
    "open": Text("未结束", "not over"),
    "closed": Text("（办结：{outcome}）", " (closed: {outcome})"),
}
RULE_WORDS: Final[Mapping[str, Text]] = {
    **WORDS,
    "moved": Text("原规定 {then}，新规定 {now}", "by the rules of before {then}, by the new ones {now}"),
    "then": Text("不再报：{then}", "lost: {then}"),
    "now": Text("新增：{now}", "gained: {now}"),
}
SAME: Final = Text("与当时所说完全相同（{count} 条报警）", "the same as was said then ({count} alarms)")
RULE_SAME: Final = Text("按新规定完全相同（{count} 条报警）", "the new rules say the same ({count} alarms)")
SUM: Final = Text(
    "合计：相同 {same}，时间不同 {moved}，不再报 {lost}{closed}，新增 {gained}",
    "In all: same {same}, other times {moved}, lost {lost}{closed}, gained {gained}",
)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found, with the county's zone; ``by_rules``: other rules were asked, not another engine."""

    rows: list[Comparison]
    zone: ZoneInfo
    by_rules: bool

    @property
    def code(self) -> int:
        """The exit code: 0, or 3 where anything is said differently."""
        return DIFFERS if any(row.differs for row in self.rows) else 0

    def lines(self, *, as_json: bool) -> Iterator[Group | str]:
        """What `replay --compare` prints."""
        if as_json:
            yield from (msgspec.json.encode(json_of(row)).decode() for row in self.rows)
            return
        yield shown(self.rows, self.zone, LANGUAGE.get(), by_rules=self.by_rules)
        if self.by_rules and self.code:
            yield summed(self.rows, LANGUAGE.get())


def told(request: Request, console: Console) -> Compared:
    """Compare what was asked for; a bar on the console where that is a terminal.

    Raises:
        UserFault: what was asked for cannot be compared, or what was said then is not beside the journal.
        ConfigurationRefused: rules that were given have faults.
    """
    if request.frames or request.alarms or request.track or (request.against and not request.config):
        raise UserFault(phrase("compare_with"))
    with Progress(console=console, disable=not console.is_terminal) as progress:
        if request.fixes is not None:
            return _of_fixes(request, progress)
        return _of_journal(request, progress)


def _of_journal(request: Request, progress: Progress) -> Compared:
    if request.journal is None:
        raise UserFault(phrase("compare_with"))
    journal, shelf = opened(request.journal)
    until = until_of(request.until)
    if request.config is None:
        note = _bar(progress, journal.next_offset)
        state = request.journal.parent / "state.db"
        rows = compare(journal, state, shelf, until=until, most=request.batch, progress=note)
        return Compared(rows, _zone(journal, shelf), by_rules=False)
    _, after = opened(request.journal)
    after.rules = compile_policy(load(request.config))
    if request.against is not None:
        shelf.rules = compile_policy(load(request.against))
    note = _bar(progress, 2 * journal.next_offset)
    rows = by_other_rules(journal, shelf, after, until=until, most=request.batch, progress=note)
    return Compared(rows, _zone(journal, shelf), by_rules=True)


def _of_fixes(request: Request, progress: Progress) -> Compared:
    if request.config is None or request.against is None or request.journal is not None:
        raise UserFault(phrase("compare_fixes"))
    before = compile_policy(load(request.against))
    after = compile_policy(load(request.config))
    table = fixes_of(request, before, until_of(request.until))
    note = _bar(progress, 2 * len(table.reports))
    rows = by_other_rules_of_fixes(table, before, after, request.batch, note)
    return Compared(rows, ZoneInfo(before.configuration.county.timezone), by_rules=True)


def _bar(progress: Progress, total: int) -> Callable[[int], None]:
    task = progress.add_task("replay", total=total)
    return lambda done: progress.update(task, completed=done)


def _zone(journal: Journal, shelf: PolicyShelf) -> ZoneInfo:
    """The county's time zone, by the last configuration."""
    digests = (found[-1] for batch in journal.backwards(journal.next_offset) if (found := configured(batch)))
    digest = next(digests, "")
    return ZoneInfo(shelf(digest).configuration.county.timezone if digest else "UTC")


def shown(rows: Sequence[Comparison], zone: ZoneInfo, language: str, *, by_rules: bool = False) -> Group | str:
    """A line a person and kind that differs, each difference below it, in the county's time."""
    differing = [row for row in rows if row.differs]
    if not differing:
        return (RULE_SAME if by_rules else SAME).of(language).format(count=sum(row.same for row in rows))
    words = RULE_WORDS if by_rules else WORDS
    items = [
        Item(
            (
                row.who, kind_name(row.kind, language), str(row.same), str(len(row.moved)), str(len(row.then)),
                str(len(row.now)),
            ),
            tuple(_lines(row, zone, language, words)),
        )
        for row in differing
    ]  # fmt: skip
    return listing((RULE_HEADINGS if by_rules else HEADINGS)[language], items)


def summed(rows: Sequence[Comparison], language: str) -> str:
    """All of it in one line: what is lost by how officers had closed it."""
    lost = [one for row in rows for one in row.then]
    closed = Counter(one.outcome for one in lost if one.outcome)
    parts = [f"{OUTCOMES[outcome].of(language)} {count}" for outcome, count in sorted(closed.items())]
    said = WORDS["closed"].of(language).format(outcome=", ".join(parts)) if parts else ""
    same, moved, gained = (
        sum(row.same for row in rows),
        sum(len(row.moved) for row in rows),
        sum(len(row.now) for row in rows),
    )
    return SUM.of(language).format(same=same, moved=moved, lost=len(lost), closed=said, gained=gained)


def _lines(row: Comparison, zone: ZoneInfo, language: str, words: Mapping[str, Text]) -> Iterator[str]:
    def span(one: Episode) -> str:
        until = words["open"].of(language) if one.ended is None else _local(one.ended, zone)
        place = f" {one.zone_name or one.zone}" if one.zone else ""
        closed = words["closed"].of(language).format(outcome=OUTCOMES[one.outcome].of(language)) if one.outcome else ""
        return f"{_local(one.onset, zone)} - {until}{place}{closed}"

    for then, now in row.moved:
        yield words["moved"].of(language).format(then=span(then), now=span(now))
    for one in row.then:
        yield words["then"].of(language).format(then=span(one))
    for one in row.now:
        yield words["now"].of(language).format(now=span(one))


def json_of(row: Comparison) -> dict[str, Any]:
    """One person and kind for scripts: times in ISO 8601, alarms by their identity, how officers closed them."""
    return {
        "who": row.who, "kind": row.kind, "same": row.same,
        "moved": [{"then": _stated(then), "now": _stated(now)} for then, now in row.moved],
        "then_only": [_stated(one) for one in row.then], "now_only": [_stated(one) for one in row.now],
    }  # fmt: skip


def _stated(one: Episode) -> dict[str, Any]:
    return {
        "alarm": one.id, "zone": one.zone, "rule": one.rule, "onset": iso(one.onset), "ended": iso(one.ended),
        "first": one.first_offset, "outcome": one.outcome or None,
    }  # fmt: skip


def _local(at: float, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at, UTC).astimezone(zone):%Y-%m-%d %H:%M:%S}"
