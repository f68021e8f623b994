"""Printed documents: each fact of a fixture stands on its page, equal data make equal bytes, nothing is concluded."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256

import msgspec
import pytest
from made_episodes import KNOWN, episode
from timeline import AWAY, HOME, at, county, degrees, leave

from gateway.engine import About, Fix, Gap, Notice, NoticeRecord, NoticeState, Past, Registered, Told
from gateway.engine.act_lines import ActLine, FollowUp
from gateway.printed.alarm_record import alarm_record
from gateway.printed.leave_slip import leave_slip, leaves_of
from gateway.printed.page import page_of
from gateway.printed.sheet import Facts, Lines, Making, Table
from gateway.printed.track_statement import LEAST_GAP, Stated, track_statement
from gateway.printed.wearer_notice import wearer_notice
from gateway.replay.past import GAP
from gateway.settings.holds import Hold
from gateway.settings.model import AuthorityKind, Storage
from gateway.store.presence import Stretch

NOW = at(2, 9)
FORBIDDEN = re.compile(r"违规|脱逃|逃跑|逃脱|警报|violat|escap|abscond|guilty", re.IGNORECASE)
PLACED = re.compile(r"109\.4\d|24\.3\d")
COUNTY = county(storage=Storage("data", 180, 730), leave=(leave(at(1, 8), at(1, 18)), leave(at(-9, 8), at(-8, 8))))


def making(language="en", when=NOW, mark=""):
    return Making(COUNTY.county, language, "D01", when, mark)


def past():
    """An hour at home, a gap of two, an hour at AWAY of which one place was not used."""
    fixes = [
        Fix(at(0, hour) + 300.0 * step, *degrees(place), radius, 0.0, "well", "gnss", "B0001")
        for hour, place, radius in ((9, HOME, 12.0), (12, AWAY, 30.0))
        for step in range(13)
    ]
    told = [
        Told(each.time, each.latitude, each.longitude, 40.0, "gnss", "B0001", each.time, used=True) for each in fixes
    ]
    told[-1] = msgspec.structs.replace(told[-1], used=False, source="cell")
    return Past(fixes, told=told, gaps=[Gap(at(0, 10), at(0, 12), 7)])


def stated(found=None):
    nights = [Stretch("nights", "curfew", "home:P0001", at(0, 22), at(1, 8), "not_home")]
    return Stated(
        "P0001", at(0, 0), at(1, 0), past() if found is None else found, nights, Registered.of(COUNTY), COUNTY
    )


def handled():
    acts = [
        ActLine(at(0, 22.8), "D07", "acknowledge", 1),
        ActLine(at(0, 22.9), "D07", "attempt", 2, whom="wearer", result="no_answer"),
        ActLine(at(0, 23), "D08", "close", 3, outcome="excused", note="<b>at hospital</b>"),
    ]  # fmt: skip
    return episode(
        **KNOWN, acts=acts, closed=at(0, 23), outcome="excused", ended=at(0, 22.95),
        follow_up=FollowUp(at(0, 22.97), "reports", "D07", checked=at(0, 22.97), verdict="met"),
    )  # fmt: skip


def notices():
    about = About("strap_cut", "critical", "P0001", "B0001", "SFS-01", at(0, 22.5))
    return [
        NoticeRecord(Notice("1" * 16, "0" * 32, "D07", at(0, 22.76), about), NoticeState.DELIVERED, at(0, 22.77), "sms")
    ]


def documents(language="en", when=NOW, mark=""):
    how = making(language, when, mark)
    return {
        "track": track_statement(stated(), how), "alarm": alarm_record(handled(), notices(), how, places=True),
        "leave": leave_slip(leaves_of(COUNTY, "P0001")[0], COUNTY, how), "notice": wearer_notice("P0001", COUNTY, how),
    }  # fmt: skip


def cells(sheet):
    """All that stands in a document's parts, by title."""
    told = {}
    for part in sheet.parts:
        if isinstance(part, Facts | Table):
            told.setdefault(part.title, []).extend(part.rows)
        elif isinstance(part, Lines):
            told.setdefault(part.title, []).extend(part.lines)
    return told


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["track", "alarm", "leave", "notice"])
def test_the_same_data_make_the_same_bytes_and_another_date_others(kind, language):
    one, again, later = (page_of(documents(language, when)[kind]) for when in (NOW, NOW, NOW + 60.0))
    assert one == again
    assert one.octets != later.octets
    text = one.octets.decode()
    sheet = documents(language)[kind]
    assert sheet.digest in text
    assert sheet.digest == sha256(msgspec.json.encode(sheet)).hexdigest()
    assert (
        "D01 制作，截至 2026-11-04 09:00:00" if language == "zh" else "made by D01, as of 2026-11-04 09:00:00"
    ) in text
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in text
    assert "size: A4" in text
    assert '"Noto Sans CJK SC"' in text
    assert "counter(page)" in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_document_judges_or_asks_anybody_else(language):
    for kind, sheet in documents(language, mark="for the court").items():
        text = page_of(sheet).octets.decode()
        assert not FORBIDDEN.search(text), kind
        assert not re.search(r"(src|href)=|@import|url\(|<script", text), kind
        assert text.count("for the court") == 2, "in words, and across every sheet"


