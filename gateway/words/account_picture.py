"""The number that decides an alarm as a picture: entry by entry, against its limit; SVG that needs no network."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from gateway.words.account_words import head, measure_words, number_words, turn_words, why
from gateway.words.explain_picture import BAND, COLOURS, HEIGHT, LEFT, STYLE, TICKS, TOP, WIDTH, line_of, words_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.words.accounts import Account
    from gateway.words.alarm_words import Words

SPARE: Final = 1.1
"""Of the highest number, so that its line does not lie on the frame."""


def picture(one: Account, words: Words) -> str:
    """One account as a whole SVG document; entries without a number stand on the axis of time."""
    below = [turn_words(each, words) for each in one.turns]
    height, title = TOP + HEIGHT + (3 + len(below)) * BAND, head(one, words)
    parts = [
        words_at(LEFT, BAND, title), words_at(LEFT, 2 * BAND, why(one, words)), *_plot(one, words),
        *(words_at(LEFT, TOP + HEIGHT + (3 + at) * BAND, said) for at, said in enumerate(below)),
    ]  # fmt: skip
    size = f'width="{WIDTH + 2 * LEFT:.0f}" height="{height:.0f}" viewBox="0 0 {WIDTH + 2 * LEFT:.0f} {height:.0f}"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} style="{STYLE}" role="img">'
    return "\n".join([opening, f"<title>{escape(title)}</title>", *parts, "</svg>", ""])


def _plot(one: Account, words: Words) -> Iterator[str]:
    yield f'<rect x="{LEFT}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#444"/>'
    yield words_at(LEFT, TOP - 6, measure_words(one.measure, words.language))
    values = [each.value for each in one.seen if each.value is not None]
    top = SPARE * max([abs(each) for each in (*values, one.measure.value, one.measure.limit) if each], default=1.0)
    begin = one.seen[0].received if one.seen else one.since
    end = max(one.at, begin + 1.0)

    def x(time: float) -> float:
        return LEFT + WIDTH * (time - begin) / (end - begin)

    def y(value: float) -> float:
        return TOP + HEIGHT * (1.0 - max(0.0, value) / top)

    if one.measure.limit is not None:
        yield line_of(LEFT, y(one.measure.limit), LEFT + WIDTH, y(one.measure.limit), COLOURS["threshold"], "6 4")
    for at in range(TICKS + 1):
        time = begin + (end - begin) * at / TICKS
        yield words_at(x(time) - 30, TOP + HEIGHT + BAND, words.clock(time))
    points = [(each.received, each.value) for each in one.seen if each.value is not None]
    points += [] if one.measure.value is None else [(one.at, one.measure.value)]
    joined = " ".join(f"{x(time):.1f},{y(value):.1f}" for time, value in points)
    yield f'<polyline points="{joined}" fill="none" stroke="{COLOURS["hard"]}"/>'
    for each in one.seen:
        value = each.value or 0.0
        said = f"{words.clock(each.received, seconds=True)} {number_words(value, one.measure.unit, words.language)}"
        point = f'<circle cx="{x(each.received):.1f}" cy="{y(value):.1f}" r="2.5" fill="{COLOURS["hard"]}">'
        yield f"{point}<title>{escape(said)}</title></circle>"
