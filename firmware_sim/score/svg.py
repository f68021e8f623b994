"""Pictures as SVG texts. Colours are classes that the page or the picture defines; nothing else is referred to."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PALETTE = 6
"""Classes ``c0`` to ``c5``: one for each series."""
LIGHT = "--ink:#1f2328;--faint:#8c959f;--grid:#d0d7de;--paper:#ffffff;--c0:#0969da;--c1:#bc4c00;--c2:#8250df;"
DARK = "--ink:#e6edf3;--faint:#8d96a0;--grid:#30363d;--paper:#0d1117;--c0:#4493f8;--c1:#f0883e;--c2:#ab7df8;"
OTHERS = "--c3:#2da44e;--c4:#bf3989;--c5:#6e7781;"
STYLE = (
    f":root,svg{{{LIGHT}{OTHERS}}}"
    f"@media (prefers-color-scheme:dark){{:root,svg{{{DARK}}}}}"
    "svg text{fill:var(--ink);font:12px system-ui,sans-serif}svg .faint{fill:var(--faint)}"
    "svg .grid{stroke:var(--grid);stroke-width:1}svg .paper{fill:var(--paper)}"
    "svg polyline{fill:none;stroke-width:2}svg .dashed{stroke:var(--faint);stroke-dasharray:4 4;stroke-width:1}"
    + "".join(f".c{n}{{fill:var(--c{n})}}svg polyline.c{n}{{fill:none;stroke:var(--c{n})}}" for n in range(PALETTE))
)
"""For a page or a picture: ink, paper and series, in light and dark mode."""


def colour(series: int) -> str:
    """Class of a series."""
    return f"c{series % PALETTE}"


def picture(width: float, height: float, label: str, parts: Iterable[str], style: str = "") -> str:
    """A whole picture, ``label`` being what a screen reader says of it."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}"'
        f' height="{height:g}" role="img" aria-label="{escape(label)}">'
    )
    return "".join([head, f"<style>{style}</style>" if style else "", *parts, "</svg>"])


def words(x: float, y: float, content: str, anchor: str = "start", kind: str = "") -> str:
    """A line of text; ``anchor`` start, middle or end."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{_kind(kind)}>{escape(content)}</text>'


def bar(x: float, y: float, width: float, height: float, kind: str) -> str:
    """A filled rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"{_kind(kind)}/>'


def line(start: tuple[float, float], end: tuple[float, float], kind: str = "grid") -> str:
    """A straight line."""
    return f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"{_kind(kind)}/>'


def curve(points: Iterable[tuple[float, float]], kind: str) -> str:
    """A line through points."""
    return f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"{_kind(kind)}/>'


def dot(x: float, y: float, radius: float, kind: str) -> str:
    """A filled circle."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"{_kind(kind)}/>'


def _kind(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
