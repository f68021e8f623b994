"""What a session calls urgent is what ``decode`` finds: SOS or tamper in a frame's flags, for every family."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jt808_frames import batch, frame, location
from met import must_meet

from firmware_sim.firmware.messages import Alarm, Location, location_body
from fuzz.campaign import saved
from fuzz.harness import HEAD
from fuzz.seeds import seeds_of
from protocols.gt06 import FAMILY as GT06
from protocols.gt06.messages import MESSAGES
from protocols.gt06.wire import LONG_FORM, seal
from protocols.jt808 import FAMILY as JT808
from protocols.jt808.profiles import parse_profile
from protocols.r16h import FAMILY as R16H
from protocols.registry import FAMILIES
from protocols.report import URGENT, Flag
from protocols.session import Frame, FrameBatch, Login

NOW = 1_770_000_000.0
ENDS = {"r16h": b"$"}
"""What the captures leave out."""
IDENTITY = "861000000000001"
CORPORA = Path(__file__).resolve().parents[2] / ".." / "shared" / "corpora"
MADE_UP = parse_profile(
    """
name: made_up
alarm_bits: {5: case_open, 31: off_body}
alarm_bits_2019: {6: strap_loose}
status_bits: {9: strap_cut}
status_bits_2019: {12: sos}
items:
  - {id: 0xE0, kind: flags, size: 3, offset: 1, width: 2, active: low, bits: {3: strap_loose, 4: vibration}}
  - {id: 0xE1, kind: values, size: 2, width: 2, values: {1: off_body, 2: charging}}
  - {id: 0xE2, kind: event, flag: case_open, least: 2}
  - {id: 0xE2, kind: event, flag: fall}
  - {id: 0xE3, kind: masked, head: 2, mask_at: 1, sizes: {0: 1, 1: 2}, values: {1: sos, 2: fall}}
  - id: 0xE4
    kind: first_of
    items:
      - {id: 0xE4, kind: wifi, counted: true}
      - {id: 0xE4, kind: text, name: text}
      - {id: 0xE4, kind: values, size: 1, values: {1: strap_cut, 65: strap_cut}}
      - id: 0xE4
        kind: numbered
        width: 1
        items:
          - {id: 1, kind: event, flag: sos}
          - {id: 2, kind: number, size: 1, column: battery_percent}
  - id: 0xE5
    kind: list
    counted: true
    id_width: 1
    items:
      - {id: 1, kind: event, flag: sos, least: 1}
      - {id: 1, kind: values, size: 2, width: 2, values: {3: strap_cut}}
bodies:
  - {id: 0x0002, kind: values, size: 1, values: {1: strap_cut}}
  - {id: 0x0200, kind: flags, size: 28, width: 1, bits: {7: off_body}}