def test_a_statement_says_what_came_what_did_not_how_sure_and_on_which_basis():
    sheet = documents()["track"]
    told = cells(sheet)
    facts = dict(told["Time and data"])
    assert facts["From"] == "2026-11-02 00:00:00"
    assert facts["Places received"] == "26, of which 25 were used; sources: masts 1, satellites 25"
    assert facts["Places worked out"].startswith("26, the first 2026-11-02 09:00:00, the last 2026-11-02 13:00:00")
    assert facts["Error (95 %)"] == "median 21 m, 95 % of fixes within 30 m, at most 30 m"
    assert facts["Devices worn"].startswith("B0001 (2026-10-03")
    assert told["What was received, day by day"] == [
        ["2026-11-02", "26", "2026-11-02 09:00:00", "2026-11-02 13:00:00", "40 m"]
    ]
    home, away = told["Stays (10 minutes or more)"]
    assert home[:4] == ["2026-11-02 09:00:00", "2026-11-02 10:00:00", "1 h 00 min", "at or near home"]
    assert "about 2.1 km north-east of home" in away[3]
    hours = [("00:00", "09:00", "-"), ("10:00", "12:00", "7"), ("13:00", "00:00", "-")]
    gaps = [(row[0][11:16], row[1][11:16], row[3]) for row in told["Times without a place"]]
    assert gaps == hours
    assert LEAST_GAP == GAP
    assert told["Time due at a place"][0][3:] == ["nights", "home", "judged away"]
    assert [row[1] for row in told["Authority of the positioning"]] == ["2026-12"]
    assert [row[:2] for row in told["Rules in force then"]] == [
        ["stay", "order 1"],
        ["cafes", "order 2"],
        ["nights", "order 3"],
    ]
    assert "no finding" in " ".join(part.note for part in sheet.parts if isinstance(part, Table))


def test_where_nothing_came_a_statement_says_so_and_draws_nothing():
    sheet = track_statement(stated(Past([])), making())
    assert dict(cells(sheet)["Time and data"])["Places received"] == "no place was received in this time"
    assert [row[:2] for row in cells(sheet)["Times without a place"]] == [
        ["2026-11-02 00:00:00", "2026-11-03 00:00:00"]
    ]
    assert "<svg" not in page_of(sheet).octets.decode()
    cut = track_statement(stated(Past(past().fixes, cut=True)), making())
    assert "the first part alone" in page_of(cut).octets.decode()


