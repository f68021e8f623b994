"""What a gateway keeps on disk, as it runs through a told story."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.engine.snapshot import snapshot_of
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.journal import FileJournal
from gateway.store.state_db import StateStore
from gateway.upstream.cloudevents import event_of

if TYPE_CHECKING:
    from virtual import Told


class Running:
    """What a gateway has open while it runs, and how it goes on."""

    def __init__(self, told: Told, directory):
        self.told, self.directory = told, directory
        self.journal, self.store, self.state = FileJournal(directory / "journal"), None, EngineState()
        self.journal.store_configuration(told.policy.configuration.digest, told.policy.configuration.sources)
        self.store = StateStore(directory / "state.db")
        (directory / "secret").write_bytes(b"s" * 32)

    def go_on(self, until: float, *, snapshot: bool = False) -> None:
        first, last = self.state.offset, int(until * len(self.told.entries))
        part = self.told.entries.slice(first, last)
        self.journal.append(part)
        stepped = step(self.state, part, lambda _: self.told.policy, first=first)
        county = self.told.policy.configuration.county
        events = [event_of(outcome, county.code, county.timezone) for outcome in stepped.outcomes]
        self.store.commit(events, [("city", frozenset())], last)
        if snapshot:
            self.store.save_snapshot(snapshot_of(self.state))

    def close(self) -> None:
        self.journal.close()
        self.store.close()
