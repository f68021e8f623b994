"""Several hours a day for one rule, and such as recur: read, told, refused with place and advice."""

import io

import pytest

from gateway.engine import compile_policy
from gateway.settings import check
from gateway.settings.load import load
from gateway.settings.model import DaySet, HourRule

CURFEW = 'curfew: {zone: home, from: "22:00", until: "08:00", days: daily, grace: 15min}'
EVERY_DAY = tuple(range(7))
RECURS = "DTSTART:20260105T213000 RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO EXDATE:20260216"


def with_hours(written, *hours, grace="15min", more=""):
    lines = "".join(f"        - {each}\n" for each in hours)
    written.replace(
        "rules/rules.yaml", CURFEW, f"curfew:\n      zone: home\n      grace: {grace}\n{more}      hours:\n{lines}"
    )
    return written.write()


def checked(path, language="en"):
    out = io.StringIO()
    return check.run([path], language, out), out.getvalue().splitlines()


def test_a_rule_has_several_hours_a_day(written):
    path = with_hours(
        written, '{from: "12:00", until: "13:30", days: workdays}', '{from: "22:00", until: "08:00"}',
        f'{{recurs: "{RECURS}", until: "21:50"}}',
    )  # fmt: skip
    configuration = load(path)
    curfew = next(rule.curfew for rule in configuration.rules if rule.curfew)
    assert curfew.hours == (
        HourRule(720, 810, DaySet.WORKDAYS), HourRule(1320, 480, EVERY_DAY), HourRule(1290, 1310, RECURS),
    )  # fmt: skip
    assert len(compile_policy(configuration).curfews.schedules[0].windows) == 3
    _, english = checked(path)
    assert (
        "at home 12:00–13:30 (working days, make-up days included), 22:00–08:00 next day, "
        f"21:30–21:50 (as {RECURS}) (grace 15 min);"
    ) in english[0]
    _, chinese = checked(path, "zh")
    assert "12:00–13:30（工作日（含调休上班日））、22:00–次日08:00、21:30–21:50" in chinese[0]


def test_a_recurrence_may_stand_in_lines_of_its_own(written):
    block = 'recurs: |\n            DTSTART:20260105T213000\n            RRULE:FREQ=DAILY\n          until: "06:00"'
    configuration = load(with_hours(written, block))
    (hours,) = next(rule.curfew.hours for rule in configuration.rules if rule.curfew)
    assert hours == HourRule(1290, 360, "DTSTART:20260105T213000 RRULE:FREQ=DAILY")


@pytest.mark.parametrize(
    ("hours", "place", "told"),
    [
        ('{until: "08:00"}', "23:11", "“from” is missing"),
        ('{from: "08:00", until: "08:00"}', "23:34", "starts and ends at the same time"),
        ('{from: "08:00", until: "08:10"}', "21:14", "the grace is not shorter than the curfew itself (10min)"),
        (f'{{from: "21:30", recurs: "{RECURS}", until: "06:00"}}', "23:18", "with recurs there is no from"),
        (f'{{days: daily, recurs: "{RECURS}", until: "06:00"}}', "23:18", "with recurs there is no days"),
        ('{recurs: "", until: "06:00"}', "23:20", "nothing is written"),
        ('{recurs: "every night", until: "06:00"}', "23:20", "is not known; recurs has DTSTART, RRULE, EXDATE"),
        ('{recurs: "DTSTART:20260105T220000 RRULE:FREQ=HOURLY", until: "06:00"}', "23:20", "write one of DAILY"),
        ('{recurs: "DTSTART:20260105T220000 RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", until: "06:00"}', "23:20",
         "is no day of the RRULE, or none ever is; let DTSTART be the first one"),
        ('{recurs: "DTSTART:20260105T220000 RRULE:FREQ=DAILY;INTERVAL=0", until: "06:00"}', "23:20", "within 1-1000"),
        ('{recurs: "DTSTART;TZID=Europe/Berlin:20260105T220000 RRULE:FREQ=DAILY", until: "06:00"}', "23:20",
         "write local time without TZID, or TZID=Asia/Shanghai"),
    ],
)  # fmt: skip
def test_hours_that_cannot_be_meant_are_refused_with_place_and_advice(written, hours, place, told):
    code, lines = checked(with_hours(written, hours))
    assert code == 2
    assert lines[0].startswith(f"{written.directory}/rules/rules.yaml:{place}: ")
    assert told in lines[0]


def test_hours_that_lie_in_others_are_refused(written):
    night, evening = '{from: "22:00", until: "08:00"}', '{from: "07:00", until: "09:00", days: [tue]}'
    code, lines = checked(with_hours(written, night, evening))
    assert code == 2
    assert "rules.yaml:24:11: these hours overlap those at " in lines[0]
    assert "rules.yaml:23:11" in lines[0]


def test_hours_stand_instead_of_from_and_until(written):
    code, lines = checked(with_hours(written, '{from: "12:00", until: "13:00"}', more='      until: "08:00"\n'))
    assert code == 2
    assert "rules.yaml:22:14: until goes into an entry of hours, or delete hours" in lines[0]


@pytest.mark.parametrize("key", ["from", "until"])
def test_without_hours_both_ends_are_needed(written, key):
    value = {"from": 'from: "22:00", until', "until": 'until: "08:00", days'}[key]
    written.replace("rules/rules.yaml", value, value.rpartition(" ")[2])
    code, lines = checked(written.write())
    assert code == 2
    assert f"“{key}” is missing" in lines[0]
