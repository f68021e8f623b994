"""Entries of the journal as an evidence has them: each with its way up to the chain, what is nobody's to see as a leaf.

``verify.py`` says what each field is for; bytes are hexadecimal digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gateway.clock import iso
from gateway.errors import OurFault
from gateway.journal import proof_of, verify_proof
from gateway.journal.entries import EntryKind
from gateway.journal.links import stretches

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from gateway.evidence.verify import Data
    from gateway.journal import FileJournal, Proof
    from gateway.journal.erasure import Erasure

BEHIND: Final = 120.0
"""Seconds of the chain behind an entry: a heartbeat, which tells the chain's head, falls into them."""
MOST_BEHIND: Final = 600
"""Rows of it: of a large county's it is less than that time."""
ERASED: Final = int(EntryKind.ERASED)


class Shown(NamedTuple):
    """What of the entries is shown.

    Attributes:
        withheld: whether an entry, by its proof, concerns somebody else.
        erased: by offset, who had it erased and why, as far as is on record.
    """

    withheld: Callable[[Proof], bool]
    erased: Callable[[int], Erasure | None]


def entries_of(journal: FileJournal, offsets: Collection[int], how: Shown) -> list[Data]:
    """Entries with their proofs, in the order of their offsets.

    Raises:
        UnfitEntry: one is not there, or its row is of format 1, which is one piece.
        OurFault: a file cannot be read, or is not what was written.
    """
    proofs = [proof_of(journal, offset) for offset in sorted(set(offsets))]
    for proof in proofs:
        if not verify_proof(proof):
            raise OurFault(f"journal entry {proof.offset} does not prove itself")
    return [_entry(proof, how) for proof in proofs]


def _entry(proof: Proof, how: Shown) -> Data:
    place: dict[str, Any] = {
        "offset": proof.offset, "first": proof.first, "count": proof.count, "since": proof.received_first,
        "until": proof.received_last, "path": [each.hex() for each in proof.path],
    }  # fmt: skip
    if proof.kind == ERASED:
        return {**place, "leaf": proof.leaf.hex(), "why": "erased", "said": _erased(how.erased(proof.offset))}
    if how.withheld(proof):
        return {**place, "leaf": proof.leaf.hex(), "why": "withheld", "said": ""}
    return {
        **place, "kind": proof.kind, "received": proof.received, "origin": proof.origin,
        "payload": proof.payload.hex(), "salt": proof.salt.hex(),
    }  # fmt: skip


def _erased(record: Erasure | None) -> str:
    return "" if record is None else f"{iso(record.time)} {record.by}: {record.why}"


def chain_of(journal: FileJournal, offsets: Sequence[int], until: float) -> list[Data]:
    """The stretches of the chain that hold entries, and what follows each up to a receive time (UTC epoch seconds)."""
    return [
        {
            "first": one.first, "before": one.before.hex(), "chain": one.chain.hex(),
            "rows": [[count, root.hex()] for count, root in one.rows],
        }
        for one in stretches(journal, sorted(set(offsets)), until, BEHIND, MOST_BEHIND)
    ]  # fmt: skip
