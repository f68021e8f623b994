"""What can be wrong with a journal that is not simply unreadable."""

from __future__ import annotations

from typing import Literal

from gateway.errors import OurFault, UserFault
from gateway.fault_table import FAULTS
from gateway.text import Text


class JournalHole(OurFault):
    """Entries are missing that nobody has declared lost: whoever read on would be wrong and not know it.

    Attributes:
        wanted: offset that was to be read.
        found: the next one that is there.
    """

    def __init__(self, wanted: int, found: int) -> None:
        self.wanted, self.found = wanted, found
        said, advice = FAULTS["hole"].said, FAULTS["hole"].advice
        super().__init__(Text(
            f"日志没有第 {wanted} 至 {found - 1} 条：{said.zh}；{advice.zh}",
            f"the journal has no entries {wanted} to {found - 1}: {said.en}. {advice.en}",
        ))  # fmt: skip


class NewerJournal(OurFault):
    """A file was written by a version that knows more than this one: nothing of it may be read, or added to it."""

    def __init__(self, name: str, found: int, known: int) -> None:
        super().__init__(Text(
            f"日志文件 {name} 为第 {found} 版格式，本版本只认到第 {known} 版：由较新的网关版本写成。请重新安装那个版本",
            f"journal file {name} has format {found}, and this version knows none above {known}: it was written by a"
            " newer version of the gateway. Install that one again",
        ))  # fmt: skip


class UnknownKind(OurFault):
    """A row has an entry of a kind that this version does not know: what it changed nobody here can say."""

    def __init__(self, kind: int) -> None:
        super().__init__(Text(
            f"日志中有种类为 {kind} 的条目，本版本不认识：由较新的网关版本写成，或者该行已损坏。"
            "请重新安装那个版本；bracelet-gateway verify 可查明是否损坏",
            f"the journal has an entry of kind {kind}, which this version does not know: a newer version of the gateway"
            " wrote it, or the row is damaged. Install that one again; bracelet-gateway verify tells whether it is"
            " damage",
        ))  # fmt: skip


_UNFIT = {
    "missing": "the journal has no entry {offset}",
    "older": "entry {offset} was written by an older version: its row is one piece, to be kept and shown as a whole",
    "kept": "entry {offset} is one that is never erased: what comes behind it could not be read without it",
    "untied": "the row before that of entry {offset} is gone: nothing ties its own to the chain",
}


class UnfitEntry(UserFault):
    """What was asked for cannot be done with this entry.

    Attributes:
        offset: the entry's.
        why: the reason, as a word; whoever tells a person says it in that person's language.
    """

    def __init__(self, offset: int, why: Literal["missing", "older", "kept", "untied"]) -> None:
        self.offset, self.why = offset, why
        super().__init__(_UNFIT[why].format(offset=offset))
