"""Sheets of the office as the command line prints them: a list of them, and one with its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.text import Text as Printed

from gateway.words import paper_names as names
from gateway.words.alarm_words import Words
from gateway.words.listing import Item, listing
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any
    from zoneinfo import ZoneInfo

    Told = Mapping[str, Any]
    """A sheet, or a part of one, as the control socket tells it."""

_OF_LIST: Final = (
    Text("表单", "sheet"), Text("起", "from"), Text("止", "to"), Text("范围", "of whom"), Text("行数", "lines"),
    Text("状态", "state"),
)  # fmt: skip
_OF_LINES: Final = (
    Text("归在", "under"), Text("行", "line"), Text("对象", "of whom"), Text("起", "since"), Text("时限", "due"),
    Text("负责", "with"),
)  # fmt: skip
_STATES: Final = (Text("未签完", "not signed by all"), Text("已封存", "closed"))


def listed(papers: Sequence[Told], zone: ZoneInfo, language: str) -> Group:
    """Sheets without their lines, as they come; below each who has signed it."""
    return listing([one.of(language) for one in _OF_LIST], [_item(one, Words(language, zone)) for one in papers])


def shown(paper: Told, digest: str, zone: ZoneInfo, language: str) -> Group:
    """A sheet: its lines with what was done to each, its signatures, and what is signed."""
    words = Words(language, zone)
    heads = [one.of(language) for one in _OF_LINES]
    lines = listing(heads, [_line(one, names.ticked_as(paper["form"]), words) for one in paper.get("entries", ())])
    hashed = f"{names.HASH.of(language)}: {digest}"
    return Group(listed([{**paper, "lines": len(paper.get("entries", ()))}], zone, language), lines, Printed(hashed))


def _item(paper: Told, words: Words) -> Item:
    state = _STATES[bool(paper.get("frozen"))].of(words.language)
    office = paper["office"] or names.WHOLE.of(words.language)
    facts = (
        paper["id"], words.clock(paper["since"]), words.clock(paper["until"]), office, str(paper["lines"]), state
    )  # fmt: skip
    return Item(facts, tuple(_signed(one, words) for one in paper.get("signatures", ())))


def _signed(mark: Told, words: Words) -> str:
    return f"{names.SIGNED.of(words.language).format(by=mark['by'])} {words.clock(mark['at'])}"


def _line(entry: Told, ticked: Text, words: Words) -> Item:
    line = entry["line"]
    times = [words.clock(line[name]) if line.get(name) else "" for name in ("since", "due")]
    facts = (
        names.section_name(line["section"]).of(words.language), line["key"],
        line.get("person") or line.get("device", ""), *times, line.get("owner", ""),
    )  # fmt: skip
    return Item(facts, tuple(filter(None, _said(entry, ticked, words))), "strike" if "struck" in entry else "")


def _said(entry: Told, ticked: Text, words: Words) -> Iterator[str]:
    line = entry["line"]
    yield line.get(words.language, "")
    if line.get("last"):
        zh, en, at = line["last"]
        yield f"{zh if words.language == 'zh' else en} {words.clock(at)}"
    was = " / ".join(one.get(words.language, "") for one in entry.get("was", ()))
    for key, said in (
        ("added", names.ADDED), ("corrected", names.CORRECTED), ("ticked", ticked), ("struck", names.STRUCK)
    ):  # fmt: skip
        if key in entry:
            mark = entry[key]
            note = f": {mark['note']}" if mark.get("note") else ""
            yield said.of(words.language).format(by=mark["by"], at=words.clock(mark["at"]), note=note, was=was)
