"""What kind of place a zone is: what officers may write, and how such places are counted in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of place: key and names; Chinese with the word by which it is counted, English for one and many."""

    key: str
    chinese: str
    measure: str
    english: str
    plural: str


OTHER: Final = "other"
"""The kind of a place of which nobody has said more."""
_TABLE: Final = (
    Category("internet_cafe", "网吧", "家", "internet cafe", "internet cafes"),
    Category("bar", "酒吧", "家", "bar", "bars"),
    Category("karaoke", "歌舞厅", "家", "dance or karaoke hall", "dance or karaoke halls"),
    Category("game_hall", "游戏厅", "家", "game hall", "game halls"),
    Category("card_room", "棋牌室", "家", "card room", "card rooms"),
    Category("bathhouse", "洗浴场所", "家", "bathhouse", "bathhouses"),
    Category("hotel", "宾馆", "家", "hotel", "hotels"),
    Category("school", "学校", "所", "school", "schools"),
    Category("kindergarten", "幼儿园", "所", "kindergarten", "kindergartens"),
    Category("hospital", "医院", "家", "hospital", "hospitals"),
    Category("market", "市场", "个", "market", "markets"),
    Category("company", "公司", "家", "company", "companies"),
    Category("public_office", "机关", "个", "public office", "public offices"),
    Category("station", "车站", "个", "station", "stations"),
    Category("port", "口岸", "个", "port of entry", "ports of entry"),
    Category("border", "边境区域", "处", "border area", "border areas"),
    Category(OTHER, "其他场所", "处", "other place", "other places"),
)
CATEGORIES: Final[Mapping[str, Category]] = {each.key: each for each in _TABLE}
"""By key."""
IN_CHINESE: Final[Mapping[str, str]] = {each.chinese: each.key for each in _TABLE}
"""The key by its Chinese name."""


def counted(key: str, count: int, language: str) -> str:
    """So many places of a kind, in ``zh`` or ``en``; of a kind that is not known by its key."""
    kind = CATEGORIES.get(key, Category(key, key, "处", key, key))
    if language == "zh":
        return f"{kind.chinese}{count}{kind.measure}"
    return f"{count} {kind.english if count == 1 else kind.plural}"
