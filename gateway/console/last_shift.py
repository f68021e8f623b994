"""Who handed over to this shift, for the head of the queue: the last hand-over of the visitor's office or county."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.console.words.texts import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.papers.paper import Paper
    from gateway.words.alarm_words import Words

FORM: Final = "hand_over"
LOOKED_AT: Final = 20
"""Hand-overs, the latest first, among which it is looked for: every office has its own."""


def last_of(papers: Iterable[Paper], office: str) -> Paper | None:
    """The latest of an office; empty: of the county; ``papers``: the latest first. None: there is none."""
    return next((one for one in papers if one.office == office), None)


def shift_words(paper: Paper, words: Words) -> str:
    """Who has signed it, and when."""
    if not paper.signatures:
        return text(words.language, "shift_unsigned")
    keys = ("shift_signed", "shift_taken")
    told = zip(keys, paper.signatures, strict=False)
    return "".join(text(words.language, key, by=mark.by, at=words.clock(mark.at)) for key, mark in told)
