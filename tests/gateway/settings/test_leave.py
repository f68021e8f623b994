"""Leave as it is written: what it excuses, where to be, and on the way."""

import io

import pytest

from gateway.settings import check
from gateway.settings.absences import TRAVEL
from gateway.settings.load import load

LEAVE = "person: P0001, zone: cafe, from"


def with_leave(written, more, person="P0001, zone: cafe"):
    written.replace("rules/rules.yaml", LEAVE, f"person: {person}, {more}from")
    return written.write()


def checked(path):
    out = io.StringIO()
    return check.run([path], "en", out), out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("more", "excuses", "travel"),
    [
        ("", (), TRAVEL),
        ("excuses: all, ", (), TRAVEL),
        ("excuses: [stay, nights], travel: 90min, ", ("nights", "stay"), 5400.0),
        ("travel: 0s, ", (), 0.0),
        ("excuses: nights stay, ", ("nights", "stay"), TRAVEL),
    ],
)
def test_leave_is_read(written, more, excuses, travel):
    (leave,) = load(with_leave(written, more)).leave
    assert (leave.excuses, leave.travel_seconds) == (excuses, travel)


@pytest.mark.parametrize(
    ("more", "person", "told"),
    [
        ("excuses: [nobody], ", "P0001", "there is no rule “nobody”; write one of nights, stay, or all"),
        ("excuses: [stay], ", "P0002", "the rule “stay” does not bind P0002"),
        ("excuses: [], ", "P0001", "excuses names no rule; write ids of rules, or all"),
        ("excuses: everything, ", "P0001", "there is no rule “everything”"),
        ('excuses: "", ', "P0001", "excuses names no rule"),
        ("excuses: [cafes], ", "P0001", "the rule “cafes” bars from a zone, which no leave opens"),
        ("travel: 1h, ", "P0001", "without a zone there is no way to it"),
        ("travel: 4d, ", "P0001, zone: cafe", "3d"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_advice(written, more, person, told):
    barred = "  - {id: cafes, people: [P0001], basis: order 4, keep_out: cafe}\n"
    if "cafes" in more:
        written.replace("rules/rules.yaml", "rules:\n", f"rules:\n{barred}")
    code, lines = checked(with_leave(written, more, person))
    assert code == 2
    assert "/rules/rules.yaml:2" in lines[0]
    assert told in lines[0]


def test_two_places_at_once_are_noted(written):
    when = 'from: "2027-01-01 08:00", until: "2027-01-03 20:00"'
    second = f"  - {{person: P0001, zone: county, {when}, approved_by: office B}}\n"
    written.replace("rules/rules.yaml", "alarms:\n", f"{second}alarms:\n")
    code, lines = checked(written.write())
    assert code == 0
    assert "the leave of P0001 overlaps that at" in lines[0]
    written.replace("rules/rules.yaml", "2027-01-01 08:00", "2027-01-02 20:00")
    assert "overlaps" not in checked(written.write())[1][0]


def test_the_sentence_names_what_is_excused(written):
    path = with_leave(written, "excuses: [nights], travel: 2h, ")
    told = "on leave 2026-12-31 18:00 to 2027-01-02 20:00 (cafe 3, on the way for 2 h, lifts nights)."
    assert told in checked(path)[1][0]
