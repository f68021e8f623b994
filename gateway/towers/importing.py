"""Files of cells and access points into the store, chunk by chunk, and then the version of what it holds."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from gateway.errors import UserFault
from gateway.fusion.towers import NO_COUNTRY
from gateway.sqlite_faults import judged
from gateway.towers.build import build
from gateway.towers.lock import ImportLock
from gateway.towers.rows import BadRow, Tower
from gateway.towers.source import cells_of, recognised
from gateway.towers.store import NAME, TowerStore
from gateway.towers.versions import TowerVersions
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from gateway.towers.contradictions import Contradiction
    from gateway.towers.source import Source
    from gateway.towers.store import Counts, Progress
    from gateway.words.texts import Text

KILOMETRE: Final = 1000.0
AT_ONCE: Final = 50_000
"""Lines of a transaction: what a kill costs, and what is held of a file in memory."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told while it goes on.

    Attributes:
        begins: a file, and how many bytes it has.
        goes_on: how many bytes of it have been read.
        broken: a row that cannot be used, with its line.
        ends: what became of the rows; and whether the file had been imported before, and was not read again.
    """

    begins: Callable[[Path, int], None]
    goes_on: Callable[[int], None]
    broken: Callable[[Path, int, Text], None]
    ends: Callable[[Path, Counts, bool], None]


def import_files(
    storage: Path, paths: Sequence[Path], mccs: Collection[int], watch: Watch, now: float, keep: Collection[str] = ()
) -> str:
    """Import files in their order.

    Args:
        storage: the gateway's directory.
        paths: the files; all are looked at before one is read.
        mccs: the countries that are taken; empty: all.
        watch: told meanwhile.
        now: UTC epoch seconds.
        keep: digests of versions that something still names. All others but the new one are removed.

    Returns:
        The digest of the version that is in use now.

    Raises:
        UserFault: a file is no table of cells, and nothing was done; or nothing of one can be used, or it cannot be
            read to its end: all others are in by then.
        TransientFault: somebody else imports, or the store cannot be written; what was committed stays, and the same
            import goes on from there.
        OurFault: what is stored is damaged.
    """
    sources = [recognised(path) for path in paths]
    with ImportLock(storage), closing(TowerStore(storage / NAME)) as store:
        faults = [_tried(store, source, mccs, watch) for source in sources]
        digest = _built(store, TowerVersions(storage), now, keep) if None in faults else ""
    for fault in filter(None, faults):
        raise fault
    return digest


def _built(store: TowerStore, versions: TowerVersions, now: float, keep: Collection[str]) -> str:
    try:
        digest = build(store, versions, now)
        versions.retire(keep)
    except OSError as fault:
        raise judged("write", versions.directory, fault) from fault
    return digest


def _tried(store: TowerStore, source: Source, mccs: Collection[int], watch: Watch) -> UserFault | None:
    """Import a file; what is wrong with it as a whole."""
    try:
        _import(store, source, mccs, watch)
    except UserFault as fault:
        return fault
    return None


def _import(store: TowerStore, source: Source, mccs: Collection[int], watch: Watch) -> None:
    progress = store.begun(source.digest, ",".join(map(str, sorted(mccs))), str(source.path))
    known = progress.whole
    if not known:
        watch.begins(source.path, source.size)
        taking = _Taking(source, mccs, progress.counts, watch)
        _stage(store, progress, taking)
        store.merge(progress, taking)
    watch.ends(source.path, progress.counts, known)
    if not progress.counts.good:
        raise UserFault(_nothing(source, progress.counts, mccs))


def _stage(store: TowerStore, progress: Progress, taking: _Taking) -> None:
    """Put by what is not yet of a file; of one that cannot be read to its end nothing is taken."""
    try:
        with taking.source.lines() as (numbered, read):
            rest = (each for each in numbered if each[0] > progress.line)
            while lines := list(islice(rest, AT_ONCE)):
                store.stage(progress, taking.towers(lines), lines[-1][0])
                taking.watch.goes_on(read())
    except UserFault:
        store.let_go(progress)
        raise


@dataclass(frozen=True, slots=True)
class _Taking:
    """What is taken of a file, and what of it is counted."""

    source: Source
    mccs: Collection[int]
    counts: Counts
    watch: Watch

    def towers(self, lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, Tower]]:
        """The good rows among lines, with their numbers."""
        layout, counts = self.source.layout, self.counts
        counts.rows += len(lines)
        for number, line in lines:
            try:
                tower = layout.read(cells_of(line))
            except BadRow as bad:
                counts.broken[bad.reason] = counts.broken.get(bad.reason, 0) + 1
                self.watch.broken(self.source.path, number, bad.text)
                continue
            if not isinstance(tower, Tower):
                counts.other_radio += 1
            elif self.mccs and tower.mcc not in {*self.mccs, NO_COUNTRY}:
                counts.other_country += 1
            else:
                yield number, tower

    def swapped(self, line: int, latitude: float, longitude: float) -> None:
        """Tell of a row whose place lies where the others do once it is turned round."""
        self.watch.broken(self.source.path, line, phrase("tower_swapped", lat=latitude, lon=longitude))

    def contradicted(self, found: Contradiction) -> None:
        """Tell of a row that says otherwise than an earlier one."""
        said = phrase("tower_contradiction", earlier=found.earlier, away=_length(found.metres))
        self.watch.broken(self.source.path, found.line, said)


def _length(metres: float) -> str:
    return f"{metres:.0f} m" if metres < KILOMETRE else f"{metres / KILOMETRE:.0f} km"


def _nothing(source: Source, counts: Counts, mccs: Collection[int]) -> Text:
    """Why no row of a file could be used."""
    if counts.other_country and not counts.broken:
        asked = ", ".join(map(str, sorted(mccs)))
        return phrase("towers_no_country", path=source.path, rows=counts.rows, mccs=asked)
    return phrase("towers_nothing", path=source.path, rows=counts.rows, broken=sum(counts.broken.values()))
