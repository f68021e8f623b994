"""The window to officers and operators: all that may be asked of a running daemon, and who answers."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.control.address import socket_of
from gateway.control.answers import Answers
from gateway.control.fitting import Fitting
from gateway.control.server import ControlServer
from gateway.daemon.audit_log import auditing
from gateway.daemon.draft_desk import DraftDesk
from gateway.daemon.drill import DrillWatch
from gateway.daemon.erasure_desk import ErasureDesk
from gateway.daemon.figures import status_of
from gateway.daemon.file_watch import FileWatch
from gateway.daemon.import_desk import import_desk
from gateway.daemon.ledger_desk import ledger_desk
from gateway.daemon.paper_desk import paper_desk
from gateway.daemon.registers import RegisterDesk
from gateway.daemon.reload import ReloadDesk
from gateway.daemon.roll_call_desk import RollCallDesk
from gateway.daemon.swap import Swap
from gateway.drafts.shelf import DraftShelf

if TYPE_CHECKING:
    from gateway.control.desk import Desk
    from gateway.control.follow import Following
    from gateway.control.server import Answer
    from gateway.daemon.daemon import Daemon
    from gateway.daemon.erasing import ErasureWork
    from gateway.daemon.pipeline import Pipeline


def window(
    daemon: Daemon, pipeline: Pipeline, desk: Desk, following: Following, erasing: ErasureWork
) -> ControlServer:  # fmt: skip
    """The control socket's server of a daemon, which is told of what it has to follow: files, erasures, roll calls."""
    configuration = daemon.configuration
    directory = Path(configuration.storage.directory)
    swap = Swap(daemon.in_force, pipeline, directory, None if daemon.kept is None else daemon.kept.keep)
    audit = auditing(pipeline, directory, desk.offices, daemon.tell)
    daemon.drills = DrillWatch(pipeline, daemon.clock, daemon.in_force)
    daemon.erasures = ErasureDesk(swap, erasing)
    daemon.ledger = ledger_desk(pipeline, directory)
    answering = (
        Answers(
            pipeline.store, pipeline.writer, partial(daemon.act, pipeline), partial(status_of, daemon, pipeline, desk),
            daemon.resend, pipeline.intake.pending.figures, desk.offices, pipeline.episode,
        ),
        desk,
        RegisterDesk(swap, daemon.tell, daemon.files),
        Fitting(pipeline.view, desk, pipeline.store, pipeline.writer, daemon.receivers),
        daemon.erasures,
        daemon.drills,
        audit,
        import_desk(pipeline, directory, lambda: daemon.configuration.storage.keep_days),
        daemon.ledger,
    )  # fmt: skip
    answers: dict[str, Answer] = {"follow": following.follow}
    for one in answering:
        answers |= one.answers()
    answers |= _sheets(daemon, pipeline, desk, directory) | _files(daemon, pipeline, swap, directory)
    return ControlServer(
        socket_of(configuration), answers, lambda: daemon.configuration.staff, audit,
        configuration.county.language, configuration.control.group,
    )  # fmt: skip


def _sheets(daemon: Daemon, pipeline: Pipeline, desk: Desk, directory: Path) -> dict[str, Answer]:
    """Sheets of the office, and roll calls, which end as one."""
    papers = paper_desk(pipeline, directory, desk.offices)
    room = (lambda _: {}) if daemon.carriers is None else daemon.carriers.room
    daemon.roll_calls = RollCallDesk(pipeline.view, desk, papers, room)
    return papers.answers() | daemon.roll_calls.answers()


def _files(daemon: Daemon, pipeline: Pipeline, swap: Swap, directory: Path) -> dict[str, Answer]:
    """Changed files, and zones that are drawn; where the files of the configuration are nowhere none."""
    if daemon.kept is None:
        return {}
    daemon.watch = FileWatch(daemon.in_force, daemon.kept, daemon.tell)
    daemon.reloads = ReloadDesk(swap, Path(daemon.kept.asked.where), daemon.kept, daemon.tell, alone=daemon.alone)
    drafts = DraftDesk(DraftShelf(directory), daemon.reloads, pipeline.intake.now)
    return daemon.reloads.answers() | drafts.answers()
