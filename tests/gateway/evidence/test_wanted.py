"""What belongs to an alarm: the wearer's own entries and nobody else's, what was done about it, what was in force."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import ClassVar

import msgspec
import numpy as np
import pytest
from made_episodes import episode
from timeline import at, county

from gateway.engine import PAST, compile_policy
from gateway.engine.act_lines import ActLine
from gateway.engine.episode import Note
from gateway.engine.records import Command, End, Ended
from gateway.evidence.gathered import BEFORE, LONGEST, Known, _reports, last_change, window
from gateway.evidence.others import Others
from gateway.evidence.wanted import Wearer, around, in_force
from gateway.journal import FileJournal
from gateway.journal.controls import Act, Configured, Start, TestAlarm, TowersNamed
from gateway.journal.entries import EntryKind, Gathering, Origin
from gateway.settings.model import Assignment
from gateway.towers import named
from gateway.towers.versions import TowerVersions
from gateway.words.evidence_words import SOMEBODY

SWAP = at(0, 12)
"""When B0001 went from P0001 to P0002."""


@pytest.fixture(scope="module")
def policy():
    forever = county().assignments[0].until
    return compile_policy(
        county(assignments=(
            Assignment("B0001", "P0001", at(-30, 0), SWAP), Assignment("B0001", "P0002", SWAP, forever),
            Assignment("B0002", "P0002", at(-30, 0), SWAP),
        ))
    )  # fmt: skip


class Written:
    """A journal of entries, each a row, by name."""

    def __init__(self, directory) -> None:
        self.journal, self.offsets = FileJournal(directory / "journal"), {}

    def add(self, name, kind, time, payload=None, device="") -> None:
        rows = Gathering()
        said = payload if isinstance(payload, bytes) else b"" if payload is None else msgspec.json.encode(payload)
        rows.add(kind, time, Origin(device), said)
        self.offsets[name] = self.journal.append(rows.batch())

    def named(self, offsets) -> set[str]:
        return {name for name, offset in self.offsets.items() if offset in set(offsets)}


@pytest.fixture
def written(tmp_path):
    one, alarm = Written(tmp_path), "a" * 32
    one.add("start, earlier", EntryKind.START, at(0, 7), Start("0.0.9"))
    one.add("start", EntryKind.START, at(0, 8), Start("0.1.0"))
    one.add("rules", EntryKind.CONFIGURATION, at(0, 8), Configured("d1"))
    one.add("masts", EntryKind.TOWERS, at(0, 8.1), TowersNamed("t1"))
    one.add("before", EntryKind.OPENED, at(0, 8.2), device="B0001")
    one.add("opened", EntryKind.OPENED, at(0, 9.1), device="B0001")
    one.add("opened by another", EntryKind.OPENED, at(0, 9.2), device="B0002")
    one.add("part", EntryKind.FRAGMENT, at(0, 9.3), b"x", device="B0001")
    one.add("frame", EntryKind.FRAME, at(0, 9.4), b"x", device="B0001")
    one.add("order", EntryKind.COMMAND, at(0, 9.5), command("c1", "B0001"))
    one.add("order to another", EntryKind.COMMAND, at(0, 9.5), command("c2", "B0002"))
    one.add("result to another", EntryKind.RESULT, at(0, 9.6), Ended("c2", End.DONE))
    one.add("result", EntryKind.RESULT, at(0, 9.6), Ended("c1", End.DONE))
    one.add("test", EntryKind.TEST, at(0, 9.7), TestAlarm("t", "B0001"))
    one.add("frame of another", EntryKind.FRAME, at(0, 9.8), b"x", device="B0002")
    one.add("rules, later", EntryKind.CONFIGURATION, at(0, 10), Configured("d2"))
    one.add("closed by the next wearer", EntryKind.CLOSED, at(0, 13), device="B0001")
    one.add("act", EntryKind.ACT, at(0, 20), Act("1", "close", alarm, "D01"))
    one.add("act on another", EntryKind.ACT, at(0, 20), Act("2", "close", "b" * 32, "D01"))
    return one


def command(identity, device) -> Command:
    return Command(identity, device, "locate", {}, "D01", at(1, 0))


def of(written, **changes):
    known = {"id": "a" * 32, "person": "P0001", "device": "B0001", "onset": at(0, 9.4), "decided": at(0, 9.4)}
    ends = {"first_offset": written.offsets["frame"], "last_offset": written.offsets["frame"]}
    return msgspec.structs.replace(
        episode(), **{**known, **ends, "acts": [ActLine(at(0, 20), "D01", "close", 2)], **changes}
    )


def test_sessions_parts_orders_and_acts_are_the_wearers_alone(written, policy):
    found = around(written.journal, Wearer.of(policy, "P0001"), of(written), (at(0, 9), at(0, 18)))
    assert written.named(found) == {"opened", "part", "frame", "order", "result", "test", "act"}
    later = around(written.journal, Wearer.of(policy, "P0002"), of(written, acts=[]), (at(0, 12), at(0, 18)))
    assert written.named(later) == {"closed by the next wearer"}


def test_an_entry_of_another_that_an_alarm_was_decided_at_is_left_out(written, policy):
    last = of(written, last_offset=written.offsets["frame of another"])
    found = around(written.journal, Wearer.of(policy, "P0001"), last, (at(0, 9), at(0, 18)))
    assert "frame of another" not in written.named(found)
    decided = of(written, last_offset=written.offsets["rules, later"])
    assert "rules, later" in written.named(around(written.journal, Wearer.of(policy, "P0001"), decided, (0.0, 1.0)))


def test_versions_are_those_in_force_when_it_was_decided(written, tmp_path):
    assert written.named(in_force(written.journal, tmp_path, of(written))) == {"start", "rules"}
    directory = TowerVersions(tmp_path).directory
    directory.mkdir()
    for since, digest in ((at(0, 8.1), "t1"), (at(0, 11), "t2")):
        named.name(directory, digest, since)
    assert written.named(in_force(written.journal, tmp_path, of(written))) == {"start", "rules", "masts"}
    late = of(written, last_offset=written.offsets["act"])
    assert written.named(in_force(written.journal, tmp_path, late)) == {"start", "rules, later", "masts"}


class Rows:
    """A history of rows."""

    asked: ClassVar[list[tuple[float, float]]] = []

    def __init__(self, *rows) -> None:
        self.kept = np.zeros(len(rows), PAST)
        for at_row, (offset, device, time, received) in enumerate(rows):
            self.kept[at_row]["offset"], self.kept[at_row]["device"] = offset, device
            self.kept[at_row]["time"] = self.kept[at_row]["order"] = time
            self.kept[at_row]["received"] = received

    def rows(self, devices, since, until):
        assert devices == ("B0001",)
        self.asked.append((since, until))
        within = (self.kept["order"] >= since) & (self.kept["order"] <= until)
        return self.kept[within]

    def epochs(self):
        return [(at(0, 8), "d1"), (at(0, 15), "d2")]


def test_a_frame_that_brought_a_report_of_the_next_wearer_too_is_known_as_such(policy):
    wearer = Wearer.of(policy, "P0001")
    assert (wearer.devices, wearer.shares) == (("B0001",), True)
    history = Rows(
        (1, 0, at(0, 10), at(0, 10)), (2, 0, at(0, 11.5), at(0, 12.5)), (2, 0, at(0, 12.4), at(0, 12.5)),
        (3, 0, at(0, 12.6), at(0, 12.6)), (4, 0, at(0, 11), at(0, 16)),
    )  # fmt: skip
    rows, mixed = _reports(Known(history, at(0, 14)), wearer, at(0, 9), at(0, 12.1))
    assert rows["offset"].tolist() == [1, 2]
    assert mixed == {2, 3}
    assert history.asked[-1][1] > at(5, 0), "what came with it may be of another day"
    assert Known(history, at(0, 14)).epochs() == [(at(0, 8), "d1")]


def test_without_an_authority_nothing_is_anybodys(policy):
    bare = compile_policy(replace(policy.configuration, authorities=policy.configuration.authorities[1:]))
    assert not Wearer.of(bare, "P0001").has("B0001", at(0, 10))
    assert Wearer.of(policy, "P0001").has("B0001", at(0, 10))
    assert not Wearer.of(policy, "P0001").has("B0001", at(0, 13))
    assert not Wearer.of(policy, "P0001").has("B0002", at(0, 10))
    assert not Wearer.of(policy, "P0009").devices


@pytest.mark.parametrize(
    ("changes", "now", "span"),
    [
        ({}, at(0, 11), (at(0, 9) - BEFORE, at(0, 11) + 1.0)),
        ({"ended": at(0, 10)}, at(0, 20), (at(0, 9) - BEFORE, at(0, 11) + 1.0)),
        ({"ended": at(0, 10)}, at(0, 10.1), (at(0, 9) - BEFORE, at(0, 10.1) + 1.0)),
        ({"facts": {"placed": at(0, 8)}}, at(0, 10), (at(0, 8) - BEFORE, at(0, 10) + 1.0)),
        ({"onset": at(-2, 0)}, at(0, 10), (at(0, 9.5) - LONGEST + BEFORE, at(0, 10) + 1.0)),
        ({}, at(3, 0), (at(0, 9) - BEFORE, at(0, 9) - BEFORE + LONGEST)),
    ],
)
def test_the_time_that_belongs_to_an_alarm(changes, now, span):
    one = msgspec.structs.replace(
        episode(), **{"onset": at(0, 9), "decided": at(0, 9.5), "ended": None, "facts": {}, **changes}
    )
    assert window(one, now) == span


def test_its_last_change_is_whatever_was_done_last():
    bare = {
        "decided": 5.0,
        "ended": None,
        "acknowledged": None,
        "closed": None,
        "disputed": None,
        "acts": [],
        "notes": [],
    }
    one = msgspec.structs.replace(episode(), **bare)
    assert last_change(one) == 5.0
    for more in (
        {"ended": 6.0},
        {"closed": 7.0},
        {"acts": [ActLine(8.0, "D01", "note", 1)]},
        {"notes": [Note(9.0, "D01", "x")]},
    ):
        assert last_change(msgspec.structs.replace(one, **more)) == max(
            math.floor(v) if isinstance(v, float) else v[0].at for v in more.values()
        )


def test_somebody_else_is_named_nowhere(policy):
    others = Others.of(policy, "P0001")
    assert others.without("P0001 met P0002, not P00022 nor XP0002") == f"P0001 met {SOMEBODY}, not P00022 nor XP0002"
    assert others.named_in('{"note":"与P0002同行"}') == ["P0002"]
    one = msgspec.structs.replace(
        episode(), zone="P0002", zone_name="near P0002", facts={"with": "P0002", "within_m": 50},
        acts=[ActLine(1.0, "D01", "note", 1, note="P0002 was there")], notes=[Note(1.0, "D01", "P0002 was there")],
    )  # fmt: skip
    assert b"P0002" not in msgspec.json.encode(others.masked(one))
    assert others.masked(one).facts["within_m"] == 50
