"""The look at who is to be reminded: in portions, journaled, and nothing before the engine has begun."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import msgspec
import pytest

from gateway.errors import TransientFault
from gateway.journal.controls import Reminder
from gateway.journal.entries import EntryKind
from gateway.notices import reminders
from gateway.notices.reminders import AT_ONCE, Reminders

ONE = Reminder("P0001", "B0001", "nights", 1.0, 2000.0)


@dataclass
class Journal:
    entries: list = field(default_factory=list)

    def control(self, kind, payload):
        self.entries.append((kind, payload))


@pytest.mark.parametrize(("rows", "looks"), [(0, 1), (1, 1), (AT_ONCE, 1), (AT_ONCE + 1, 2), (3 * AT_ONCE, 3)])
def test_every_row_is_looked_at_once(monkeypatch, rows, looks):
    seen, woken, journal = [], [], Journal()

    def found(_state, _policy, _now, some):
        seen.append(list(some))
        return [ONE] if 0 in some else []

    monkeypatch.setattr(reminders, "curfews_of", lambda _: rows)
    monkeypatch.setattr(reminders, "reminders_due", found)
    asyncio.run(Reminders(lambda: (None, None, 1.0), journal, lambda: woken.append(1), None).look())
    assert [row for some in seen for row in some] == list(range(rows))
    assert len(seen) == looks
    assert journal.entries == [(EntryKind.REMINDER, msgspec.json.encode(ONE))][: min(rows, 1)]
    assert len(woken) == min(rows, 1)


def test_before_the_engine_has_begun_there_is_nothing_to_look_at():
    def view():
        raise TransientFault("not begun")

    journal = Journal()
    asyncio.run(Reminders(view, journal, lambda: None, None).look())
    assert journal.entries == []
