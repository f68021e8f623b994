"""Terms, periods of rules, leave with a return, removals, care codes: what they become, and what is refused."""

from __future__ import annotations

import math
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.settings.absences import Removal, RemovalReason
from gateway.settings.load import examine, load
from gateway.settings.sentences import sentences

RULES, PEOPLE = "rules/rules.yaml", "people.csv"
HEADER, FIRST = "home_radius_m\n", "wgs84,80\n"
REMOVAL = "removal:\n  - {{person: {}, reason: {}, from: {}, until: {}, approved_by: office B}}\n"


def at(*parts: int) -> float:
    return datetime(*parts, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()  # type: ignore[misc,arg-type]


def with_term(written, day: str, care: str = "") -> None:
    written.texts[PEOPLE] = (
        written.texts[PEOPLE]
        .replace(HEADER, "home_radius_m,term_until,care\n")
        .replace(FIRST, f"wgs84,80,{day},{care}\n")
        .replace(",SFS-01,,,,,\n", ",SFS-01,,,,,,,\n")
    )  # fmt: skip


def test_a_person_has_a_term_whose_last_day_counts_and_care_codes(written):
    with_term(written, "2027-01-31", "H2 female_officer")
    one, other = load(written.write()).people.values()
    assert (one.term_until, one.care) == (at(2027, 2, 1), ("H2", "female_officer"))
    assert (other.term_until, other.care) == (math.inf, ())


@pytest.mark.parametrize("care", ["diabetes", "h2", "H", "2", "糖尿病", "H2 epileptic", "H2222"])
def test_care_is_a_code_and_no_word(written, care):
    with_term(written, "2027-01-31", care)
    (fault,) = written.faults("en")
    assert "is no care code" in fault
    assert fault.startswith("people.csv:2:")


def test_an_authority_does_not_outlast_the_term(written):
    with_term(written, "2027-01-30")
    (fault,) = written.faults("zh")
    assert fault.startswith("rules/rules.yaml:9:12: P0001 的监管期限到 2027-01-30 为止；")


@pytest.mark.parametrize(
    ("begins", "more", "notes"),
    [
        ("2027-02-01", "", 1), ("2026-12-01", "", 1), ("2027-02-02", "", 0),
        ("2027-02-01", ", assessment: PG-3", 0), ("2027-02-01", ", kind: phone_check", 0),
    ],
)  # fmt: skip
def test_an_extension_that_names_no_assessment_is_noted(written, begins, more, notes):
    kind = "" if "kind" in more else ", kind: bracelet, ground: refused_to_report"
    extension = f"""  - {{person: P0001, document: "2027-9", approved_by: head A, wearer_informed: 2026-11-01,
     from: {begins}, until: 2027-02-20{kind}{more}}}
"""
    written.replace(RULES, "zones:", f"{extension}zones:")
    warnings = examine(written.write(), "en")[2]
    assert [one.message for one in warnings if "assessment" in one.message] == [
        "note: this authority of P0001 goes on where another ends: write the document of its assessment"
    ] * notes


@pytest.mark.parametrize(
    ("people", "until", "faults"),
    [
        ("[P0001]", "2027-02-01", 1),
        ("[P0001]", "2027-01-31", 0),
        ("[P0001]", None, 0),
        ("[P0002]", "2027-02-01", 0),
        ("{level: strict}", "2027-02-01", 0),
        ("all", "2027-02-01", 0),
    ],
)
def test_a_rule_does_not_bind_whom_it_names_beyond_the_term(written, people, until, faults):
    with_term(written, "2027-01-31")
    period = "" if until is None else f", until: {until}"
    written.replace(RULES, "people: {level: strict}, basis: order 1", f"people: {people}, basis: order 1{period}")
    found = written.faults("en")
    assert len(found) == faults
    assert all("the term of P0001 ends on 2027-01-31" in fault for fault in found)


def test_a_rule_has_a_first_and_a_last_day(written):
    written.replace(RULES, "basis: order 1", "basis: order 1, from: 2026-11-05, until: 2026-12-24")
    stay, nights = load(written.write()).rules
    assert (stay.start, stay.until) == (at(2026, 11, 5), at(2026, 12, 25))
    assert (nights.start, nights.until) == (-math.inf, math.inf)


def test_a_rule_that_ends_before_it_begins_is_refused(written):
    written.replace(RULES, "basis: order 1", "basis: order 1, from: 2026-11-05, until: 2026-11-04")
    (fault,) = written.faults("en")
    assert "the end is not after the start" in fault


@pytest.mark.parametrize(
    ("returned", "ends"),
    [("2027-01-01 09:00", (2027, 1, 1, 9)), ("2027-01-03 09:00", (2027, 1, 3, 9)), (None, (2027, 1, 2, 20))],
)
def test_leave_ends_with_the_return_sooner_or_later(written, returned, ends):
    if returned is not None:
        written.replace(RULES, "approved_by: office B}", f'approved_by: office B, returned: "{returned}"}}')
    (leave,) = load(written.write()).leave
    assert (leave.ends, leave.until) == (at(*ends), at(2027, 1, 2, 20))


def test_nobody_comes_back_before_going(written):
    written.replace(RULES, "approved_by: office B}", 'approved_by: office B, returned: "2026-12-31 18:00"}')
    (fault,) = written.faults("en")
    assert "returned lies before from" in fault


def test_a_removal_says_who_why_from_when_until_when_and_who_approved_it(written):
    written.texts[RULES] += REMOVAL.format("P0001", "hospital", '"2026-12-01 09:00"', '"2026-12-03 18:00"')
    assert load(written.write()).removals == (
        Removal("P0001", RemovalReason.HOSPITAL, at(2026, 12, 1, 9), at(2026, 12, 3, 18), "office B"),
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (("P0009", "hospital", "2026-12-01", "2026-12-02"), "no person “P0009”"),
        (("P0001", "shower", "2026-12-01", "2026-12-02"), "write one of: hospital, examination, repair"),
        (("P0001", "repair", "2026-12-02", "2026-12-02"), "the end is not after the start"),
    ],
)
def test_what_is_no_removal_is_refused(written, values, said):
    written.texts[RULES] += REMOVAL.format(*values)
    (fault,) = written.faults("en")
    assert said in fault


def test_the_sentences_of_a_person_say_all_of_it(written):
    with_term(written, "2027-01-31")
    written.replace(RULES, "basis: order 1", "basis: order 1, from: 2026-11-05, until: 2026-12-24")
    written.replace(RULES, "approved_by: office B}", 'approved_by: office B, returned: "2027-01-01 09:00"}')
    written.texts[RULES] += REMOVAL.format("P0001", "hospital", '"2026-12-01 09:00"', '"2026-12-03 18:00"')
    configuration = load(written.write())
    first = sentences(configuration, "zh")[0]
    for part in ("监管至 2027-01-31", "（自 2026-11-05 起，至 2026-12-24）", "，2027-01-01 09:00 销假", "（住院）"):
        assert part in first
    english = sentences(configuration, "en")[0]
    for part in ("until 2027-01-31", "(from 2026-11-05, until 2026-12-24)", ", back 2027-01-01 09:00", "(hospital)"):
        assert part in english
