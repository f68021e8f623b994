"""Order by urgency, rows of one alarm one after the other, and what an older state.db still owes."""

from __future__ import annotations

import dataclasses
import sqlite3
from importlib import resources
from itertools import combinations, permutations

import pytest

from gateway.clock import iso
from gateway.engine.episode import Episode
from gateway.kinds import SEVERITIES
from gateway.store.outbox import POISON, UNCONFIRMED, Depth, Marks, Passage
from gateway.store.state_db import Event, StateStore

EVERYBODY = [("city", frozenset[str]())]
NOBODY = frozenset[str]()


@pytest.fixture
def store(tmp_path):
    opened = StateStore(tmp_path / "state.db")
    yield opened
    opened.close()


def event(alarm, revision=1, severity="warning"):
    episode = Episode(
        id=alarm, kind="sos", severity=severity, ends="person", person="P1", device="B1", office="", level="", zone="",
        zone_name="", rule="", basis="", onset=1.0, decided=1.0, received=1.0, first_offset=0, last_offset=0,
    )  # fmt: skip
    body = b'{"id": "%s.%d", "data": {"severity": "%s"}}' % (alarm.encode(), revision, severity.encode())
    return Event(f"{alarm}.{revision}", alarm, severity, body, episode)


def owe(store, *events):
    store.commit(events, EVERYBODY, 0)


def names(rows):
    return [one.id for one in rows]


def test_the_most_urgent_come_first_then_the_oldest(store):
    owe(store, event("w1"), event("i", severity="info"), event("w2"), event("s", severity="serious"))
    owe(store, event("c", severity="critical"))
    assert names(store.outbox.fresh("city", 9)) == ["c.1", "s.1", "w1.1", "w2.1", "i.1"]
    assert names(store.outbox.fresh("city", 2)) == ["c.1", "s.1"]


def test_a_more_urgent_revision_takes_the_earlier_ones_with_it_and_a_milder_one_goes_with_them(store):
    owe(store, event("w"), event("a", 1, "info"), event("a", 2, "critical"), event("a", 3, "info"))
    assert names(store.outbox.fresh("city", 9)) == ["a.1", "a.2", "a.3", "w.1"]


STORY = (("late", 1, "serious"), ("late", 2, "critical"), ("late", 3, "warning"), ("late", 4, "critical"))
"""Late became absent, a person made it milder, and it was taken back."""
FILTERS = [frozenset(some) for size in range(5) for some in combinations(SEVERITIES, size)]


@pytest.mark.parametrize("wanted", FILTERS, ids=lambda wanted: "+".join(sorted(wanted)) or "all")
@pytest.mark.parametrize("story", [*permutations(STORY[:3]), STORY], ids=str)
def test_who_had_one_event_of_an_alarm_gets_all_that_follow(store, wanted, story):
    """In all combinations of what an upstream wants and how an alarm changes; sent already, or not yet."""
    events = [event(alarm, at + 1, severity) for at, (alarm, _, severity) in enumerate(story)]
    begins = next((at for at, one in enumerate(events) if not wanted or one.severity in wanted), len(events))
    for one in events:
        store.commit([one, event("latest", one.episode.revision, "info")], [("city", wanted)], 0)
        for owed in store.outbox.claim("city", 9, NOBODY, 1.0):
            store.outbox.note("city", Marks(delivered=[owed.seq]), 2.0)
    rows = store._db.rows("SELECT event.id FROM outbox JOIN event USING (seq) WHERE event.alarm = 'late' ORDER BY seq")
    assert [name for (name,) in rows] == [one.id for one in events[begins:]]


def test_another_alarm_and_another_upstream_have_had_nothing(store):
    store.commit([event("a", 1), event("b0", 1)], EVERYBODY, 0)
    assert [store.outbox.has_had("city", alarm) for alarm in ("a", "b0", "a0", "b", "")] == [True, True, *[False] * 3]
    assert not store.outbox.has_had("elsewhere", "a")


def test_a_window_holds_one_row_an_alarm_and_passes_over_the_blocked(store):
    owe(store, event("a", 1), event("a", 2), event("b"), event("c"), event("d"))
    assert names(store.outbox.claim("city", 2, frozenset({"b"}), 1.0)) == ["a.1", "c.1"]
    assert names(store.outbox.unsettled("city")) == ["a.1", "c.1"]
    assert names(store.outbox.claim("city", 9, frozenset({"a", "c"}), 1.0)) == ["b.1", "d.1"]


