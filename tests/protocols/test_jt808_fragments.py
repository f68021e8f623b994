import itertools
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jt808_frames import NOON, batch, frame, location
from met import must_meet

from protocols.jt808 import FAMILY
from protocols.jt808.fragments import Reassembly, whole_frame
from protocols.jt808.header import read_header
from protocols.jt808.messages.position import LOCATION_BATCH
from protocols.jt808.redact import keep
from protocols.jt808.session import Session
from protocols.jt808.wire import unescape
from protocols.session import Frame, FrameBatch

BODY = bytes(range(256)) * 10


def fragments(body, size, *, first_serial=1, message=0x0704):
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return [
        frame(message, part, serial=(first_serial + number) & 0xFFFF, fragment=(len(parts), number + 1))
        for number, part in enumerate(parts)
    ]


def add(reassembly, raw, now=0.0, identity="1"):
    content = unescape(raw[1:-1])
    header = read_header(content)
    return reassembly.add(identity, header, content[header.size : -1], now)


@must_meet("in order", "out of order", "repeated", "the serial runs over")
@given(st.permutations(range(6)), st.lists(st.integers(0, 5), max_size=4), st.integers(0, 0xFFFF))
@example([*range(6)], [], 0)
@example([5, 4, 3, 2, 1, 0], [5], 0xFFFD)
def test_any_order_and_repeats_give_the_body_once(met, order, repeats, first_serial):
    parts = fragments(BODY, 430, first_serial=first_serial)
    assert len(parts) == 6
    reassembly = Reassembly()
    head = [add(reassembly, parts[at]) for at in (*order[:-1], *(at for at in repeats if at != order[-1]))]
    assert not any(head)
    assert add(reassembly, parts[order[-1]]) == BODY
    met["in order" if [*order] == sorted(order) else "out of order"] += 1
    met["repeated"] += bool(set(repeats) - {order[-1]})
    met["the serial runs over"] += first_serial > 0xFFFF - len(parts) + 1


def test_an_incomplete_set_is_dropped_after_its_time_and_counted():
    reassembly = Reassembly(timeout=60)
    parts = fragments(BODY, 1000)
    assert [add(reassembly, part, now) for part, now in zip(parts, (0, 10, 61), strict=True)] == [None] * 3
    assert reassembly.dropped == {"timeout": 2}


def test_what_is_missing_is_known():
    reassembly = Reassembly()
    parts = fragments(BODY, 600)
    for part in parts[1:4]:
        add(reassembly, part)
    header = read_header(unescape(parts[1][1:-1]))
    assert reassembly.missing("1", header) == (1, 5)
    assert reassembly.missing("2", header) == ()


def test_two_devices_do_not_mix():
    reassembly = Reassembly()
    parts = fragments(BODY, 2000)
    assert add(reassembly, parts[0], identity="1") is None
    assert add(reassembly, parts[1], identity="2") is None


@pytest.mark.parametrize("fragment", [(2, 0), (2, 3), (0, 1), (0, 0)])
def test_an_impossible_index_is_counted(fragment):
    reassembly = Reassembly()
    assert add(reassembly, frame(0x0704, b"x", fragment=fragment)) is None
    assert reassembly.dropped == {"bad_index": 1}


def test_memory_is_bounded_in_sets_and_in_bytes():
    reassembly = Reassembly(max_sets=2, max_bytes=3000)
    for number in range(4):
        add(reassembly, fragments(BODY, 1000)[0], identity=str(number))
    assert reassembly.dropped == {"crowded": 2}
    assert reassembly._held == 2000
    for part in fragments(BODY * 2, 1000)[:4]:
        add(reassembly, part, identity="long")
    assert reassembly._held <= 3000


def test_a_reassembled_batch_is_decoded():
    reports = [location(NOON + 60 * number, items=[(1, bytes(4))]) for number in range(60)]
    *_, last = (add(reassembly, part) for reassembly in [Reassembly()] for part in fragments(batch(*reports), 700))
    header = read_header(unescape(fragments(batch(*reports), 700)[0][1:-1]))
    rows = FAMILY.decode(FrameBatch.of([whole_frame(header, last)], "standard"))
    assert rows.time.tolist() == [NOON + 60 * number for number in range(60)]


def test_captured_sets_reassemble(shared):
    lines = (shared / "corpora" / "jt808_wire.jsonl").read_text("utf-8").splitlines()
    reassembly, sizes = Reassembly(), []
    for line in itertools.islice(lines, 109, 133):
        body = add(reassembly, bytes.fromhex(json.loads(line)["hex"]))
        sizes += [len(body)] if body else []
    assert sizes == [5046, 5046]


REPORTS = [location(NOON + number, latitude=0x7E7D7E7D / 1e6, items=[(1, b"~}~}")] * number) for number in range(4)]
BATCH = frame(0x0704, batch(*REPORTS, kind=1), serial=77, edition_2019=True)


@must_meet(*range(5))
@given(st.lists(st.booleans(), min_size=4, max_size=4))
@example([False] * 4)
@example([True] * 4)
@example([True, False, False, False])
@example([True, False, True, False])
@example([True, True, False, True])
def test_a_batch_keeps_what_it_may_and_stays_a_good_frame(met, kept):
    raw = keep(BATCH, kept)
    met[sum(kept)] += 1
    if not any(kept):
        assert raw == b""
        return
    (event,) = Session().feed(raw, 0.0)
    assert isinstance(event, Frame)
    assert event.device_times == tuple(NOON + number for number in range(4) if kept[number])
    assert (event.identity, event.message) == ("13812345678", 0x0704)
    content = unescape(raw[1:-1])
    header = read_header(content)
    body = content[header.size : -1]
    assert (header.serial, header.length) == (77, len(body))
    parsed = LOCATION_BATCH.parse(body)
    assert (parsed.count, parsed.kind, parsed.rest) == (sum(kept), 1, b"")
    for number, report in enumerate(REPORTS):
        assert (report in body) >= kept[number]


def test_a_fragment_1_of_1_is_cut_like_a_whole_message():
    raw = keep(frame(0x0704, batch(*REPORTS), fragment=(1, 1)), [False, True, False, True])
    (event,) = Session().feed(raw, 0.0)
    assert isinstance(event, Frame)
    assert event.device_times == (NOON + 1, NOON + 3)
    assert FAMILY.decode(FrameBatch.of([raw], "standard")).time.tolist() == [NOON + 1, NOON + 3]


def test_a_left_out_report_leaves_no_byte_behind():
    secret = location(NOON + 9, latitude=12.345678)
    raw = keep(frame(0x0704, batch(location(), secret) + b"\x00\x50tail"), [True, False])
    assert secret[8:16] not in unescape(raw[1:-1])
    assert b"tail" not in raw


@pytest.mark.parametrize(
    "raw", [frame(0x0200, location()), frame(0x0201, b"\0\1" + location()), frame(0x0201, location())]
)
def test_a_single_report_is_kept_whole_or_not_at_all(raw):
    assert keep(raw, [True]) == raw
    assert keep(raw, [False]) == b""


@pytest.mark.parametrize(
    "raw",
    [
        frame(0x0002),
        frame(0x0704, b"part", fragment=(2, 1)),
        frame(0x0200, location(), fragment=(0, 0)),
        frame(0x0704, batch()),
    ],
)
def test_a_frame_without_reports_is_kept(raw):
    assert keep(raw, []) == raw


def test_decisions_must_match_the_reports():
    with pytest.raises(ValueError, match="2 decisions for 1 reports"):
        keep(frame(0x0200, location()), [True, True])
