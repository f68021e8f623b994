"""replay: history through the same engine. A journal, a capture or a table of fixes; alarms and track out."""

from __future__ import annotations

import math
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING

import msgspec
import numpy as np
from rich.progress import Progress

from gateway.clock import iso
from gateway.engine import ENGINE, EngineState, compile_policy
from gateway.engine.step import Stepped, run_reports, step
from gateway.errors import UserFault
from gateway.journal import FileJournal
from gateway.journal.controls import Configured, Start
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering
from gateway.private import opener
from gateway.replay.capture import open_capture
from gateway.replay.fix_rows import EXAMPLE
from gateway.replay.fixes import FixTable, imported_in, read_fixes
from gateway.replay.notice_output import NoticeOutput
from gateway.replay.reading import PolicyShelf, begin_at, digest_at, recut, stepped_anew
from gateway.replay.track_output import TrackOutput
from gateway.settings.load import load
from gateway.towers.shelf import TowerShelf
from gateway.towers.versions import TowerVersions
from gateway.upstream.cloudevents import event_of
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rich.console import Console

    from gateway.engine import Outcome, Policy
    from gateway.journal.entries import EntryBatch


@dataclass(frozen=True, slots=True)
class Request:
    """What `bracelet-gateway replay` was asked for."""

    config: Path | None
    journal: Path | None
    fixes: Path | None
    alarms: Path | None
    track: Path | None
    until: str
    batch: int
    frames: Path | None = None
    with_skipped: bool = False
    towers: Path | None = None
    against: Path | None = None
    """Of a comparison: the rules that others are held against; None: those of the journal."""
    notices: Path | None = None
    imported: bool = False
    """Of a journal: the fixes that were imported into it, as a table of fixes."""


@dataclass(frozen=True, slots=True)
class Watching:
    """What is written beside the alarms: the fused track, and whom the ladder tells."""

    track: TrackOutput | None
    notices: NoticeOutput | None

    def take(self, stepped: Stepped) -> None:
        """A piece of history."""
        if self.notices is not None:
            self.notices.take(stepped.notices)


def run(request: Request, console: Console) -> None:
    """Replay.

    Raises:
        UserFault: not exactly one of journal, frames and fixes, or a file that cannot be used; notices of fixes.
    """
    if [request.journal, request.fixes, request.frames].count(None) != 2:  # noqa: PLR2004  all but one
        raise UserFault("replay needs one of --journal DIR, --frames DIR and --fixes CSV")
    if request.batch < 1:
        raise UserFault(f"--batch {request.batch}: at least 1")
    if request.imported and request.journal is None:
        raise UserFault(phrase("replay_imported_of_journal"))
    if request.notices is not None and (request.fixes is not None or request.imported):
        raise UserFault(phrase("replay_notices_of_fixes"))
    until = until_of(request.until)
    with ExitStack() as stack:
        track, notices = None, None
        if request.notices is not None:
            notices = NoticeOutput(stack.enter_context(_output(request.notices)))
        if request.track is not None:
            track = stack.enter_context(TrackOutput(stack.enter_context(_output(request.track))))
        progress = stack.enter_context(Progress(console=console, disable=not console.is_terminal))
        outcomes = _outcomes(request, until, Watching(track, notices), progress)
        number = _write(request.alarms, outcomes, stack)
    console.print(f"{number} events")


def _write(path: Path | None, lines: Iterable[bytes], stack: ExitStack) -> int:
    out = stack.enter_context(_output(path)) if path is not None else None
    number = 0
    for line in lines:
        number += 1
        if out is not None:
            out.write(line.decode() + "\n")
    return number


def _outcomes(request: Request, until: float, watching: Watching, progress: Progress) -> Iterable[bytes]:
    if request.imported:
        yield from _from_imported(request, until, watching.track, progress)
    elif request.journal is not None:
        yield from _from_journal(request, until, watching, progress)
    elif request.frames is not None:
        yield from _from_frames(request, until, watching, progress)
    else:
        yield from _from_fixes(request, until, watching.track, progress)


