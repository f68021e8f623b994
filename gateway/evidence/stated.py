"""What a statement of a track is made of, as it was known at a time: read beside a gateway that writes."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.evidence.gathered import Known
from gateway.history.reader import HistoryReader
from gateway.journal import FileJournal
from gateway.printed.track_statement import Stated
from gateway.replay.past import past_of
from gateway.replay.reading import StoredPolicies, digest_at
from gateway.store.state_db import StateStore

if TYPE_CHECKING:
    from pathlib import Path

LONGEST: Final = 31 * 86_400.0
"""Seconds that one statement covers at most."""


def stated(storage: Path, person: str, since: float, until: float, at: float) -> Stated:
    """Gather it, since <= t < until (UTC epoch seconds), of what had come by ``at``.

    Raises:
        TransientFault, OurFault: something cannot be read.
    """
    policies, history = StoredPolicies(storage / "journal"), Known(HistoryReader(storage / "history"), at)
    with closing(FileJournal(storage / "journal", read_only=True)) as journal:
        digest = digest_at(journal, journal.first_since(float(np.nextafter(at, np.inf))))
    policy, until = policies(digest), min(until, at)
    with closing(StateStore(storage / "state.db", read_only=True)) as store:
        presence = store.presence(person, since, until)
    past = past_of(history, policies, person, since, until, digest)
    return Stated(person, since, until, past, presence, policy.registered, policy.configuration)
