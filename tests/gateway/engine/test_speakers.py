"""Origins are found out once: by object, by value, and anew once there are too many."""

from gateway.engine import speakers
from gateway.engine.speakers import Speakers
from gateway.journal.entries import Origin

SEATS = {"B0001": 0, "B0002": 1}
ORIGINS = [
    Origin("B0001", "l", "p", "jt808", "g10ls", facts="2013@60"),
    Origin("B0002", "l", "p", "gt06", "", checksum_ok=False),
    Origin("B0009", "l", "p", "jt808", "g10ls", facts="2013"),
]  # fmt: skip


def said(one, origins):
    rows = one.of(origins)
    wires, manners = list(one.wires), list(one.manners)
    return [
        (int(row["device"]), wires[row["wire"]], manners[row["manner"]], float(row["ahead"]), bool(row["sound"]))
        for row in rows
    ]


EXPECTED = [
    (0, "jt808", ("g10ls", "2013"), 60.0, True), (1, "gt06", ("", ""), 0.0, False),
    (-1, "jt808", ("g10ls", "2013"), 0.0, True),
]  # fmt: skip


def test_the_same_objects_and_equal_ones_say_the_same(monkeypatch):
    one, looked = Speakers(SEATS), []
    monkeypatch.setattr(Speakers, "_row", lambda self, origin, row=Speakers._row: looked.append(1) or row(self, origin))
    assert said(one, ORIGINS) == EXPECTED
    assert said(one, ORIGINS[::-1]) == EXPECTED[::-1]
    copies = [Origin(*(getattr(each, name) for name in each.__struct_fields__)) for each in ORIGINS]
    assert said(one, [copies[0], ORIGINS[2], copies[0]]) == [EXPECTED[0], EXPECTED[2], EXPECTED[0]]
    assert len(looked) == len(ORIGINS)


def test_too_many_are_forgotten_and_found_out_again(monkeypatch):
    monkeypatch.setattr(speakers, "MOST", 4)
    one = Speakers(SEATS)
    for turn in range(5):
        named = [Origin("B0001", "l", f"{turn}/{number}", "jt808") for number in range(3)]
        assert [row[0] for row in said(one, [*named, *ORIGINS])] == [0, 0, 0, 0, 1, -1]
