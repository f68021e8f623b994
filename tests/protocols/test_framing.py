from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from protocols.framing import ENDLESS, LOOK_BYTES, FlagDeframer
from protocols.session import Refused

CAP = 40


def deframer():
    return FlagDeframer(0x7E, CAP)


def contents(found):
    return [part for part in found if isinstance(part, bytes)]


def test_frames_apart_sticky_and_sharing_a_flag():
    assert deframer().feed(b"~a~~b~c~") == [b"a", b"b", b"c"]


def test_empty_frames_are_none():
    assert deframer().feed(b"~~~~~~") == []


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"(013612345678BR00)\r\n", "text_line"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "http_request"),
        (b"POST /login HTTP/1.0\r\n", "http_request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(20), "tls_hello"),
        (b"SSH-2.0-client\r\n", "ssh_banner"),
        (b"\x00\x01\x02", "rubbish"),
    ],
)
def test_rubbish_before_a_frame_is_counted_by_kind_and_the_frame_is_found(head, kind):
    one = deframer()
    assert one.feed(head + b"~frame~") == [Refused(kind, head[:LOOK_BYTES]), b"frame"]
    assert one.discarded == {kind: len(head)}


def test_a_stretch_is_told_before_it_ends():
    assert deframer().feed(b"GET / HTTP/1.1\r\n") == [Refused("http_request", b"GET / HTTP/1.1\r\n")]


def test_an_endless_frame_is_refused_once_and_the_next_one_is_found():
    one = deframer()
    found = one.feed(b"~" + b"x" * 500) + one.feed(b"y" * 500) + one.feed(b"~next~")
    assert found == [Refused(ENDLESS, b"x" * LOOK_BYTES), b"next"]
    assert one.discarded == {ENDLESS: 1000}


def test_the_cap_counts_both_flags():
    longest = b"x" * (CAP - 2)
    assert deframer().feed(b"~" + longest + b"~") == [longest]
    assert deframer().feed(b"~" + longest + b"x~") == [Refused(ENDLESS, longest[:LOOK_BYTES])]


@must_meet("contents", "refusals", "a cut inside a frame")
@given(st.binary(max_size=300).map(lambda data: data.replace(b"A", b"~")), st.lists(st.integers(0, 300)))
@example(b"~ab~rubbish~" + b"x" * 200 + b"~cd~", [2, 100])
def test_no_split_changes_anything(met, data, cuts):
    whole, split = deframer(), deframer()
    expected = whole.feed(data)
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    found = [part for begin, end in pairwise(edges) for part in split.feed(data[begin:end])]
    assert contents(found) == contents(expected)
    assert sum(split.discarded.values()) == sum(whole.discarded.values())
    assert [part.reason for part in found if isinstance(part, Refused)] == [
        part.reason for part in expected if isinstance(part, Refused)
    ]
    met["contents"] += len(contents(found))
    met["refusals"] += sum(isinstance(part, Refused) for part in found)
    met["a cut inside a frame"] += any(data[:cut].count(b"~") % 2 for cut in cuts if 0 < cut < len(data))


@must_meet("kept", "thrown away", "waiting")
@given(st.binary(min_size=1, max_size=2000))
@example(b"~ab~" + b"x" * 3 * CAP)
def test_memory_is_bounded_and_every_byte_has_a_place(met, data):
    one = deframer()
    found = contents(one.feed(data))
    kept = sum(map(len, found)) + sum(one.discarded.values()) + data.count(b"~")
    assert 0 <= len(data) - kept <= CAP
    met["kept"] += len(found)
    met["thrown away"] += sum(one.discarded.values())
    met["waiting"] += len(data) > kept
