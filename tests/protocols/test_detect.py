"""Telling the wire format by the first bytes: whole, byte by byte, behind noise, and never for what is none of ours."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from protocols.detect import DOUBT, Detecting
from protocols.errors import OrderFault
from protocols.framing import LOOK_BYTES
from protocols.order import Order
from protocols.registry import FAMILIES
from protocols.session import Frame, Login, Refused

NOW = 1.8e9
# Heartbeats and logins as in the standards' tables; the R16H sentence is its maker's.
JT808 = bytes.fromhex("7e000200000139000000010001387e")
R16H = b"@LINK,861234567890123$"
SAMPLES = {"jt808": JT808, "r16h": R16H}
if "gt06" in FAMILIES:
    SAMPLES["gt06"] = bytes.fromhex("78780d01012345678901234500018cdd0d0a")


def checked(frame):
    """A JT/T 808 frame with its check code put right."""
    content = frame[1:-2]
    code = 0
    for byte in content:
        code ^= byte
    return b"~" + content + bytes([code]) + b"~"


SAMPLES["jt808"] = checked(JT808)


def good(events):
    return [event for event in events if isinstance(event, (Frame, Login))]


@pytest.mark.parametrize("name", SAMPLES)
def test_each_family_is_told_by_its_first_bytes_in_any_split(name):
    frame = SAMPLES[name]
    for size in (1, 2, 3, len(frame)):
        session, events = Detecting(FAMILIES), []
        for begin in range(0, len(frame), size):
            events += session.feed(frame[begin : begin + size], NOW)
        assert session.protocol == name
        own = FAMILIES[name].session(FAMILIES[name].profiles[0])
        assert good(events) == good(own.feed(frame, NOW))
        assert good(events)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("noise", [b"\r\n", b"\0\0\0", b"\r\n\0" * 50])
def test_noise_before_the_first_frame_is_skipped_and_counted(name, noise):
    session = Detecting(FAMILIES)
    events = [event for byte in noise for event in session.feed(bytes([byte]), NOW)]
    assert events == []
    assert good(session.feed(SAMPLES[name], NOW))
    assert session.discarded["rubbish"] == len(noise)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_line_joined_in_the_middle_of_a_frame_is_understood_in_the_end(name):
    frame = SAMPLES[name]
    events = []
    session = Detecting(FAMILIES)
    for data in (frame[3:], frame, frame, frame):
        events += session.feed(data, NOW)
    assert session.protocol == name
    assert len(good(events)) >= 2


def test_a_wrong_choice_is_given_up_again():
    session = Detecting(FAMILIES)
    assert not good(session.feed(b"@", NOW))
    assert session.protocol == "r16h"
    for _ in range(2 * DOUBT // 64):
        session.feed(b"x" * 64, NOW)
        session.feed(b"$@", NOW)
    events = []
    for _ in range(200):
        events += session.feed(SAMPLES["jt808"], NOW)
    assert session.protocol == "jt808"
    assert good(events)
    assert sum(session.discarded.values()) >= DOUBT


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "http_request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "tls_hello"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "ssh_banner"),
    ],
)
def test_what_is_none_of_ours_is_refused_by_its_kind_once_and_never_looked_at_again(data, kind):
    session = Detecting(FAMILIES)
    events = [*session.feed(data, NOW), *session.feed(SAMPLES["jt808"] * 9, NOW)]
    assert [event.reason for event in events] == [kind]
    assert session.protocol == ""
    assert session.discarded[kind] == len(data) + 9 * len(SAMPLES["jt808"])


def test_an_order_before_anything_is_known_says_so():
    with pytest.raises(OrderFault, match="nothing has been heard"):
        Detecting(FAMILIES).order("1", Order("locate"))


def test_a_cut_datagram_is_refused_and_the_next_may_be_of_another_family():
    session = Detecting(FAMILIES)
    assert session.feed(SAMPLES["jt808"][:7], NOW) == []
    assert [event.reason for event in session.end_datagram(NOW)] == ["cut_datagram"]
    assert good(session.feed(R16H, NOW))
    assert session.protocol == "r16h"


@must_meet("told", "not told", "taken")
@given(st.lists(st.binary(max_size=80) | st.sampled_from([*SAMPLES.values(), b"~", b"x", b"@", b"\r\n"]), max_size=30))
@example([])
@example([*SAMPLES.values()])
def test_any_bytes_give_frames_refusals_or_patience_within_bounds(met, pieces):
    session = Detecting(FAMILIES)
    taken = 0
    for piece in pieces:
        for event in session.feed(piece, NOW):
            assert isinstance(event, (Frame, Login, Refused))
            taken += 1
        assert session.protocol or len(session._pending) < LOOK_BYTES
    assert sum(session.discarded.values()) <= sum(map(len, pieces))
    assert taken <= sum(map(len, pieces))
    met["taken"] += taken
    met["told" if session.protocol else "not told"] += 1
