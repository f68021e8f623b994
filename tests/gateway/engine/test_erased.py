"""An erasure by order: the state knows nothing more of where somebody was, and says of everybody else what it would."""

from __future__ import annotations

import json

import msgspec
import numpy as np
import pytest
from made_episodes import KNOWN, episode
from test_snapshot import alike
from timeline import CAFE, HOME, MINUTE, Timeline, at, degrees, raised

from firmware_sim.firmware.messages import Alarm
from gateway.engine.erased import PLACES_ERASED, WHERE, without_place
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.state import BANKS, fresh
from gateway.journal.controls import Erasing
from gateway.journal.entries import EntryKind
from gateway.kinds import KINDS
from gateway.settings.model import Assignment
from gateway.upstream.cloudevents import without_place as said_without
from gateway.words.alarm_text import text_of

OVER, ERASED = at(0, 16), at(0, 18)
SHARED = (Assignment("B0001", "P0001", at(-30, 0), OVER), Assignment("B0001", "P0002", OVER, at(90, 0)))
ORDER = Erasing(
    "confirmed", "0123456789ab", "P0001", "case 17", "served", "L02", "root", "L01", {"B0001": [(at(-30, 0), OVER)]}
)
ELSEWHERE = (2345.0, -1234.0)


def lived() -> Timeline:
    """P0001 was in the cafe and pressed for help, which is closed; then the bracelet went to P0002."""
    told = Timeline.of(assignments=SHARED)
    told.stay(HOME, at(0, 12.2), at(0, 13), MINUTE)
    told.stay(CAFE, at(0, 13), at(0, 14), MINUTE)
    told.stay(ELSEWHERE, at(0, 14), OVER - MINUTE, MINUTE)
    told.report(OVER - MINUTE, ELSEWHERE, alarm=Alarm.SOS)
    told.stay((-4000.0, 0.0), OVER + 10 * MINUTE, at(0, 17.5), 5 * MINUTE)
    for number, event in enumerate(raised(told.run())):
        told.close(event["alarm"], at(0, 17.6) + number)
    told.run()
    return told


def erase(told: Timeline, order: Erasing = ORDER) -> list[dict]:
    told.control(EntryKind.ERASURE, ERASED, order)
    return told.run()


def is_hers(key: str) -> bool:
    return "P0001" in key.split("/")


def told_later(told: Timeline) -> list[dict]:
    """What is said of the next wearer, late reports among it, so that the shared past is decided anew."""
    told.stay((-4000.0, 0.0), ERASED + MINUTE, ERASED + 20 * MINUTE, MINUTE)
    told.report(OVER + 12 * MINUTE, (-3990.0, 0.0), received=ERASED + 21 * MINUTE)
    told.stay((14000.0, 0.0), ERASED + 40 * MINUTE, ERASED + 60 * MINUTE, MINUTE)
    told.tick(ERASED + 90 * MINUTE)
    return told.run()


@pytest.mark.parametrize("bank", ["track", "trust", "watch", "curfew", "presence"])
def test_rows_of_the_person_are_as_new_here_and_in_every_mark_and_those_of_others_stay(bank):
    told, twin = lived(), lived()
    assert erase(told) == []
    known = told.state.banks[bank], twin.state.banks[bank]
    new, hers = fresh(BANKS[bank], 1)[0], [is_hers(key) for key in known[0].keys]
    assert any(hers)
    for row, mine in enumerate(hers):
        for column in BANKS[bank]:
            wanted = new[column] if mine and column != "ends" else known[1][column][row]
            np.testing.assert_array_equal(known[0][column][row], wanted)
    marks = [mark for held in told.state.marks.values() for mark in held]
    assert len(marks) > 2
    for mark in marks:
        keys, records = mark.lifted.rows[bank]
        for key, record in zip(keys, records, strict=True):
            if is_hers(key):
                assert all(np.array_equal(record[name], new[name], True) for name in BANKS[bank] if name != "ends")  # noqa: FBT003


def test_her_alarms_and_nights_are_let_go_of_and_no_coordinate_is_left_in_a_snapshot():
    told = lived()
    assert any(one.person == "P0001" for one in told.state.settled.values())
    erase(told)
    state = told.state
    assert not [one for one in state.settled.values() if one.person == "P0001"]
    assert "P0001" not in state.found
    texts = b"".join(part.data for part in snapshot_of(state).parts if part.dtype == "json")
    assert not [place for place in (CAFE, ELSEWHERE) if f"{degrees(place)[0]:.3f}".encode() in texts]
    known = state.erasures[ORDER.id]
    assert (known.order, known.at, known.done) == (ORDER, ERASED, None)
    again = restore(snapshot_of(state))
    alike(again, state)
    assert again.erasures == state.erasures


def test_nothing_is_said_of_her_afterwards_and_of_the_next_wearer_what_would_be():
    told, twin = lived(), lived()
    erase(told)
    twin.tick(ERASED)
    twin.run()
    said = told_later(told)
    assert [event["kind"] for event in raised(said)] == ["inclusion_exit"]
    assert {event["data"]["person"] for event in said} == {"P0002"}
    plain = [(event["type"], event["data"]["kind"], event["data"]["onset"]) for event in told_later(twin)]
    assert [(event["type"], event["data"]["kind"], event["data"]["onset"]) for event in said] == plain


def test_that_it_is_done_is_known_from_the_entry_that_says_so_on():
    told = lived()
    erase(told, msgspec.structs.replace(ORDER, do="ordered"))
    assert told.state.erasures == {}
    erase(told)
    erase(told, Erasing("done", ORDER.id, "P0001", counts={"entries": 7}))
    known = told.state.erasures[ORDER.id]
    assert (known.done, known.counts, known.order) == (ERASED, {"entries": 7}, ORDER)
    erase(told, Erasing("done", "another", "P0001"))
    assert list(told.state.erasures) == [ORDER.id]


def test_an_alarm_that_stands_all_the_same_stays_without_its_place():
    told = Timeline.of()
    told.report(at(0, 13), ELSEWHERE, alarm=Alarm.SOS)
    (event,) = told.run()
    assert event["data"]["position"]
    erase(told)
    (stands,) = told.state.episodes.values()
    assert (stands.latitude, stands.radius_m, stands.facts[PLACES_ERASED]) == (None, None, ERASED)
    assert not WHERE & stands.facts.keys()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_alarm_and_its_messages_can_be_told_without_a_place(kind):
    alarm = episode(kind, **KNOWN)
    kept = without_place(alarm, ERASED)
    assert (kept.id, kept.onset, kept.zone_name) == (alarm.id, alarm.onset, alarm.zone_name)
    text = text_of(kept, "", "Asia/Shanghai")
    assert "24.3" not in text.zh + text.en
    assert "109.4" not in text.zh + text.en
    if "距家" in text_of(alarm, "", "Asia/Shanghai").zh:
        assert "位置已依令删除" in text.zh


def test_a_message_keeps_its_identity_and_all_but_place_and_text():
    told = Timeline.of()
    told.report(at(0, 13), ELSEWHERE, alarm=Alarm.SOS)
    (before,) = told.run()
    after = json.loads(said_without(json.dumps(before).encode(), ERASED))
    assert after["id"] == before["id"]
    assert after["data"]["position"] is None
    assert "erased by order" in after["data"]["text"]["en"]
    assert f"{degrees(ELSEWHERE)[0]:.4f}" not in json.dumps(after)
    changed = {name for name, value in before["data"].items() if after["data"][name] != value}
    assert changed == {"position", "facts", "text"}
    once = said_without(json.dumps(before).encode(), ERASED)
    assert said_without(once, ERASED) == once
