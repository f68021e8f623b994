"""The log of events: a line each while there are few, a count where a source makes a noise, and nothing personal."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gateway.daemon.event_log import MOST_SOURCES, PER_EVENT, PER_SOURCE, WINDOW, EventLog, address_of, tell_refusal
from gateway.intake.refusals import Refusal

PACKAGE = Path(__file__).resolve().parents[3] / "gateway"
PERSONAL = {"latitude", "longitude", "place", "zone_name", "home", "note", "text", "by", "person", "name", "x", "y"}


@dataclass
class Room:
    """A log, its clock, and what was written."""

    time: float = 0.0
    lines: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    tell: EventLog = field(init=False)

    def __post_init__(self) -> None:
        self.tell = EventLog(lambda event, **facts: self.lines.append((event, facts)), lambda: self.time)

    @property
    def more(self) -> list[tuple[str, object, object]]:
        return [(event, facts["source"], facts["more"]) for event, facts in self.lines if "more" in facts]


def test_few_events_are_a_line_each():
    room = Room()
    for source in "abc":
        room.tell("refused", source, peer=source)
    assert room.lines == [("refused", {"peer": source}) for source in "abc"]


def test_a_noisy_source_is_counted_and_the_count_is_told_once_its_time_is_over():
    room = Room()
    for _ in range(1000):
        room.tell("refused", "a")
    room.tell("refused", "b")
    room.tell("connection opened", "a")
    assert len(room.lines) == PER_SOURCE + 2
    room.tell.flush_old()
    assert room.more == []
    room.time = WINDOW
    room.tell.flush_old()
    assert room.more == [("refused", "a", 1000 - PER_SOURCE)]
    room.tell("refused", "a")
    assert room.lines[-1] == ("refused", {})


def test_a_crowd_of_sources_is_counted_together_and_costs_no_more_memory():
    room, crowd = Room(), 3 * MOST_SOURCES
    for number in range(crowd):
        room.tell("refused", f"{number}")
    assert len(room.lines) == PER_EVENT
    assert len(room.tell._lines) <= MOST_SOURCES + 1
    room.tell.flush()
    assert sum(more for _, _, more in room.more) + PER_EVENT == crowd


def test_the_next_event_tells_the_count_too():
    room = Room()
    for _ in range(PER_SOURCE + 2):
        room.tell("refused", "a")
    room.time = 2 * WINDOW
    room.tell("refused", "b")
    assert room.more == [("refused", "a", 2)]


def test_one_machine_that_tries_many_ports_is_one_source():
    room = Room()
    for port in range(100):
        tell_refusal(room.tell, Refusal(0.0, "bad_checksum", "bracelets", f"203.0.113.9:{port}", "7e"))
    assert len(room.lines) == PER_SOURCE


def test_a_terminals_number_is_told_and_its_bytes_are_not():
    room = Room()
    tell_refusal(room.tell, Refusal(0.0, "unknown_device", "bracelets", "203.0.113.9:4", "7e0200", "13900000139"))
    ((event, facts),) = room.lines
    assert (event, facts["reason"], facts["terminal"]) == ("refused", "unknown_device", "13900000139")
    assert "7e0200" not in str(facts)


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("203.0.113.9:4000", "203.0.113.9"), ("::1:4000", "::1"), ("[2001:db8::1]:4000", "2001:db8::1"),
        ("bracelet/1/up", "bracelet/1/up"), ("", ""),
    ],
)  # fmt: skip
def test_the_address_of_a_peer(peer, address):
    assert address_of(peer) == address


def test_no_line_of_the_log_is_given_a_place_or_a_name():
    """Every call that writes a line or tells an event, in the whole package, by the names of what it is given."""
    calls = [
        (path.name, node)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _writes(node.func)
    ]
    assert len(calls) > 30
    assert [(name, each.arg) for name, node in calls for each in node.keywords if each.arg in PERSONAL] == []


def _writes(function: ast.Attribute) -> bool:
    owner = function.value
    is_log = isinstance(owner, ast.Name) and owner.id == "log"
    return is_log or function.attr in {"tell", "_tell"}
