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
