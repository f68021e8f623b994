"""Who handed over to this shift, for the head of the queue: the last hand-over of the visitor's office or county."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.console.words.texts import text

if TYPE_CHECKING:
    from gateway.papers.paper import Paper
    from gateway.words.alarm_words import Words

FORM: Final = "hand_over"


def shift_words(paper: Paper, words: Words) -> str:
    """Who has signed it, and when."""
    if not paper.signatures:
        return text(words.language, "shift_unsigned")
    keys = ("shift_signed", "shift_taken")
    told = zip(keys, paper.signatures, strict=False)
    return "".join(text(words.language, key, by=mark.by, at=words.clock(mark.at)) for key, mark in told)
