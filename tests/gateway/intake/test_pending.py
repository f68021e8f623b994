"""Unknown terminals: what they said is kept, bounded, and the line that enrols them is one that `check` takes."""

from __future__ import annotations

import io
import json
from zoneinfo import ZoneInfo

import pytest
from intake_door import Door
from rich.console import Console

from gateway.intake.pending import LONGEST_WORD, MOST_PENDING, Knock, Pending
from gateway.words.pending_list import shown, stated

UNKNOWN = "013812345678"
REGISTRATION = (
    b"\0\x2d\0\x64" + b"MAKER" + b"BRACELET-1".ljust(20, b"\0") + b"A000001" + b"\0" + b"none"
)  # fmt: skip
SHANGHAI = ZoneInfo("Asia/Shanghai")


def knocked(message: int = 0x0100, body: bytes = REGISTRATION, times: int = 1) -> Door:
    door = Door()
    visit = door.visit()
    for _ in range(times):
        door.send(visit, message, body, phone=UNKNOWN)
    return door


def test_a_registration_tells_number_wire_maker_and_model():
    (one,) = knocked().intake.pending.figures()
    assert (one["protocol"], one["identity"], one["profile"]) == ("jt808", UNKNOWN.lstrip("0"), "g10ls")
    assert (one["maker"], one["model"], one["terminal"]) == ("MAKER", "BRACELET-1", "A000001")
    assert (one["peer"], one["listener"], one["count"]) == ("203.0.113.9:4000", "bracelets", 1)


def test_what_says_nothing_of_itself_is_listed_all_the_same():
    door = knocked(0x0002, b"", 3)
    (one,) = door.intake.pending.figures()
    assert (one["identity"], one["count"], "maker" in one) == (UNKNOWN.lstrip("0"), 3, False)


def test_a_refusal_names_the_terminal():
    door = knocked()
    assert door.refusals.last[-1].identity == UNKNOWN.lstrip("0")


def test_a_known_device_is_not_pending():
    door = Door()
    door.send(door.visit(), 0x0002, b"")
    assert door.intake.pending.figures() == []


def test_a_flood_of_numbers_is_bounded_and_the_latest_stay():
    pending, words = Pending(), (("maker", "M" * 10_000),)
    for number in range(10 * MOST_PENDING):
        pending.add(Knock("jt808", str(number), "bracelets", "peer", "g10ls"), float(number), words)
    figures = pending.figures()
    assert len(figures) == MOST_PENDING
    assert figures[0]["identity"] == str(10 * MOST_PENDING - 1)
    assert len(figures[0]["maker"]) == LONGEST_WORD


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_shows_what_was_said_and_the_line_to_copy(language):
    out = io.StringIO()
    figures = knocked().intake.pending.figures()
    Console(file=out, width=200).print(shown(figures, SHANGHAI, language))
    text = out.getvalue()
    for words in ("13812345678", "jt808", "MAKER", "BRACELET-1", "203.0.113.9:4000", "2026-11-02 13:00:00+08:00"):
        assert words in text
    assert "N13812345678,jt808,13812345678,g10ls" in text
    assert '- {device: N13812345678, protocol: jt808, identity: "13812345678", profile: g10ls}' in text


def test_scripts_read_times_in_iso():
    (one,) = knocked().intake.pending.figures()
    said = json.loads(json.dumps(stated(one)))
    assert said["first"] == said["last"] == "2026-11-02T05:00:00Z"
    assert said["csv"].startswith("N13812345678,")