def test_a_row_that_has_failed_by_itself_goes_alone(store):
    owe(store, event("a"), event("b"), event("c"))
    a, b, _ = store.outbox.claim("city", 9, NOBODY, 1.0)
    store.outbox.note("city", Marks(tried=[b.seq], released=[a.seq]), 2.0)
    assert names(store.outbox.claim("city", 9, NOBODY, 3.0)) == ["a.1"]
    (alone,) = store.outbox.claim("city", 9, NOBODY, 3.0)
    assert (alone.id, alone.tries) == ("b.1", 1)


def test_what_is_set_aside_is_counted_by_reason_and_goes_out_again_by_command(store):
    owe(store, event("a"), event("b"), event("c"), event("d"))
    a, b, c, d = store.outbox.claim("city", 9, NOBODY, 1.0)
    store.outbox.note(
        "city", Marks(set_aside={a.seq: POISON, b.seq: UNCONFIRMED, c.seq: UNCONFIRMED}, acked=[d.seq]), 2.0
    )
    assert store.outbox.set_aside("city") == {POISON: 1, UNCONFIRMED: 2}
    assert [(one.id, one.acked) for one in store.outbox.unsettled("city")] == [("d.1", True)]
    assert (store.figures()["owed"], store.figures()["set_aside"]) == (1, 3)
    store.outbox.note("city", Marks(delivered=[c.seq]), 3.0)
    assert store.outbox.find("city", "c.1") == (c, False)
    assert store.outbox.resend("city") == 2
    assert store.outbox.set_aside("city") == {}
    assert names(store.outbox.fresh("city", 9)) == ["a.1", "b.1"]


def decided(alarm, revision, time):
    one = event(alarm, revision)
    return dataclasses.replace(one, body=b'{"id": "%s", "time": "%s"}' % (one.id.encode(), time.encode()))


def test_it_is_told_how_much_each_upstream_is_owed_and_since_when(store):
    assert store.outbox.depths(["city", "desk"]) == {"city": Depth(), "desk": Depth()}
    first, second = 1_793_000_000.0, 1_793_000_060.5
    store.commit(
        [decided("a", 1, iso(first)), decided("b", 1, iso(second))],
        [("city", NOBODY), ("desk", frozenset({"info"}))],
        0,
    )
    assert store.outbox.depths(["city", "desk"]) == {"city": Depth(2, first), "desk": Depth()}
    a, b = store.outbox.claim("city", 9, NOBODY, 1.0)
    assert store.outbox.depths(["city"]) == {"city": Depth(2, first)}
    store.outbox.note("city", Marks(delivered=[a.seq]), 2.0)
    assert store.outbox.depths(["city"]) == {"city": Depth(1, second)}
    store.outbox.note("city", Marks(set_aside={b.seq: POISON}), 3.0)
    assert store.outbox.depths(["city"]) == {"city": Depth()}


def test_fifty_thousand_rows_cost_no_more_to_add_to_and_to_choose_from_than_a_few(store):
    """Counted in steps of SQLite's machine, not in seconds."""
    steps = 0

    def count():
        nonlocal steps
        steps += 1

    def costs(number):
        nonlocal steps
        steps = 0
        store._db.set_progress_handler(count, 100)
        owe(store, event(f"sos{number}", 1, "serious"), event(f"sos{number}", 2, "critical"))
        assert names(store.outbox.claim("city", 1, NOBODY, 1.0)) == [f"sos{number}.1"]
        assert store.outbox.set_aside("city") == {}
        store._db.set_progress_handler(None, 0)
        store.outbox.note("city", Marks(delivered=[one.seq for one in store.outbox.fresh("city", 1)]), 2.0)
        return steps

    few = costs(0)
    owe(store, *(event(f"b{number}") for number in range(50_000)))
    assert costs(1) <= few + 10