def _from_journal(request: Request, until: float, watching: Watching, progress: Progress) -> Iterable[bytes]:
    """Events of a journal, under the configurations it was received under or the one given."""
    journal, shelf = opened(request.journal)
    if request.config is not None:
        shelf.override = shelf.put(load(request.config))
    state = begin_at(journal)
    if request.towers is not None:
        # A journal that names none was written without; every one that it names is this one, too.
        shelf.towers, state.towers = _towers(request.towers), [(-math.inf, "")]
    _say_where_it_begins(journal, progress)
    task = progress.add_task("replay", total=journal.next_offset)
    told = stepped_anew(
        journal, shelf, most=request.batch, until=until, observer=watching.track, with_skipped=request.with_skipped,
        state=state,
    )  # fmt: skip
    for state, stepped in told:
        progress.update(task, completed=state.offset)
        watching.take(stepped)
        for outcome in stepped.outcomes:
            yield _body(outcome, shelf(state.digest))


def opened(directory: Path | None) -> tuple[FileJournal, PolicyShelf]:
    """A journal to read, and the configurations that it remembers.

    Raises:
        UserFault: there is none.
    """
    if directory is None or not directory.is_dir() or not list(directory.glob("*.journal")):
        raise UserFault(phrase("journal_none", directory=directory))
    journal = FileJournal(directory, read_only=True)
    return journal, PolicyShelf(journal, towers=TowerShelf(TowerVersions(directory.parent)))


def _say_where_it_begins(journal: FileJournal, progress: Progress) -> None:
    """A journal whose first days were removed can say nothing before the first start that is left in it."""
    if not journal.begins:
        return
    for offset, batch in journal.read(journal.begins):
        starts = (batch.kind == EntryKind.CONFIGURATION).nonzero()[0]
        if len(starts):
            start, time = offset + int(starts[0]), iso(float(batch.received[starts[0]]))
            said = phrase("journal_begins", begins=journal.begins, start=start, time=time)
            progress.console.print(said.of(LANGUAGE.get()))
            return
    progress.console.print(phrase("journal_says_nothing", begins=journal.begins).of(LANGUAGE.get()))


def _towers(storage: Path) -> TowerShelf:
    """The version in use of a storage directory, for every time.

    Raises:
        UserFault: there is none.
    """
    versions = TowerVersions(storage)
    if not versions.current():
        raise UserFault(phrase("towers_none", directory=versions.directory))
    return TowerShelf(versions, override=versions.current())


def _body(outcome: Outcome, policy: Policy) -> bytes:
    county = policy.configuration.county
    return event_of(outcome, county.code, county.timezone, county.maps).body


def _from_frames(request: Request, until: float, watching: Watching, progress: Progress) -> Iterable[bytes]:
    """Events of a capture, under the configuration given."""
    if request.config is None or request.frames is None:
        raise UserFault("replay --frames needs --config PATH: the rules to judge by")
    shelf = PolicyShelf(None)
    policy = shelf.put(load(request.config))
    capture = open_capture(request.frames, policy.configuration)
    state = EngineState()
    if request.towers is not None:
        shelf.towers, state.towers = _towers(request.towers), [(-math.inf, "")]
    days = progress.track(capture.batches(until), total=len(capture.days), description="replay")
    for batch in recut(days, request.batch):
        if not state.digest:
            step(state, _beginning(float(batch.received[0]), policy), shelf, first=0)
        stepped = step(state, batch, shelf, watching.track, first=state.offset, towers=shelf.towers)
        watching.take(stepped)
        for outcome in stepped.outcomes:
            yield _body(outcome, policy)


def _beginning(time: float, policy: Policy) -> EntryBatch:
    """The entries of a gateway that starts."""
    begin = Gathering()
    begin.add(EntryKind.START, time, NO_ORIGIN, msgspec.json.encode(Start("replay", engine=ENGINE)))
    configured = msgspec.json.encode(Configured(policy.configuration.digest))
    begin.add(EntryKind.CONFIGURATION, time, NO_ORIGIN, configured)
    return begin.batch()


def _from_fixes(request: Request, until: float, track: TrackOutput | None, progress: Progress) -> Iterable[bytes]:
    """Events of a table of fixes, under the configuration given."""
    if request.config is None or request.fixes is None:
        raise UserFault("replay --fixes needs --config PATH: the rules to judge by")
    policy = compile_policy(load(request.config))
    yield from _from_table(fixes_of(request, policy, until), request.batch, policy, track, progress)


