"""The last days judged twice, by the rules in force and with a draft laid over them; a process of its own.

    python -m gateway.drafts.judging STORAGE ID

It reads the journal beside the daemon, behind everybody else's work, says on its output how many of how many entries it
has stepped, and keeps the preview with the draft.
"""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np

from gateway.drafts.preview import Preview, counted
from gateway.drafts.shelf import DraftShelf
from gateway.drafts.texts import laid
from gateway.engine import ENGINE, EngineState, compile_policy
from gateway.engine.step import step
from gateway.errors import GatewayFault, UserFault
from gateway.journal import FileJournal
from gateway.journal.contract import last_received
from gateway.journal.entries import EntryKind
from gateway.replay.compare import compared
from gateway.replay.reading import PolicyShelf, digest_at, merged, replay, towers_before
from gateway.replay.scene import batch_of, beginning
from gateway.settings.load import load_sources
from gateway.towers.shelf import TowerShelf
from gateway.towers.versions import TowerVersions
from gateway.words.draft_phrases import DRAFTS
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.drafts.draft import Draft
    from gateway.engine import Episode, Policy
    from gateway.journal.contract import Journal

DAYS: Final = 90
"""Of the past that a draft is tried on."""
NICE: Final = 10
REFUSED: Final = 2
"""Exit code where a draft cannot be judged as it is."""
LANGUAGES: Final = ("zh", "en")
_DAY: Final = 86_400.0


def judged(
    storage: Path, draft: Draft, days: int = DAYS, progress: Callable[[int, int], None] = lambda *_: None
) -> Preview:
    """What a draft would have said of the last ``days`` that the journal of a storage directory still has.

    Acts of officers count in both accounts. ``progress`` is told how many entries have been stepped, and of how many.

    Raises:
        UserFault: nothing has ever come here; or the draft cannot be laid over what is in force.
        ConfigurationRefused: it has faults.
        OurFault: the journal cannot be read.
    """
    directory = storage / "journal"
    if not directory.is_dir() or not list(directory.glob("*.journal")):
        raise UserFault(DRAFTS["draft_no_journal"].filled(directory=directory))
    with closing(FileJournal(directory, read_only=True)) as journal:
        return _judged(journal, storage, draft, days, progress)


def _judged(
    journal: Journal, storage: Path, draft: Draft, days: int, progress: Callable[[int, int], None]
) -> Preview:  # fmt: skip
    digest = digest_at(journal, journal.next_offset)
    if not digest:
        raise UserFault(DRAFTS["draft_no_journal"].filled(directory=storage / "journal"))
    texts = journal.configuration(digest)
    before, after = load_sources(texts), load_sources({**texts, **laid(texts, draft).changed})
    first, span = _stretch(journal, days)
    if span is None:
        return Preview(draft.digest, digest)
    count = journal.next_offset - first
    sides = [
        _says(journal, storage, compile_policy(rules), first, _behind(progress, at * count, 2 * count))
        for at, rules in enumerate((before, after))
    ]
    rows = compared(*sides)
    comes, fresh, lost, others, by_day = counted(rows, draft.is_of, ZoneInfo(before.county.timezone))
    return Preview(draft.digest, digest, *span, comes, fresh, lost, others, by_day)


def _behind(progress: Callable[[int, int], None], done: int, of: int) -> Callable[[int], None]:
    """How far one of several parts is, as how far all are."""
    return lambda more: progress(done + more, of)


def _stretch(journal: Journal, days: int) -> tuple[int, tuple[float, float] | None]:
    """The first entry of the last days, and from when to when frames came since; None: none did."""
    last = last_received(journal)
    first = max(journal.first_since(last - days * _DAY), journal.begins)
    for _, batch in merged(journal, first, journal.next_offset):
        frames = np.flatnonzero(batch.kind == EntryKind.FRAME)
        if len(frames):
            return first, (max(float(batch.received[frames[0]]), last - days * _DAY), last)
    return first, None


def _says(
    journal: Journal, storage: Path, rules: Policy, first: int, progress: Callable[[int], None]
) -> list[Episode]:  # fmt: skip
    """All alarms since an entry, as they stand in the end."""
    shelf = PolicyShelf(journal, rules=rules, towers=TowerShelf(TowerVersions(storage)))
    found: dict[str, Episode] = {}
    for reached, outcome in replay(journal, shelf, state=_begun(journal, shelf, first)):
        found[outcome.episode.id] = outcome.episode
        progress(reached.offset - first)
    progress(journal.next_offset - first)
    return list(found.values())


def _begun(journal: Journal, shelf: PolicyShelf, first: int) -> EngineState:
    """The state of a gateway that has just begun before an entry, so that alarms keep the ids that they had."""
    if first <= journal.begins:
        return EngineState(offset=journal.begins, engine=ENGINE, keeps_fences=False)
    received = next(float(batch.received[0]) for _, batch in journal.read(first))
    entries = beginning(received, digest_at(journal, first))
    state = EngineState(offset=first - len(entries), keeps_fences=False)
    named = towers_before(journal, first)
    state.towers = [(-np.inf, named)] if named else []
    step(state, batch_of(entries), shelf, first=state.offset, towers=shelf.towers)
    return state


def main() -> int:
    """Judge a draft's last days; the exit code: 0, or 2 with the reason in Chinese and English, a line each."""
    os.nice(NICE)
    shelf, identity = DraftShelf(Path(sys.argv[1])), sys.argv[2]
    try:
        preview = judged(shelf.storage, shelf.of(identity).draft, progress=_tell)
    except GatewayFault as fault:
        sys.stderr.write("".join(f"{' '.join(spoken(fault, language).split())}\n" for language in LANGUAGES))
        return REFUSED
    shelf.tried(identity, preview)
    return 0


def _tell(done: int, of: int) -> None:
    sys.stdout.write(f"{done} {of}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
