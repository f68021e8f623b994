"""A score as a page: one file, no scripts, nothing fetched."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from firmware_sim.score.summary import SCENE_HEADS, scene_rows, sections, title, unknown_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from firmware_sim.score.result import Score
    from firmware_sim.score.summary import Row

STYLE = (
    ":root{--ink:#1f2328;--grid:#d0d7de;--paper:#ffffff}"
    "@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--grid:#30363d;--paper:#0d1117}}"
    "body{background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif;"
    "max-width:62rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{padding:.2rem .6rem;border-bottom:1px solid var(--grid);"
    "text-align:right;font-variant-numeric:tabular-nums}th:first-child,td:first-child{text-align:left}"
    "h2{margin-top:2rem;font-size:1.1rem}"
)


def as_html(score: Score) -> str:
    """The page, in light and dark mode."""
    heads = ("", *(column.name for column in score.columns))
    tables = [_heading(section.title) + _table(heads, section.rows) for section in sections(score)]
    track = [] if score.track is None else [_heading("Track by scene"), _table(SCENE_HEADS, scene_rows(score.track))]
    absent = [f"baseline {name}: {path} is not there" for name, path in score.absent.items()]
    body = [
        f"<h1>{escape(title(score))}</h1>", *_paragraphs([score.why, unknown_text(score), *absent]),
        *tables, *track,
    ]  # fmt: skip
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(title(score))}</title><style>{STYLE}</style></head><body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _paragraphs(texts: Iterable[str]) -> list[str]:
    return [f"<p>{escape(text)}</p>" for text in texts]


def _heading(text: str) -> str:
    return f"<h2>{escape(text)}</h2>\n"


def _table(heads: Sequence[str], rows: Sequence[Row]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    lines = ("".join(f"<td>{escape(text)}</td>" for text in (row.label, *row.cells)) for row in rows)
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
