"""One entry shown without the others: the proof holds, and whatever is changed in it does not."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import format1
import msgspec
import pytest
from gateway_entries import DAY, batch

from gateway.errors import OurFault
from gateway.journal import FileJournal, Proof, proof_of, verify_proof
from gateway.journal.entries import EntryKind, Gathering, Origin
from gateway.journal.faults import UnfitEntry
from gateway.journal.segment import create

ENTRIES = 11


@pytest.fixture
def journal(tmp_path) -> FileJournal:
    """Two days, rows of one, six and four entries; entries 3 and 10 were erased."""
    kept = FileJournal(tmp_path)
    for sizes in ((0.0, 1), (10.0, 6), (DAY, 4)):
        gathering = Gathering()
        for number in range(sizes[1]):
            gathering.add(EntryKind.FRAME, sizes[0] + number, Origin(f"B{number}"), b"frame %d" % number)
        kept.append(gathering.batch())
    kept.erase([3, 10], "privacy", by="甲", time=9.0)
    return kept


def chains(journal: FileJournal) -> list[bytes]:
    found = []
    for path in journal.segments():
        with closing(sqlite3.connect(path)) as db:
            found += [chain for (chain,) in db.execute("SELECT chain FROM batch ORDER BY first")]
    return found


@pytest.mark.parametrize("offset", range(ENTRIES))
def test_every_entry_has_a_proof_that_holds_by_itself(journal, offset):
    proof = proof_of(journal, offset)
    assert verify_proof(proof)
    assert verify_proof(msgspec.json.decode(msgspec.json.encode(proof), type=Proof))
    row = 0 if offset < 1 else 1 if offset < 7 else 2
    assert (proof.offset, proof.first, proof.count) == (offset, (0, 1, 7)[row], (1, 6, 4)[row])
    assert [proof.before, proof.chain] == [bytes(32), *chains(journal)][row : row + 2]
    place = offset - proof.first
    if offset in {3, 10}:
        assert (proof.kind, proof.origin, proof.payload, proof.salt) == (EntryKind.ERASED, "", b"", b"")
    else:
        assert (proof.kind, proof.received) == (EntryKind.FRAME, (0.0, 10.0, DAY)[row] + place)
        assert (proof.origin, proof.payload) == (f'{{"device":"B{place}"}}', b"frame %d" % place)


@pytest.mark.parametrize("offset", [0, 2, 3, 6, 10])
def test_whatever_is_changed_in_a_proof_is_found(journal, offset):
    proof = proof_of(journal, offset)
    other = {int: lambda v: [v + 1, v - 1, v + 300, -1, 2**70], float: lambda v: [v + 0.5], str: lambda v: [v + " "]}
    other |= {bytes: lambda v: [v + b"x", v[:-1], bytes(b ^ 1 for b in v), b"x" * 16]}
    other |= {tuple: lambda v: [(*v, b"x" * 32), v[1:], tuple(reversed(v)), tuple(bytes(32) for _ in v)]}
    tried = 0
    for name in Proof.__struct_fields__:
        value = getattr(proof, name)
        for changed in other[type(value)](value):
            if changed != value:
                assert not verify_proof(msgspec.structs.replace(proof, **{name: changed})), (name, changed)
                tried += 1
    assert tried > 25


def test_what_was_not_erased_is_not_passed_off_as_erased_and_the_other_way(journal):
    shown = msgspec.structs.replace(proof_of(journal, 2), salt=b"")
    assert not verify_proof(shown)
    hidden = msgspec.structs.replace(proof_of(journal, 3), kind=int(EntryKind.FRAME), payload=b"frame 2")
    assert not verify_proof(hidden)
    assert not verify_proof(msgspec.structs.replace(hidden, salt=b"s" * 16))


def test_it_stays_the_same_when_others_are_erased(journal):
    before = proof_of(journal, 2)
    journal.erase([1, 4], "privacy", by="甲", time=9.0)
    assert proof_of(journal, 2) == before
    assert verify_proof(proof_of(journal, 4))


@pytest.mark.parametrize("offset", [-1, ENTRIES, 99])
def test_what_is_not_there_has_none(journal, offset):
    with pytest.raises(UnfitEntry, match=f"no entry {offset}"):
        proof_of(journal, offset)


def test_behind_removed_days_the_first_row_hangs_on_nothing(journal):
    journal.retire(DAY - 1, lambda: 99)
    with pytest.raises(UnfitEntry) as unfit:
        proof_of(journal, 8)
    assert unfit.value.why == "untied"
    journal.append(batch(DAY + 9.0))
    assert verify_proof(proof_of(journal, 11))


def test_an_entry_of_an_older_version_has_none_and_the_row_behind_it_has(tmp_path):
    create(tmp_path / "1970-01-01.journal")
    with closing(sqlite3.connect(tmp_path / "1970-01-01.journal", isolation_level=None)) as db:
        db.execute("INSERT INTO batch VALUES (0, 1, 1.0, 1.0, ?, ?)", (format1.encode(batch(1.0)), b"c" * 32))
    journal = FileJournal(tmp_path)
    journal.append(batch(2.0))
    with pytest.raises(UnfitEntry) as unfit:
        proof_of(journal, 0)
    assert unfit.value.why == "older"
    assert proof_of(journal, 1).before == b"c" * 32
    assert verify_proof(proof_of(journal, 1))


def test_of_what_was_changed_there_is_no_proof(journal, tmp_path):
    with closing(sqlite3.connect(tmp_path / "1970-01-01.journal", isolation_level=None)) as db:
        (body,) = db.execute("SELECT body FROM batch WHERE first = 1").fetchone()
        db.execute("UPDATE batch SET body = ? WHERE first = 1", (body.replace(b"frame 5", b"frame x"),))
    with pytest.raises(OurFault, match="broken at offset 1"):
        proof_of(journal, 2)