def test_a_record_has_every_act_call_and_notice_in_order_and_the_outcome_as_given():
    sheet = documents()["alarm"]
    told = cells(sheet)
    lines = [row[2] for row in told["What was done"]]
    assert [row[0] for row in told["What was done"]] == ["1", "2", "3", "4", "5"]
    assert [row[1] for row in told["What was done"]] == sorted(row[1] for row in told["What was done"])
    for line, words in zip(lines, ("D07", "acknowledged", "no answer", "reported", "closed it (excused"), strict=True):
        assert words in line, lines
    assert dict(told["How it stands"])["Closed"] == "excused, by D08, 2026-11-02 23:00:00"
    assert dict(told["The alarm"])["Entries of the journal"] == "1 - 2"
    page = page_of(sheet).octets.decode()
    assert "&lt;b&gt;at hospital" in page


def test_without_places_a_record_has_none():
    assert "1.2 km" in page_of(documents()["alarm"]).octets.decode()
    sheet = alarm_record(handled(), notices(), making(), places=False)
    page = page_of(sheet).octets.decode()
    assert not PLACED.search(page)
    assert "1.2 km" not in page
    assert "No places stand here" in page
    assert "no answer" in page


@pytest.mark.parametrize(
    ("returned", "says"),
    [
        (None, "not yet reported back"),
        (at(1, 17), "1 h 00 min before the approved end"),
        (at(1, 20), "2 h 00 min after the approved end"),
    ],
)
def test_a_slip_has_the_leave_and_the_return_of_the_registers(returned, says):
    one = replace(leaves_of(COUNTY, "P0001")[0], returned=returned, zone="cafes", excuses=("nights",))
    told = cells(leave_slip(one, COUNTY, making()))
    asked = dict(told["Leave"])
    assert (asked["From"], asked["Until"]) == ("2026-11-03 08:00:00", "2026-11-03 18:00:00")
    assert (asked["Where to"], asked["Rules lifted meanwhile"], asked["Approved by"]) == ("cafes", "nights", "office B")
    assert says in " ".join(said for _, said in told["Back from leave"])


def test_leave_is_listed_the_latest_first():
    assert [one.start for one in leaves_of(COUNTY, "P0001")] == [at(1, 8), at(-9, 8)]
    assert leaves_of(COUNTY, "P0002") == []


def test_a_notice_says_what_is_collected_how_long_by_whom_and_the_rights():
    told = cells(documents()["notice"])
    assert dict(told["On which basis"])["Ground"] == "breach of a prohibition order"
    assert dict(told["On which basis"])["Document"] == "2026-12"
    assert [said for _, said in told["How long it is kept"]] == ["180 days", "730 days", "184 days"]
    collected = " ".join(told["What is collected"])
    assert "strap" in collected
    assert "carrier" not in collected
    assert "mobile network (TCP)" in collected
    assert "Nobody listens" in collected
    assert len(told["What you may ask for"]) >= 6
    assert [row[0] for row in told["Rules that bind you"]] == ["stay", "cafes", "nights"]


def test_a_notice_goes_by_the_configuration_and_the_day():
    phone = replace(COUNTY.authorities[0], kind=AuthorityKind.PHONE_CHECK, ground=None)
    known = replace(
        COUNTY, authorities=(phone,), storage=Storage("data", 90),
        holds=(Hold("P0001", "", "case 9", at(0, 0), float("inf")), Hold("P0002", "", "case 8", at(0, 0), at(9, 0))),
    )  # fmt: skip
    told = cells(wearer_notice("P0001", known, making()))
    assert "carrier" in " ".join(told["What is collected"])
    assert "strap" not in " ".join(told["What is collected"])
    kept = dict(told["How long it is kept"])
    assert kept["Alarms and what was done"] == "not yet laid down by this office"
    assert kept["Kept for a case"] == "by case 9, until -"
    over = cells(wearer_notice("P0001", COUNTY, making(when=at(99, 0))))
    assert over["On which basis"][0].startswith("No authority is in force")


def test_what_people_wrote_can_neither_end_the_style_nor_begin_markup():
    hostile = replace(COUNTY.county, code='x"; } </style><script>')
    how = Making(hostile, "en", "D01</style>", NOW, "<img src=x>")
    page = page_of(wearer_notice("P0001", replace(COUNTY, county=hostile), how)).octets.decode()
    assert page.count("</style>") == 1
    assert "<script" not in page
    assert "<img" not in page
