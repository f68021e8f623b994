"""A sheet and what is done to it."""

from __future__ import annotations

from gateway.journal.controls import PaperAct, PaperLine

LINE = PaperLine("alarm-a1", "unresolved", "P0001", "a1", zh="表带断开", en="strap cut", since=1000.0)
OTHER = PaperLine("alarm-b2", "unresolved", "P0004", "b2", zh="失联", en="silent", since=1500.0)


def begin(form: str = "hand_over", *lines: PaperLine) -> PaperAct:
    return PaperAct("p1", "begin", 1, "D01", form=form, since=900.0, until=2000.0, lines=lines or (LINE, OTHER))