def test_an_older_outbox_keeps_what_it_owes_in_order_of_urgency(tmp_path):
    """Versions 1 and 2 as they were: delivered, in doubt, fresh; opened twice."""
    db = sqlite3.connect(tmp_path / "state.db")
    for version in (1, 2):
        db.executescript(resources.files("gateway.store.schema").joinpath(f"state_v{version}.sql").read_text("utf-8"))
    events = [event("w"), event("d"), event("x"), event("a", 1, "info"), event("a", 2, "critical"), event("odd")]
    for seq, one in enumerate(events, 1):
        body = b"not JSON" if one.alarm == "odd" else one.body
        db.execute("INSERT INTO event VALUES (?,?,?,?)", (seq, one.id, one.alarm, body))
        marked = {"d": (1.0, 2.0), "x": (1.0, None)}.get(one.alarm, (None, None))
        db.execute("INSERT INTO outbox VALUES ('city',?,?,?)", (seq, *marked))
    db.execute("PRAGMA user_version = 2")
    db.commit()
    db.close()
    for _ in range(2):
        store = StateStore(tmp_path / "state.db")
        assert names(store.outbox.unsettled("city")) == ["x.1"]
        assert names(store.outbox.fresh("city", 9)) == ["a.1", "a.2", "odd.1", "w.1"]
        assert store.outbox.find("city", "d.1")[1] is False
        assert store.figures()["owed"] == 5
        store.close()


def test_what_is_delivered_is_in_doubt_no_more_and_goes_out_no_more(store):
    owe(store, event("a"), event("b"), event("c"))
    a, b, _ = store.outbox.claim("city", 9, NOBODY, 1.0)
    store.outbox.note("city", Marks(delivered=[a.seq], set_aside={b.seq: POISON}), 2.0)
    assert names(store.outbox.unsettled("city")) == ["c.1"]
    assert store.outbox.fresh("city", 9) == []
    assert store.outbox.claim("city", 9, NOBODY, 3.0) == []
    assert store.figures()["owed"] == 1


def test_a_test_alarm_is_owed_to_everybody_and_its_first_message_tells_how_far_it_has_come(store):
    trial = [event("t", revision, "info") for revision in (1, 2)]
    for one in trial:
        one.episode.kind = "test"
    upstreams = [("city", frozenset({"critical"})), ("file", frozenset({"serious"}))]
    store.commit([*trial, event("i", severity="info")], upstreams, 0)
    assert [names(store.outbox.fresh(name, 9)) for name, _ in upstreams] == [["t.1", "t.2"]] * 2
    nowhere = [Passage(name, None, is_aside=False) for name in ("city", "file")]
    assert store.outbox.passages("t") == nowhere
    (city, *_), (file, *_) = (store.outbox.claim(name, 9, NOBODY, 1.0) for name, _ in upstreams)
    store.outbox.note("city", Marks(set_aside={city.seq: UNCONFIRMED}), 2.0)
    store.outbox.note("file", Marks(delivered=[file.seq]), 3.0)
    found = [Passage("city", None, is_aside=True, is_handed=True), Passage("file", 3.0, is_aside=False, is_handed=True)]
    assert store.outbox.passages("t") == found
    assert store.outbox.passages("unknown") == []


def test_an_upstream_that_is_new_is_owed_what_is_unresolved_once_by_its_newest_event(store):
    over = event("over", 1)
    over.episode.closed = 2.0
    owe(store, event("a", 1), event("a", 2, "critical"), event("b", 1, "info"), over)
    everybody = [
        ("city", NOBODY),
        ("state", NOBODY),
        ("grave", frozenset({"critical"})),
        ("idle", frozenset({"serious"})),
    ]
    assert store.owe_unresolved(everybody) == {"state": 2, "grave": 1}
    assert names(store.outbox.fresh("state", 9)) == ["a.2", "b.1"]
    assert names(store.outbox.fresh("grave", 9)) == ["a.2"]
    for owed in store.outbox.claim("state", 9, NOBODY, 1.0):
        store.outbox.note("state", Marks(delivered=[owed.seq]), 2.0)
    assert store.owe_unresolved(everybody) == {}
    assert names(store.outbox.fresh("city", 9)) == ["a.1", "a.2", "over.1", "b.1"]
    store.commit([event("a", 3, "critical")], everybody, 0)
    assert names(store.outbox.fresh("state", 9)) == ["a.3"]


def test_a_trial_is_of_its_moment_and_an_alarm_without_a_message_is_owed_to_nobody(store):
    drill = event("d", 1, "info")
    drill.episode.kind = "drill"
    owe(store, drill)
    bare = event("bare").episode
    store._episodes.put(bare)
    assert store.owe_unresolved([("state", NOBODY)]) == {}
