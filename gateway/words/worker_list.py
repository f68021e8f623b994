"""How a city's workers stand, for people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from gateway.words.listing import Item, listing
from gateway.words.phrases import LANGUAGE
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Group


class Standing(Protocol):
    """What is told of a partition: as ``gateway.worker.looking.Line``."""

    @property
    def stated(self) -> Mapping[str, Any]:
        """County, partition, partitions, owner, followers, behind, received, troubles."""
        ...


HEADINGS: Final = {
    "zh": ("分区", "处理者", "待处理", "处理到"), "en": ("partition", "worker", "waiting", "stepped up to")
}  # fmt: skip
_NOBODY: Final = Text("无人处理", "nobody")
_BESIDE: Final = Text("候补：{names}", "standing by: {names}")
_ALONE: Final = Text("没有候补：该进程停止后无人接手", "nobody stands by: if that worker stops nobody goes on")


def shown(lines: Sequence[Standing]) -> Group:
    """All partitions as a list in the reader's language; times in UTC, for workers serve many counties."""
    language = LANGUAGE.get()
    return listing(HEADINGS[language], [_item(one.stated, language) for one in lines])


def _item(one: Mapping[str, Any], language: str) -> Item:
    facts = (
        f"{one['county']}/{one['partition']} ({one['partitions']})", one["owner"] or _NOBODY.of(language),
        str(one["behind"]), _time(one["received"]),
    )  # fmt: skip
    names = ", ".join(one["followers"])
    beside = _BESIDE.of(language).format(names=names) if names else _ALONE.of(language)
    troubles = (f"{name}: {Text(*said).of(language)}" for name, said in one["troubles"].items())
    return Item(facts, (beside, *troubles), "" if one["owner"] else "bold red")


def _time(received: float | None) -> str:
    return "-" if received is None else datetime.fromtimestamp(received, UTC).isoformat(" ", "seconds")
