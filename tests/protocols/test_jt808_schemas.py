"""Every schema of the table, in every edition: what it reads it writes again, byte for byte."""

import construct
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.jt808.messages import MESSAGES, Edition

EACH = [
    (schema, f"{number:04X} {edition.value}")
    for number, message in MESSAGES.items()
    for edition in Edition
    if (schema := message.schema_of(edition)) is not None
]
SCHEMAS = {name: schema for schema, name in {id(schema): (schema, name) for schema, name in reversed(EACH)}.values()}
"""One that several editions or messages share is tried once, under its first name."""
# Small numbers where counts and attributes stand, else anything.
BODIES = st.lists(st.binary(max_size=12) | st.sampled_from([bytes(1), b"\1", b"\0\1", b"\0\3", bytes(8), b"\0\0\0\2"]))
SHAPED = BODIES.map(b"".join) | st.integers(0, 400).map(bytes) | st.integers(0, 400).map(lambda n: b"\1" * n)
LOSSY = {"0102", "0200", "0201", "0500", "0704", "0210"}
"""Their times and texts have bytes that mean nothing (a month 13), which are not kept."""


@pytest.mark.parametrize("name", [name for name in SCHEMAS if name[:4] not in LOSSY])
def test_what_a_schema_reads_it_writes_again(name):
    schema, read = SCHEMAS[name], []

    @settings(max_examples=examples(200), database=None)
    @given(SHAPED)
    def check(body):
        try:
            parsed = schema.parse(body)
        except construct.ConstructError:
            return
        written = schema.build(parsed)
        assert body.startswith(written)
        assert schema.parse(written) == parsed
        read.append(written)

    check()
    assert read, "nothing that the schema reads was tried"


# (id, edition, body): from the byte tables
WRITTEN = [
    (0x0107, Edition.E2013, "0001" + "41" * 5 + "42" * 20 + "43" * 7 + "12" * 10 + "024831" + "024632" + "0305"),
    (0x0107, Edition.E2019, "0101" + "41" * 5 + "42" * 30 + "43" * 30 + "12" * 10 + "00" + "00" + "0105"),
    (0x8108, Edition.E2013, "34" + "41" * 5 + "0156" + "00000003" + "010203"),
    (0x0108, Edition.E2013, "0002"),
    (0x8301, Edition.E2013, "00"),
    (0x8301, Edition.E2013, "02020101410202" + "4142"),
    (0x8301, Edition.E2011, "010101050141"),
    (0x0301, Edition.E2013, "07"),
    (0x8303, Edition.E2013, "0101050002" + "4142"),
    (0x0303, Edition.E2013, "0501"),
    (0x8304, Edition.E2013, "0500024142"),
    (0x8400, Edition.E2013, "013130303836"),
    (0x8401, Edition.E2013, "0101030231310141"),
    (0x8500, Edition.E2013, "01"),
    (0x8500, Edition.E2019, "0001000100"),
    (0x8604, Edition.E2019, "000000010003000000083000000000170000003c0a0001" + "00" * 8 + "00280000"),
    (0x8606, Edition.E2013, "00000001000000010000000100000002" + "00" * 8 + "0a03" + "003c001e" + "003c0a"),
    (0x8606, Edition.E2019, "00000001000000010000000100000002" + "00" * 8 + "0a02" + "003c0a0028" + "000141"),
    (0x8606, Edition.E2011, "00000001000000010100000002" + "00" * 8 + "0a00003c003c0a"),
    (0x8601, Edition.E2013, "00"),
    (0x8608, Edition.E2019, "01" + "00000002" + "00000001" + "00000002"),
    (0x0608, Edition.E2019, "01" + "00000001" + "aabb"),
    (0x0702, Edition.E2013, "02" + "260202104000"),
    (0x0702, Edition.E2013, "01" + "260202104000" + "02"),
    (0x0702, Edition.E2013, "01" + "260202104000" + "00" + "0141" + "31" * 20 + "0142" + "20301231"),
    (0x0702, Edition.E2019, "01" + "260202104000" + "00" + "0141" + "31" * 20 + "0142" + "20301231" + "32" * 20),
    (0x0702, Edition.E2011, "0141" + "31" * 20 + "32" * 40 + "0142"),
    (0x8800, Edition.E2011, "0007" + "00000001"),
    (0x0900, Edition.E2011, "41" + "00000002" + "0002" + "0102"),
    (0x0901, Edition.E2013, "00000002" + "1f8b"),
    (0x8A00, Edition.E2013, "00010001" + "ab" * 128),
]  # fmt: skip


@pytest.mark.parametrize(("number", "edition", "text"), WRITTEN)
def test_bodies_written_from_the_tables_are_read_whole(number, edition, text):
    body = bytes.fromhex(text)
    schema = MESSAGES[number].schema_of(edition)
    assert schema.build(schema.parse(body)) == body


def test_offsets_of_the_icc_id():
    """34 before 2019, 67 since: the document's own count."""
    for edition, at in ((Edition.E2013, 34), (Edition.E2019, 67)):
        body = bytearray(bytes(120))
        body[at : at + 10] = b"\x12" * 10
        assert MESSAGES[0x0107].schema_of(edition).parse(bytes(body)).iccid == b"\x12" * 10
