from __future__ import annotations

import pytest
from journal_contract import JournalContract

from gateway.stream.journal import StreamJournal
from gateway.stream.names import Partition


class TestStreamJournal(JournalContract):
    @pytest.fixture(autouse=True)
    def place(self, stream_loop, stream_county):
        self.connection, self.county = stream_loop.connection, stream_county

    def opened(self, place, *, read_only=False):
        del place  # a county's streams are this test's alone
        return StreamJournal(self.connection, Partition(self.county, 0, 1), read_only=read_only)
