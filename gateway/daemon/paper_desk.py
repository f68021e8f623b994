"""Where sheets of the office are made and signed, of a daemon's parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gateway.control.papers import PaperDesk
from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    from gateway.control.offices import Offices
    from gateway.daemon.pipeline import Pipeline
    from gateway.journal.controls import PaperAct


def paper_desk(pipeline: Pipeline, offices: Offices) -> PaperDesk:
    """One daemon's; it is told of what is committed."""

    def enter(act: PaperAct) -> None:
        pipeline.intake.control(EntryKind.PAPER, msgspec.json.encode(act))
        pipeline.wake()

    desk = PaperDesk(pipeline.view, pipeline.store, pipeline.writer, offices, enter)
    pipeline.on_papers = desk.committed
    return desk
