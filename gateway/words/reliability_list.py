"""How far alarms hold what they state, as a list for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gateway.words.kind_names import kind_name
from gateway.words.listing import Item, listing
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import Group

HEADINGS: Final = {
    "zh": ("种类", "范围", "属实/核实", "其他", "所述可能性", "属实比例 [95%]", ""),
    "en": ("kind", "of", "confirmed/judged", "others", "stated", "share [95 %]", ""),
}
WORDS: Final[Mapping[str, Text]] = {
    "": Text("全部", "all"),
    "office": Text("司法所 {name}", "office {name}"),
    "model": Text("型号 {name}", "model {name}"),
    "too_few": Text("不足3条，不列", "fewer than 3: not told"),
    "few": Text("数量少，仅供参考", "few: no more than a hint"),
    "over": Text("偏移：所述高于实际", "drift: states more than holds"),
    "under": Text("偏移：所述低于实际", "drift: states less than holds"),
    "none": Text("还没有按属实或误报办结的报警。", "No alarm has been closed yet."),
}


def reliability_shown(rows: Iterable[Mapping[str, Any]], language: str) -> Group | str:
    """The rows (fields of ``control.reliability.Reliability``) as a list; a sentence where there is none."""
    items = [Item(_facts(row, language), ()) for row in rows]
    return listing(HEADINGS[language], items) if items else WORDS["none"].of(language)


def _facts(row: Mapping[str, Any], language: str) -> tuple[str, ...]:
    of = WORDS[row["by"]].of(language).format_map(row)
    kind = kind_name(row["kind"], language)
    if row["judged"] is None:
        return kind, of, "–", "–", "–", "–", WORDS["too_few"].of(language)
    stated = "–" if row["stated"] is None else f"{row['stated']:.2f}"
    share = f"{row['share']:.2f} [{row['lower95']:.2f}–{row['upper95']:.2f}]"
    remark = row["drift"] or ("few" if row["is_few"] else "")
    said = WORDS[remark].of(language) if remark else ""
    return kind, of, f"{row['confirmed']}/{row['judged']}", str(row["others"]), stated, share, said
