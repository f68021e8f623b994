"""What an engine says differently, for people and for scripts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import msgspec
from rich.progress import Progress

from gateway.clock import iso
from gateway.errors import UserFault
from gateway.replay.compare import compare
from gateway.replay.reading import configured
from gateway.replay.run import opened, until_of
from gateway.words.kind_names import kind_name
from gateway.words.listing import Item, listing
from gateway.words.phrases import LANGUAGE, phrase
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console, Group

    from gateway.engine import Episode
    from gateway.journal.contract import Journal
    from gateway.replay.compare import Comparison
    from gateway.replay.reading import PolicyShelf
    from gateway.replay.run import Request

HEADINGS: Final = {
    "zh": ("人员", "种类", "相同", "时间不同", "只有当时", "只有现在"),
    "en": ("person", "kind", "same", "other times", "then only", "now only"),
}
WORDS: Final[Mapping[str, Text]] = {
    "moved": Text("当时 {then}，现在 {now}", "then {then}, now {now}"),
    "then": Text("只有当时：{then}", "then only: {then}"),
    "now": Text("只有现在：{now}", "now only: {now}"),
    "open": Text("未结束", "not over"),
}
SAME: Final = Text("与当时所说完全相同（{count} 条报警）", "the same as was said then ({count} alarms)")


def told(request: Request, console: Console, *, as_json: bool) -> Iterator[Group | str]:
    """What `replay --compare` prints.

    Raises:
        UserFault: anything but a journal was asked for, or what was said then is not beside it.
    """
    if request.journal is None or any((request.config, request.fixes, request.frames, request.alarms, request.track)):
        raise UserFault(phrase("compare_only_journal"))
    journal, shelf = opened(request.journal)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("replay", total=journal.next_offset)
        rows = compare(
            journal, request.journal.parent / "state.db", shelf, until=until_of(request.until), most=request.batch,
            progress=lambda offset: progress.update(task, completed=offset),
        )  # fmt: skip
    if as_json:
        yield from (msgspec.json.encode(json_of(row)).decode() for row in rows)
    else:
        yield shown(rows, _zone(journal, shelf), LANGUAGE.get())


def _zone(journal: Journal, shelf: PolicyShelf) -> ZoneInfo:
    """The county's time zone, by the last configuration."""
    digests = (found[-1] for batch in journal.backwards(journal.next_offset) if (found := configured(batch)))
    digest = next(digests, "")
    return ZoneInfo(shelf(digest).configuration.county.timezone if digest else "UTC")


def shown(rows: Sequence[Comparison], zone: ZoneInfo, language: str) -> Group | str:
    """A line a person and kind that differs, each difference below it, in the county's time."""
    differing = [row for row in rows if row.differs]
    if not differing:
        return SAME.of(language).format(count=sum(row.same for row in rows))
    items = [
        Item(
            (
                row.who, kind_name(row.kind, language), str(row.same), str(len(row.moved)), str(len(row.then)),
                str(len(row.now)),
            ),
            tuple(_lines(row, zone, language)),
        )
        for row in differing
    ]  # fmt: skip
    return listing(HEADINGS[language], items)


def _lines(row: Comparison, zone: ZoneInfo, language: str) -> Iterator[str]:
    def span(one: Episode) -> str:
        until = WORDS["open"].of(language) if one.ended is None else _local(one.ended, zone)
        return f"{_local(one.onset, zone)} - {until}{f' {one.zone_name or one.zone}' if one.zone else ''}"

    for then, now in row.moved:
        yield WORDS["moved"].of(language).format(then=span(then), now=span(now))
    for one in row.then:
        yield WORDS["then"].of(language).format(then=span(one))
    for one in row.now:
        yield WORDS["now"].of(language).format(now=span(one))


def json_of(row: Comparison) -> dict[str, Any]:
    """One person and kind for scripts: times in ISO 8601, alarms by their identity."""
    return {
        "who": row.who, "kind": row.kind, "same": row.same,
        "moved": [{"then": _stated(then), "now": _stated(now)} for then, now in row.moved],
        "then_only": [_stated(one) for one in row.then], "now_only": [_stated(one) for one in row.now],
    }  # fmt: skip


def _stated(one: Episode) -> dict[str, Any]:
    return {
        "alarm": one.id, "zone": one.zone, "rule": one.rule, "onset": iso(one.onset), "ended": iso(one.ended),
        "first": one.first_offset,
    }  # fmt: skip


def _local(at: float, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at, UTC).astimezone(zone):%Y-%m-%d %H:%M:%S}"
