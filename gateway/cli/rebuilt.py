"""What `bracelet-gateway rebuild` tells the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.daemon.rebuild import Rebuilt
    from gateway.words.texts import Text


def lines(done: Rebuilt) -> Iterator[Text]:
    """A line for each thing that was done, in the order in which an operator goes through them."""
    if done.reports is not None:
        yield phrase("rebuild_history", count=done.reports)
    if not (done.days or done.lost or done.events or done.aside):
        yield phrase("rebuild_nothing")
    for name in done.days:
        yield phrase("rebuild_day", name=name)
    for lost in done.lost:
        yield phrase("rebuild_lost", first=lost.first, last=lost.until - 1, file=lost.file)
    if done.aside or done.events:
        yield phrase("rebuild_state", events=done.events, aside=done.aside or "-")
    if done.begins:
        yield phrase("rebuild_begins", begins=done.begins)
    if done.unconfirmed:
        yield phrase("rebuild_unconfirmed", count=done.unconfirmed)