"""
)
MAKERS = JT808.with_profiles([MADE_UP])


def urgent_frames(family, profile, data, *, strict=False):
    """Whether each whole frame of a stream is urgent: (by its session, by what is decoded of it)."""
    session = family.session(profile, strict_checksum=strict, identity=IDENTITY)
    for event in [*session.feed(data, NOW), *session.end_datagram(NOW)]:
        told = event.frame if isinstance(event, Login) else event
        if isinstance(told, Frame):
            flags = family.decode(FrameBatch.of([told.raw], profile, told.facts)).flags
            yield told.urgent, bool((flags & np.uint64(URGENT)).any())


def agree(family, profile, data) -> Counter[bool]:
    pairs = list(urgent_frames(family, profile, data))
    assert [told for told, _ in pairs] == [found for _, found in pairs], data.hex()
    return Counter(found for _, found in pairs)


@pytest.mark.parametrize("name", FAMILIES)
def test_of_the_saved_and_the_first_inputs_of_every_family(name):
    family, seen = FAMILIES[name], Counter()
    for data in [*seeds_of(name), *saved(name)]:
        for profile in family.profiles:
            seen += agree(family, profile, data[HEAD:])
    assert seen[False] or name == "mlp"


@pytest.mark.parametrize("name", ["jt808", "gt06", "r16h"])
def test_of_captured_frames(name):
    if not CORPORA.exists():
        pytest.skip("NOT CHECKED: the captured frames are absent (beside the repository)")
    family, seen = FAMILIES[name], Counter()
    for line in (CORPORA / f"{name}.jsonl").read_text("utf-8").splitlines():
        for profile in family.profiles:
            seen += agree(family, profile, bytes.fromhex(json.loads(line)["hex"]) + ENDS.get(name, b""))
    assert seen[False] > seen[True]
    assert seen[True] or name == "r16h"


WORDS = st.integers(0, 31).map(lambda bit: 1 << bit) | st.integers(0, 0xFFFFFFFF) | st.just(0)
DATA = st.binary(max_size=10) | st.lists(st.sampled_from(b"\x00\x01\x02\x03\x04\x41\xff"), max_size=10).map(bytes)
EVENTS = st.sampled_from(
    [bytes.fromhex(text) for text in (
        "0C01", "0C12", "0C0201", "000600890000EFFF", "00060089FFFFFFFF00", "01CC0000010203", "0201010201",
        "0401020003", "0B010003010101", "01000101", "0103", "4101", "02020000", "0101FF", "0103FFFFFF", "0001",
        "0101000000000000FF", "0002000000000000", "00020000", "0000000F",
    )]
)  # fmt: skip
CARRYING = [0x0200, 0x0201, 0x0500, 0x0704, 0x0801, 0x0210, 0x0002, 0x0900]
JT808_CASES = {(message, urgent) for message in CARRYING for urgent in (False, True)} - {(0x0900, True)}


def each_of_jt808(property_test):
    """Every message calm and calling for help; a heartbeat does by its byte, and 0900 never."""
    for message in CARRYING:
        for alarm in (0, 1):
            told = {"items": [], "alarm": alarm, "status": 0}
            given = example(message=message, told=told, edition_2019=False, rest=bytes((alarm,)))
            property_test = given(property_test)
    return property_test


IDENTS = st.sampled_from([0xE0, 0xE1, 0xE2, 0xE3, 0xE4, 0xE5, 0xE7, 0xE8, 0xEB, 0xFA, 0x2A, 0x01])
ITEMS = st.lists(st.tuples(IDENTS, DATA | EVENTS), max_size=4)


@must_meet(*JT808_CASES)
@settings(max_examples=examples(300))
@given(
    message=st.sampled_from(CARRYING), told=st.fixed_dictionaries({"items": ITEMS, "alarm": WORDS, "status": WORDS}),
    edition_2019=st.booleans(), rest=DATA,
)  # fmt: skip
@each_of_jt808
def test_of_built_jt808_frames(met, message, told, edition_2019, rest):
    body = location(**told, rest=rest)
    body = {
        0x0201: b"\0\1" + body, 0x0500: b"\0\1" + body, 0x0801: bytes(8) + body[:28] + rest, 0x0002: rest,
        0x0704: batch(location(), body, body[:27]), 0x0210: bytes([len(body) % 256]) + body,
    }.get(message, body)  # fmt: skip
    for profile in MAKERS.profiles:
        found = agree(MAKERS, profile, frame(message, body, edition_2019=edition_2019))
        met.update({(message, urgent): count for urgent, count in found.items()})


@pytest.mark.parametrize(
    ("profile", "more", "flag"),
    [
        ("standard", {"alarm": 1}, Flag.SOS),
        ("g10ls", {"alarm": 1 << 17}, Flag.STRAP_CUT),
        ("c5", {"items": [(0xE7, bytes.fromhex("0002000000000000"))]}, Flag.SOS),
        ("gps51", {"items": [(0xFA, bytes.fromhex("00000002"))]}, Flag.STRAP_CUT),
        ("jimi", {"items": [(0xE8, bytes.fromhex("0C12"))]}, Flag.CASE_OPEN),
        ("bsj", {"items": [(0xEB, bytes.fromhex("00060089FFFFEFFF"))]}, Flag.STRAP_CUT),
        ("made_up", {"items": [(0xE5, bytes.fromhex("050101FF0100"))]}, Flag.SOS),
        ("made_up", {"items": [(0xE4, bytes.fromhex("0100"))]}, Flag.SOS),
        ("made_up", {"items": [(0xE0, bytes(3))]}, Flag.STRAP_LOOSE),
    ],
)
def test_each_kind_of_reader_has_its_say(profile, more, flag):
    quiet, loud = frame(0x0200, location()), frame(0x0200, location(**more))
    assert int(MAKERS.decode(FrameBatch.of([loud], profile)).flags[0]) & flag
    assert list(urgent_frames(MAKERS, profile, quiet + loud)) == [(False, False), (True, True)]


def test_a_simulated_bracelets_call_is_urgent_and_its_positions_are_not():
    def body(alarm):
        return location_body(Location(NOW, alarm, True, 24.0, 109.0, 0.0, 0.0, 9, 20, 80, 0.0, ()))  # noqa: FBT003

    frames = b"".join(frame(0x0200, body(alarm)) for alarm in (Alarm(0), Alarm.SOS, Alarm.REMOVAL))
    assert [told for told, _ in urgent_frames(JT808, "g10ls", frames)] == [False, True, True]


MODULES = st.lists(st.tuples(st.sampled_from([0x34, 0x33, 0x11]), st.binary(max_size=8)), max_size=3).map(
    lambda found: bytes(5) + b"".join(
        number.to_bytes(2, "big") + len(data).to_bytes(2, "big") + data for number, data in found
    )
)  # fmt: skip
STATES = st.sampled_from([b"\x04STA1=01;", b"\x04ALM1=C0;STA1=40", b"\x04STA1=4F;DYD=01", b"\x04"])
SAID = st.sampled_from(bytes(range(0x40)))


@must_meet("calm", "urgent", "modules", "state")
@settings(max_examples=examples(300))
@given(
    number=st.sampled_from(sorted(MESSAGES)), head=st.binary(max_size=60), ends=st.tuples(SAID, SAID),
    long=st.booleans(), other=st.none() | MODULES | STATES,
)  # fmt: skip
@example(number=0x13, head=b"", ends=(0x20, 0), long=False, other=None)
@example(number=0x13, head=b"", ends=(0, 0), long=False, other=None)
@example(number=0x13, head=b"", ends=(0, 0), long=False, other=bytes(5) + bytes.fromhex("0034 0006 126980224000"))
@example(number=0x13, head=b"", ends=(0, 0), long=False, other=b"\x04STA1=01;")
def test_of_built_gt06_frames(met, number, head, ends, long, other):
    content = head + bytes([ends[0], 3, 4, ends[1], 2]) if other is None else other
    number = {False: number, True: 0x170 if content[:5] == bytes(5) else 0x94}[other is not None]
    data = seal(number | LONG_FORM if long or number > 0xFF else number, content, 1)
    for profile in GT06.profiles:
        found = agree(GT06, profile, data)
        met["calm"] += found[False]
        met["urgent"] += found[True]
    met[{0x170: "modules", 0x94: "state"}.get(number, "plain")] += other is not None


@pytest.mark.parametrize(
    ("number", "content"),
    [
        (0x13, bytes([0x20, 4, 4, 0, 2])),
        (0x13, bytes([0x00, 4, 4, 1, 2])),
        (0x23, bytes([0x38, 1, 0x9A, 4, 2])),
        (0x170, bytes(5) + bytes.fromhex("0034 0006 12 69802240 00")),
        (0x94, b"\x04STA1=01;"),
    ],
)
def test_of_each_way_in_which_a_gt06_terminal_says_it(number, content):
    assert list(urgent_frames(GT06, "standard", seal(number, content, 1))) == [(True, True)]


@pytest.mark.parametrize(
    ("tail", "urgent"), [("88,L,", False), ("88,L,SOS", True), ("88,R,", True), ("88,L,LBT", False), ("88,L,ULK", True)]
)
def test_of_r16h_sentences(tail, urgent):
    sentence = f"@GPSD,861000000000207,R,20261123,120000,24.3,N,109.4,E,3.5,90,120,{tail}$".encode()
    assert list(urgent_frames(R16H, "standard", sentence)) == [(urgent, urgent)]
