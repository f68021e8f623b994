import math
from datetime import UTC, datetime
from functools import reduce
from operator import xor as xor_of_two

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jt808_frames import frame
from met import must_meet

from protocols.errors import PeerFault
from protocols.jt808.clock import column_from_bcd, from_bcd, to_bcd
from protocols.jt808.header import FRAGMENTED, HEADER, read_header
from protocols.jt808.identity import identity_of, luhn_digit
from protocols.jt808.wire import escape, unescape, xor


@given(st.binary(max_size=1100))
def test_xor_is_the_xor_of_all_bytes(data):
    assert xor(data) == reduce(xor_of_two, data, 0)


@must_meet("7E", "7D", "neither")
@given(st.binary(max_size=200))
@example(b"\x7e\x7d\x01\x7d\x02")
def test_escape_is_undone_and_leaves_no_flag(met, data):
    escaped = escape(data)
    assert b"\x7e" not in escaped
    assert unescape(escaped) == data
    met["7E"] += b"\x7e" in data
    met["7D"] += b"\x7d" in data
    met["neither"] += escaped == data


def test_escape_as_the_standard_shows_it():
    # JT/T 808-2013, section 4.4.2
    assert escape(bytes.fromhex("117e227d7d33")) == bytes.fromhex("117d02227d017d0133")


@pytest.mark.parametrize("data", [b"\x7d", b"\x7d\x00", b"\x7d\x7d\x01", b"a\x7d\x03b"])
def test_a_broken_escape_is_refused(data):
    with pytest.raises(PeerFault) as refused:
        unescape(data)
    assert refused.value.reason == "bad_escape"


@pytest.mark.parametrize(
    ("address", "hexadecimal", "identity"),
    [
        ("013812345678", False, "13812345678"),
        ("00000861000000000207", False, "861000000000207"),
        ("4e4eb7ea481f", False, "861000000000313"),
        ("4e4eb7ea482a", False, "861000000000420"),
        ("000000000000", False, "0"),
        ("000000000000", True, "0"),
        ("100000000000", True, "175921860444161"),  # looks like BCD; only the setting tells
        ("ffffffffffff", False, "ffffffffffff"),  # neither digits nor fourteen of them
        ("000000000000000000ab", False, "ab"),
    ],
)
def test_identity_is_normalised(address, hexadecimal, identity):
    assert identity_of(bytes.fromhex(address), hexadecimal_imei=hexadecimal) == identity


def test_luhn_digit():
    assert luhn_digit("7992739871") == 3


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31, 15)))  # noqa: DTZ001  # UTC is set below
def test_every_moment_of_the_century_comes_back(moment):
    seconds = float(int(moment.replace(tzinfo=UTC).timestamp()))
    assert from_bcd(to_bcd(seconds)) == seconds


@pytest.mark.parametrize(
    "digits",
    ["000000083000", "261301000000", "260230000000", "250229000000", "260101240000", "260101006000", "26010100000a",
     "a60101000000", "260100000000", "260101000060"],
)  # fmt: skip
def test_what_is_no_moment_is_no_time(digits):
    assert math.isnan(from_bcd(bytes.fromhex(digits)))


@must_meet("a moment", "none")
@given(st.lists(st.binary(min_size=6, max_size=6) | st.dates().map(lambda day: bytes.fromhex(f"{day:%y%m%d}235959"))))
@example([bytes.fromhex("260202104000"), bytes(6)])
def test_times_as_a_column_equal_times_one_by_one(met, rows):
    column = column_from_bcd(np.frombuffer(b"".join(rows), np.uint8).reshape(-1, 6))
    np.testing.assert_array_equal(column, [from_bcd(row) for row in rows])
    met["none"] += int(np.isnan(column).sum())
    met["a moment"] += int((~np.isnan(column)).sum())


@pytest.mark.parametrize("edition_2019", [False, True])
@pytest.mark.parametrize("fragment", [None, (3, 2)])
def test_the_fast_header_equals_the_schema(edition_2019, fragment):
    content = unescape(frame(0x0704, b"body", serial=7, edition_2019=edition_2019, fragment=fragment)[1:-1])
    fast, slow = read_header(content), HEADER.parse(content)
    assert (fast.message, fast.attributes, fast.serial) == (slow.message, slow.attributes, slow.serial)
    assert fast.address == slow.address
    assert fast.version == (1 if edition_2019 else -1)
    assert (fast.fragments, fast.fragment) == (fragment or (0, 0))
    assert content[fast.size : -1] == b"body"
    assert fast.size == len(HEADER.build(slow))


@must_meet("read", "read with fragments", "refused")
@given(st.binary(max_size=25))
@example(bytes(13))
@example(b"\x02\x00\x20\x00" + bytes(13))
def test_a_header_is_read_or_refused(met, content):
    try:
        header = read_header(content)
        assert len(content) > header.size
        met["read with fragments" if header.attributes & FRAGMENTED else "read"] += 1
    except PeerFault as refused:
        met["refused"] += 1
        assert refused.reason == "short_frame"  # noqa: PT017  # both endings are legal
