from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from effort import examples
from gateway_entries import batch, listed
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.errors import OurFault
from gateway.journal.entries import EntryKind, Gathering, Origin, merge
from gateway.journal.faults import UnknownKind
from gateway.stream.batch import Damaged, Origins, decode, encode, split

ORIGINS = st.builds(Origin, st.text(max_size=5), st.text(max_size=5), checksum_ok=st.booleans())
ENTRIES = st.lists(
    st.tuples(st.sampled_from(EntryKind), st.floats(0.0, 4e9), ORIGINS, st.binary(max_size=40)), min_size=1, max_size=12
)


def gathered(entries):
    gathering = Gathering()
    for each in entries:
        gathering.add(*each)
    return gathering.batch()


@settings(max_examples=examples(80))
@given(ENTRIES, st.integers(0, 11), st.integers(1, 400))
def test_entries_come_back_and_need_nothing_beside_them(entries, cut, room):
    whole = gathered(entries)
    part = whole.slice(min(cut, len(whole) - 1), len(whole))
    assert listed(decode(encode(part), Origins())) == listed(part)
    bodies = [body for _, body in split(part, room)]
    assert all(len(body) <= room or len(decode(body, Origins())) == 1 for body in bodies)
    assert listed(merge([decode(body, Origins()) for body in bodies])) == listed(part)


def test_messages_of_one_session_share_their_origin_and_the_same_entries_give_the_same_bytes():
    origins = Origins()
    first, second = decode(encode(batch(1.0)), origins), decode(encode(batch(2.0)), origins)
    assert first.origins[0] is second.origins[0]
    assert encode(batch(1.0, 2.0)) == encode(batch(1.0, 2.0))


@settings(max_examples=examples(200))
@given(st.data())
def test_a_damaged_body_is_refused_or_read_never_anything_else(data):
    body = bytearray(encode(batch(1.0, 2.0)))
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(0, len(body)))
    for damaged in (bytes(body), bytes(body[:cut])):
        with suppress(OurFault):
            decode(damaged, Origins())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda body: body[:0], "begins otherwise"),
        (lambda body: b"{}" + body, "begins otherwise"),
        (lambda body: body[:-1], "size is wrong"),
        (lambda body: body.replace(b"B0001", b"B\xff001"), "origins cannot be read"),
        (lambda body: body[:16] + bytes(9) + b"\x07" + body[26:], "columns contradict"),
    ],
)
def test_what_is_wrong_is_said(change, said):
    with pytest.raises(Damaged, match=said):
        decode(change(encode(batch(1.0))), Origins())


def test_an_entry_of_a_kind_that_is_not_known_is_told_as_such():
    body = bytearray(encode(batch(1.0)))
    body[16] = 200
    with pytest.raises(UnknownKind, match="kind 200"):
        decode(bytes(body), Origins())
    assert not np.isin(200, list(EntryKind))
