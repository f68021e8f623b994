"""A history as a gateway leaves it that has lived through a journal's entries, for whoever reads its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.history.days import DayHistory
from gateway.history.reader import HistoryReader
from gateway.replay.reading import begin_at, stepped_anew

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.engine import EngineState
    from gateway.journal import FileJournal
    from gateway.replay.reading import PolicyShelf


def lived(journal: FileJournal, shelf: PolicyShelf, directory: Path, most: int = 5_000) -> EngineState:
    """Step all entries, and put down what came after each ``most`` of them; the state that is left."""
    history, state = DayHistory(directory), begin_at(journal)
    state.history = history
    for left, _ in stepped_anew(journal, shelf, most=most, state=state):
        history.flush(left.offset, left.epochs)
    history.close()
    return state


def reader_of(journal: FileJournal, shelf: PolicyShelf, directory: Path) -> HistoryReader:
    """Whoever reads the files of a gateway that has lived through a journal."""
    lived(journal, shelf, directory)
    return HistoryReader(directory)
