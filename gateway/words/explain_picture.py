"""Evidence as a picture: how probable a breach was, fix by fix, against the threshold; SVG that needs no network."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from gateway.words.explain_words import HEAD, flip_words, why
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.words.alarm_words import Words
    from gateway.words.explained import Explanation, Step

WIDTH, HEIGHT, LEFT, TOP, BAND = 900.0, 300.0, 70.0, 70.0, 18.0
"""Of the plot, its margins, and a line of text; units of the picture."""
TICKS: Final = 6
AXIS: Final = Text("该情况的可能性", "probability of a breach")
LINE: Final = Text("报警 {percent:.1f}%", "raised at {percent:.1f} %")
COLOURS: Final = {"hard": "#1f4e79", "soft": "#8a8a8a", "threshold": "#b00020", "onset": "#b00020"}
STYLE: Final = "font-family:sans-serif;font-size:13px"


def picture(one: Explanation, words: Words) -> str:
    """One rule and zone of one person as a whole SVG document."""
    below = [flip_words(each, words) for each in one.flips]
    height = TOP + HEIGHT + (3 + len(below)) * BAND
    head = HEAD.of(words.language).format(
        person=one.person, rule=one.rule, text=one.text[words.language], basis=one.basis,
        configuration=one.configuration,
    )  # fmt: skip
    parts = [
        words_at(LEFT, BAND, head), words_at(LEFT, 2 * BAND, why(one, words)), *_frame(one, words),
        *_evidence(one, words),
        *(words_at(LEFT, TOP + HEIGHT + (3 + at) * BAND, said) for at, said in enumerate(below)),
    ]  # fmt: skip
    size = f'width="{WIDTH + 2 * LEFT:.0f}" height="{height:.0f}" viewBox="0 0 {WIDTH + 2 * LEFT:.0f} {height:.0f}"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} style="{STYLE}" role="img">'
    return "\n".join([opening, f"<title>{escape(head)}</title>", *parts, "</svg>", ""])


def _frame(one: Explanation, words: Words) -> Iterator[str]:
    yield f'<rect x="{LEFT}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#444"/>'
    yield words_at(LEFT, TOP - 6, AXIS.of(words.language))
    yield from (words_at(LEFT - 45, _y(p) + 4, f"{100 * p:.0f} %") for p in (0.0, 0.5, 1.0))
    level = _y(one.threshold)
    yield line_of(LEFT, level, LEFT + WIDTH, level, COLOURS["threshold"], "6 4")
    said = LINE.of(words.language).format(percent=100 * one.threshold)
    yield words_at(LEFT + WIDTH - 120, level + 16, said)


def _evidence(one: Explanation, words: Words) -> Iterator[str]:
    """The curve, a point a fix; when a breach began; the axis of time."""
    if not one.steps:
        return
    begin, end = one.steps[0].time, max(one.steps[-1].time, one.steps[0].time + 1.0)

    def x(time: float) -> float:
        return LEFT + WIDTH * (time - begin) / (end - begin)

    for at in range(TICKS + 1):
        time = begin + (end - begin) * at / TICKS
        yield words_at(x(time) - 30, TOP + HEIGHT + BAND, words.clock(time))
    if one.onset is not None and begin <= one.onset <= end:
        yield line_of(x(one.onset), TOP, x(one.onset), TOP + HEIGHT, COLOURS["onset"], "2 3")
    points = " ".join(f"{x(step.time):.1f},{_y(step.p):.1f}" for step in one.steps)
    yield f'<polyline points="{points}" fill="none" stroke="{COLOURS["hard"]}"/>'
    yield from (_point(x(step.time), step, words) for step in one.steps)


def _point(x: float, step: Step, words: Words) -> str:
    colour = COLOURS["soft" if step.soft else "hard"]
    said = escape(f"{words.clock(step.time, seconds=True)} {100 * step.p:.1f} %")
    return f'<circle cx="{x:.1f}" cy="{_y(step.p):.1f}" r="2.5" fill="{colour}"><title>{said}</title></circle>'


def _y(probability: float) -> float:
    return TOP + HEIGHT * (1.0 - probability)


def line_of(x: float, y: float, to_x: float, to_y: float, colour: str, dashes: str) -> str:
    """A dashed line."""
    ends = f'x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-dasharray="{dashes}"/>'


def words_at(x: float, y: float, said: str) -> str:
    """Words, escaped."""
    return f'<text x="{x:.1f}" y="{y:.1f}">{escape(said)}</text>'
