"""Lists for people: a line of short facts, what is long below it, folded to the width: nothing is ever cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.console import Group
from rich.padding import Padding
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

INDENT = 2
GAP = "  "


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a list: short ``facts``, one a heading, and ``lines`` of any length."""

    facts: tuple[str, ...]
    lines: tuple[str, ...]
    style: str = ""


def listing(headings: Sequence[str], items: Sequence[Item]) -> Group:
    """The list as it is printed; its facts stand in columns, what people wrote is shown as it is."""
    columns = zip(headings, *(item.facts for item in items), strict=True)
    widths = [max(map(cell_len, column)) for column in columns]
    shown: list[Text | Padding] = [_facts(headings, widths, "bold")]
    for item in items:
        shown.append(_facts(item.facts, widths, item.style))
        shown += [Padding(Text(line, overflow="fold"), (0, 0, 0, INDENT)) for line in item.lines]
    return Group(*shown)


def _facts(facts: Sequence[str], widths: Sequence[int], style: str) -> Text:
    cells = (set_cell_size(fact, width) for fact, width in zip(facts, widths, strict=True))
    return Text(GAP.join(cells).rstrip(), style=style, overflow="fold")


SHORTEST = 8
"""Characters of an id that a list shows at least."""


def width_of(identities: Iterable[str]) -> int:
    """How many first characters tell all of these ids apart; 8 at least."""
    different, width = set(identities), SHORTEST
    while len({identity[:width] for identity in different}) < len(different):
        width += 1
    return width