def _from_imported(request: Request, until: float, track: TrackOutput | None, progress: Progress) -> Iterable[bytes]:
    """Events of what was imported into a journal, as if it were a table of fixes: by the rules given, or in force."""
    journal, shelf = opened(request.journal)
    if request.config is not None:
        policy = compile_policy(load(request.config))
    else:
        policy = shelf(digest_at(journal, journal.next_offset))
    yield from _from_table(imported_in(journal, policy).until(until), request.batch, policy, track, progress)


def _from_table(
    table: FixTable, batch: int, policy: Policy, track: TrackOutput | None, progress: Progress
) -> Iterable[bytes]:  # fmt: skip
    task = progress.add_task("replay", total=len(table.reports))
    for done, stepped in stepped_fixes(table, policy, batch, track):
        progress.update(task, completed=done)
        for outcome in stepped.outcomes:
            yield _body(outcome, policy)


def fixes_of(request: Request, policy: Policy, until: float) -> FixTable:
    """The table of fixes that was asked for, up to a receive time, for the devices of a policy.

    Raises:
        UserFault: it cannot be used.
    """
    if request.fixes is None:
        raise UserFault("replay needs --fixes CSV")
    towers = None if request.towers is None else _towers(request.towers)
    return read_fixes(request.fixes, policy, towers).until(until)


def stepped_fixes(
    table: FixTable, policy: Policy, most: int, track: TrackOutput | None = None
) -> Iterator[tuple[int, Stepped]]:
    """What a table of fixes says under a policy, piece by piece, and how many of its rows that was of."""
    state, shelf = EngineState(), PolicyShelf(None, override=policy)
    for first in range(0, len(table.reports), most):
        stepped = _step_fixes(state, table, slice(first, first + most), policy, shelf, track)
        yield min(first + most, len(table.reports)), stepped


def _step_fixes(
    state: EngineState, table: FixTable, part: slice, policy: Policy, shelf: PolicyShelf, track: TrackOutput | None
) -> Stepped:
    """Rows of the table as if they had been decoded from as many entries."""
    reports = table.part(part)
    if not state.digest:
        step(state, _beginning(float(reports.received[0]), policy), shelf, first=0)
        # Nobody listened for the table: of a device that is not in it, or not yet, nothing is known, not silence.
        state.device["heard"][:] = np.inf
    entries = table.entries(part)
    stepped = Stepped()
    run_reports(state, entries, reports, policy, stepped, track)
    state.offset += len(entries)
    state.now = max(state.now, float(entries.received[-1]))
    stepped.outcomes.sort(key=lambda outcome: outcome.order)
    return stepped


@contextmanager
def _output(path: Path) -> Iterator[IO[str]]:
    """A file to write, which takes the place of an earlier one only once everything is in it.

    Raises:
        UserFault: it cannot be written.
    """
    apart = path.is_file() or not path.exists()  # a pipe or a terminal is written as it is
    target = path.resolve() if apart else path
    written = target.with_name(f".{target.name}.unfinished") if apart else target
    try:
        out = open(written, "w", encoding="utf-8", newline="", opener=opener)  # noqa: SIM115  closed below
    except OSError as fault:
        raise UserFault(f"{path}: cannot be written: {fault.strerror}") from fault
    try:
        with out:
            yield out
        if apart:
            written.replace(target)
    finally:
        if apart:
            written.unlink(missing_ok=True)


def until_of(text: str) -> float:
    """Epoch seconds of an option; infinite where it is empty.

    Raises:
        UserFault: it is no time.
    """
    if not text:
        return math.inf
    try:
        seconds = float(text)
    except ValueError:
        seconds = _moment(text)
    if not math.isfinite(seconds):
        raise UserFault(f"--until {text}: no time")
    return seconds


def _moment(text: str) -> float:
    """ISO 8601 with its offset, as in the fixes."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise UserFault(f"--until {text!r}: write epoch seconds or ISO 8601, for example {EXAMPLE}") from fault
    if moment.tzinfo is None:
        raise UserFault(f"--until {text!r} does not say its time zone: write the offset, for example {EXAMPLE}")
    return moment.timestamp()
