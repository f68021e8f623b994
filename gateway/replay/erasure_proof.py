"""What the journal itself proves of an erasure: who ordered and confirmed it, what it took, and that all holds.

It is read out of the files, by whoever may read them; the gateway need not run.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from gateway.decoded import from_json
from gateway.errors import UserFault
from gateway.journal import FileJournal, verify
from gateway.journal.controls import Erasing
from gateway.journal.entries import EntryKind
from gateway.journal.segment import select
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gateway.journal.chain import Verified

_ERASED = "SELECT offset, by, why FROM erased ORDER BY offset"
_CHAIN = "SELECT chain FROM batch ORDER BY first DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Said:
    """An ERASURE entry: its offset, receive time (UTC epoch seconds), content."""

    offset: int
    at: float
    what: Erasing


@dataclass(frozen=True, slots=True)
class Share:
    """What an erasure took out of one file.

    Attributes:
        name: of the file.
        runs: first and last offset of each run of entries that follow one another.
        chain: of the file's last row, hexadecimal: it is what it was before.
    """

    name: str
    runs: tuple[tuple[int, int], ...]
    chain: str

    @property
    def entries(self) -> int:
        """How many entries."""
        return sum(last - first + 1 for first, last in self.runs)


@dataclass(frozen=True, slots=True)
class Proved:
    """One erasure: what was said of it, in its order, and what it took out of which file."""

    said: tuple[Said, ...]
    shares: tuple[Share, ...]

    @property
    def order(self) -> Erasing:
        """As it was confirmed."""
        return next(one.what for one in self.said if one.what.do == "confirmed")

    @property
    def done(self) -> Said | None:
        """The entry that says that it is over; None: it is being carried through."""
        return next((one for one in self.said if one.what.do == "done"), None)


@dataclass(frozen=True, slots=True)
class Proof:
    """All erasures of a person's places, and how the whole journal was found."""

    person: str
    erasures: tuple[Proved, ...]
    verified: Verified
    chain: str


def proven(directory: Path, person: str) -> Proof:
    """Walk the chain of a journal, and read what it has of erasures of a person's places.

    Raises:
        UserFault: it has none.
        OurFault: a file cannot be read, or the chain does not hold.
    """
    journal = FileJournal(directory, read_only=True)
    verified = verify(journal)
    said = sorted(_said(journal, person), key=lambda one: (one.what.id, one.offset))
    by_order = [tuple(group) for _, group in groupby(said, key=lambda one: one.what.id)]
    confirmed = [each for each in by_order if any(one.what.do == "confirmed" for one in each)]
    if not confirmed:
        raise UserFault(phrase("erase_none", person=person))
    paths = [path for path in journal.segments() if journal.is_filled(path)]
    found = tuple(Proved(each, tuple(_shares(paths, each[0].what.id))) for each in confirmed)
    return Proof(
        person, tuple(sorted(found, key=lambda one: one.said[0].offset)), verified, _chain_of(paths[-1])
    )  # fmt: skip


def _said(journal: FileJournal, person: str) -> Iterator[Said]:
    for first, batch in journal.read(journal.begins):
        for index in np.flatnonzero(batch.kind == EntryKind.ERASURE).tolist():
            what = from_json(batch.bytes_of(index), Erasing)
            if what.person == person:
                yield Said(first + index, float(batch.received[index]), what)


def _shares(paths: list[Path], order: str) -> Iterator[Share]:
    for path in paths:
        offsets = [offset for offset, _, why in select(path, _ERASED) if str(why).split(" ")[0] == order]
        if offsets:
            yield Share(path.name, tuple(_runs(offsets)), _chain_of(path))


def _chain_of(path: Path) -> str:
    return bytes(next(select(path, _CHAIN))[0]).hex()


def _runs(offsets: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of ascending numbers that follow one another."""
    for _, group in groupby(enumerate(offsets), key=lambda pair: pair[1] - pair[0]):
        run = [offset for _, offset in group]
        yield run[0], run[-1]
