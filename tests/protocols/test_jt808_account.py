"""The account of single frames: how a line is read, parts of a message, and what no report or item takes."""

import pytest
from jt808_frames import NOON, PHONE, batch, frame, location

from protocols.jt808 import FAMILY
from protocols.jt808.wire import unescape

SHORT = location()[:20]


def described(*lines, profile="standard"):
    return FAMILY.describe(lines, profile)


def plain(raw):
    """The frame as a capture shows it that undid the escaping."""
    return b"\x7e" + unescape(raw[1:-1]) + b"\x7e"


@pytest.mark.parametrize("serial", [1, 0x7E7D, 0x7D7E])
@pytest.mark.parametrize("edition_2019", [False, True])
def test_a_frame_is_described_alike_escaped_and_not(serial, edition_2019):
    raw = frame(0x0200, location(), serial=serial, edition_2019=edition_2019)
    escaped, undone = described(raw)[0], described(plain(raw))[0]
    assert (plain(raw) != raw) is (serial != 1)
    assert escaped == undone
    assert (escaped["serial"], escaped["checksum"], len(escaped["reports"])) == (serial, "ok", 1)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"", "no_flags"),
        (b"\x7e", "no_flags"),
        (b"\x7e\x02\x00", "no_flags"),
        (frame(0x0002) * 2, "several_frames"),
        (frame(0x0002) + frame(0x0002, serial=2), "several_frames"),
        (b"\x7e\x02\x00\x7e\x00\x7e", "several_frames"),
        (b"\x7e\x02\x7d\x05\x7e", "bad_escape"),
        (b"\x7e\x02\x00\x7e", "short_frame"),
        (frame(0x0200, SHORT), "malformed"),
        (frame(0x0200, location(), attributes=0x0400), "encrypted"),
        (frame(0x0704, batch(location()), fragment=(2, 3)), "bad_fragment"),
    ],
)
def test_a_line_that_gives_no_report_says_why(line, fault):
    (account,) = described(line)
    assert account["error"].split(":")[0] == fault
    assert account["reports"] == []


def test_a_wrong_checksum_is_shown_and_so_is_a_wrong_length():
    raw = frame(0x0200, location())
    wrong = raw[:-2] + bytes([raw[-2] ^ 1]) + raw[-1:]
    sound, unsound = described(raw, wrong)
    assert (sound["checksum"], unsound["checksum"]) == ("ok", "bad")
    assert (unsound["length_ok"], len(unsound["reports"])) == (True, 1)
    longer = frame(0x0002, b"", attributes=5)
    assert (described(longer)[0]["length_ok"], described(longer)[0]["checksum"]) == (False, "ok")


def test_parts_are_shown_one_by_one_and_the_last_has_the_reports():
    body = batch(*(location(NOON + 60 * number) for number in range(4)))
    parts = [frame(0x0704, body[at : at + 50], serial=at // 50, fragment=(3, at // 50 + 1)) for at in (0, 50, 100)]
    accounts = described(*parts)
    assert [account["fragment"] for account in accounts] == [{"index": index, "total": 3} for index in (1, 2, 3)]
    assert [len(account["reports"]) for account in accounts] == [0, 0, 4]
    assert {account["device"] for account in accounts} == {PHONE.lstrip("0")}
    assert all(account["error"] is None and account["reply"] for account in accounts)


@pytest.mark.parametrize(
    ("message", "body", "rest"),
    [
        (0x0200, location(rest=b"\x31"), "rest: 1 byte after the fixed part"),
        (0x0200, location(items=[(0x31, b"\x09")], rest=b"\x30\x05\x00"), "rest: 3 bytes after item 0x31"),
        (0x0201, b"\0\7" + location(rest=b"\x31"), "rest: 1 byte after the fixed part"),
        (0x0201, b"\0\7" + SHORT, "rest: 20 bytes, too few for a position"),
        (0x0704, batch(location(), location(rest=b"\1\2")), "rest: 2 bytes after the fixed part of record 2"),
        (0x0704, batch(location(), SHORT), "rest: 20 bytes, too few for a position of record 2"),
        (0x0704, batch(location()) + b"\x00", "rest: 1 byte after record 1"),
        (0x0704, b"\0\0\0" + b"\x00", "rest: 1 byte after record 0"),
        (0x0704, b"\0\3" + batch(location())[2:], "rest: 3 records stated, 1 there"),
        (0x0704, b"\0\3" + batch(location())[2:] + b"\0", "rest: 1 byte after record 1; 3 records stated, 1 there"),
        (0x0210, b"\x1c" + location() + b"\x00", "rest: 0 bytes, too few for a position of record 2"),
        (0x0210, b"\x1c" + location(), None),
        (0x0704, batch(location(items=[(1, bytes(4))])), None),
        (0x0210, bytes(7), None),
        (0x0801, bytes(8) + location() + b"\xff\xd8", None),
        (0x0002, b"", None),
    ],
)
def test_no_byte_is_passed_over_in_silence(message, body, rest):
    (account,) = described(frame(message, body))
    assert account["error"] == rest


def test_items_that_no_reader_takes_are_listed_report_by_report():
    first, second = location(items=[(0xE9, b"\1\2"), (0x31, b"\x09")]), location(items=[(0x31, b""), (0, b"")])
    (account,) = described(frame(0x0704, batch(first, second)))
    assert account["unknown_items"] == [
        {"report": 0, "id": "E9", "data": "0102"},
        {"report": 1, "id": "31", "data": ""},
    ]
