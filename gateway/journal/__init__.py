"""The journal: every input, append-only, durable on return. The truth from which everything else can be rebuilt."""

from __future__ import annotations

from gateway.journal.chain import Verified, verify
from gateway.journal.contract import Head, Journal
from gateway.journal.faults import JournalHole
from gateway.journal.proof import Proof, proof_of, verify_proof
from gateway.journal.sqlite import FileJournal

__all__ = ["FileJournal", "Head", "Journal", "JournalHole", "Proof", "Verified", "proof_of", "verify", "verify_proof"]
