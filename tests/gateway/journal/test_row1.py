"""Rows of older versions: read as they were written."""

from __future__ import annotations

import format1
import pytest
from entry_rows import gathered, rows
from gateway_entries import listed
from hypothesis import given

from gateway.errors import OurFault
from gateway.journal import row1
from gateway.journal.entries import EntryKind, Origin
from gateway.journal.origins import origin_said


@given(rows)
def test_a_batch_survives_its_body(items):
    assert listed(row1.decode(format1.encode(gathered(items)), None)) == [(int(k), t, o, p) for k, t, o, p in items]


@pytest.mark.parametrize("damage", [b"", b"BGE1", b"BGE1" + b"x" * 40, b"BGE1" + bytes(12)])
def test_a_damaged_row_is_our_fault_and_says_so(damage):
    with pytest.raises(OurFault, match="journal row"):
        row1.decode(damage, None)


def test_a_cut_row_is_noticed_and_one_whose_origins_are_no_json():
    body = format1.encode(gathered([(EntryKind.FRAME, 1.0, Origin("B1"), b"abc")]))
    with pytest.raises(OurFault, match="wrong size"):
        row1.decode(body[:-1], None)
    with pytest.raises(OurFault, match="origins"):
        row1.decode(body.replace(b'"B1"', b'"B1!'), None)


def test_an_origin_of_an_older_version_is_read_without_what_nobody_used():
    body = format1.encode(gathered([(EntryKind.FRAME, 1.0, Origin("B1", facts="1234567890"), b"x")]))
    older = body.replace(b'"facts":"1234567890"', b'"profile_version":""')
    assert older != body
    assert row1.decode(older, None).origins == (Origin("B1"),)
    assert origin_said('{"device":"B1","profile_version":"7","facts":"x"}', b"") == Origin("B1", facts="x")
