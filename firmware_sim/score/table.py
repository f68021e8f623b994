"""A score on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from firmware_sim.score.summary import SCENE_HEADS, scene_rows, sections, title, unknown_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firmware_sim.score.result import Score
    from firmware_sim.score.summary import Row


def as_table(score: Score) -> Group:
    """Tables to print with rich: a column for the gateway and each baseline, then the track by scene."""
    heads = ("", *(column.name for column in score.columns))
    parts = [_table(section.title, heads, section.rows) for section in sections(score)]
    scenes = [] if score.track is None else [_table("Track by scene", SCENE_HEADS, scene_rows(score.track))]
    absent = [Text(f"baseline {name}: {path} is not there") for name, path in score.absent.items()]
    return Group(Text(title(score), style="bold"), Text(score.why), *parts, *scenes, Text(unknown_text(score)), *absent)


def _table(heading: str, heads: Sequence[str], rows: Sequence[Row]) -> Table:
    table = Table(title=Text(heading), title_justify="left", show_edge=False, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(Text(head), justify="right" if number else "left")
    for row in rows:
        table.add_row(Text(row.label), *map(Text, row.cells))
    return table
