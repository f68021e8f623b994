"""Who looked at whose track, out of the journal's own log: what was shown, in the time that is asked for."""

from __future__ import annotations

import msgspec

from gateway.daemon.paper_desk import looks_at_tracks
from gateway.journal import FileJournal
from gateway.journal.controls import Audited
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering
from gateway.papers.seen import Look


def test_looks_that_were_shown_are_found_and_nothing_else(tmp_path):
    looks = [
        (90.0, Audited("track", "D01", person="P0001", purpose="too early")),
        (110.0, Audited("track", "D01", person="P0001", purpose="approved visit")),
        (120.0, Audited("where", "D01", person="P0002", purpose="no track")),
        (130.0, Audited("track", "S01", person="P0003", purpose="refused", ok=False)),
        (140.0, Audited("track", "D02", person="P0002", purpose="alarm 1f3a")),
        (200.0, Audited("track", "D02", person="P0002", purpose="too late")),
    ]
    gathering = Gathering()
    for at, look in looks:
        gathering.add(EntryKind.AUDIT, at, NO_ORIGIN, msgspec.json.encode(look))
    journal = FileJournal(tmp_path)
    journal.append(gathering.batch())
    journal.close()
    assert sorted(looks_at_tracks(tmp_path, 100.0, 200.0)) == [
        Look("P0001", "D01", 110.0, "approved visit"), Look("P0002", "D02", 140.0, "alarm 1f3a"),
    ]  # fmt: skip
