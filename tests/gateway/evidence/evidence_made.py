"""A small evidence over a real journal: frames of two people, acts, an entry that was erased, several rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gateway.evidence.entries import Shown, chain_of, entries_of
from gateway.evidence.sealed import sealed
from gateway.journal import FileJournal
from gateway.journal.controls import Act, Configured, Start
from gateway.journal.entries import EntryKind, Gathering, Origin

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.evidence.verify import Data
    from gateway.journal import Proof

BEGIN = 1_790_000_000.0
MINE, OTHER = "B0001", "B0002"
ACT, ERASED, MIXED = 12, 5, 8
OFFSETS = (0, 1, 3, ERASED, MIXED, ACT)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="3"/></svg>'


def journaled(directory: Path, note: str = "看病 <hospital>") -> FileJournal:
    """Seven rows: a start with a configuration, frames of two bracelets in turn, an act, and what came afterwards."""
    journal = FileJournal(directory, salts=lambda count: bytes(each % 251 for each in range(count)))
    act = Act("a1", "close", "f" * 32, "D01", outcome="excused", note=note)
    control = {EntryKind.START: Start("0.1.0", engine=9), EntryKind.CONFIGURATION: Configured("c" * 64)}
    for time, sizes in ((0.0, 0), (10.0, 4), (20.0, 6), (30.0, -1), (40.0, 3), (50.0, 1), (4000.0, 2)):
        rows = Gathering()
        if sizes == 0:
            for kind, said in control.items():
                rows.add(kind, BEGIN, Origin(), msgspec.json.encode(said))
        if sizes < 0:
            rows.add(EntryKind.ACT, BEGIN + time, Origin(), msgspec.json.encode(act))
        for number in range(sizes):
            device = (OTHER, MINE)[number % 2]
            rows.add(EntryKind.FRAME, BEGIN + time + number, Origin(device, "tcp"), b"%s %d" % (device.encode(), time))
        journal.append(rows.batch())
    journal.erase([ERASED], "term over", by="D09", time=BEGIN + 60.0)
    return journal


def made(journal: FileJournal, digest: str = "sha256", note: str = "看病 <hospital>") -> Data:
    """The evidence of one of the two, to whom entry MIXED does not belong alone."""

    def withheld(proof: Proof) -> bool:
        return proof.offset == MIXED

    return sealed({
        "digest": digest, "offset_s": 28_800, "title": ["报警证据", "Evidence of an alarm"],
        "mark": ["只供公安", "police"],
        "notes": ["这是线索。", "A lead."], "chain": chain_of(journal, OFFSETS, BEGIN + 300.0),
        "entries": entries_of(journal, OFFSETS, Shown(withheld, journal.erased().get)),
        "tables": [
            {
                "id": "acts", "title": ["处理", "Acts"], "notes": [],
                "heads": [["序号", "entry"], ["谁", "by"], ["说明", "note"]],
                "rows": [[ACT, "D01", note]], "by_entry": True, "quotes": [1, 2],
            },
            {
                "id": "track", "title": ["轨迹", "Track"], "notes": ["WGS-84"], "heads": [["误差", "error"]],
                "rows": [["±12 m"], ["±9 m"]], "by_entry": False, "quotes": [],
            },
        ],
        "pictures": [{"id": "map", "title": ["图", "Map"], "svg": SVG}],
    })  # fmt: skip
