"""A city asks a county for a package by a signed request: two desks, one number in both logs, and who is refused."""

from __future__ import annotations

import asyncio
import io
import socket
import zipfile
from collections import Counter
from contextlib import asynccontextmanager, closing
from dataclasses import replace

import httpx
import msgspec
import pytest
import uvicorn
from desk_accounts import looked_at
from looked import looked_in
from opened_desk import client_of, daemon_of, desk_of, written

from gateway.city.app import city_application
from gateway.city.desk import CityDesk
from gateway.console.accounts.disclosures import OPEN_FOR
from gateway.console.app import application
from gateway.console.city_asks import LARGEST, PATH, CityAsk
from gateway.console.running import city_key
from gateway.console.visitor import COOKIE, Visitor
from gateway.errors import UserFault
from gateway.history.days import DayHistory
from gateway.journal import FileJournal
from gateway.journal.controls import Configured
from gateway.journal.entries import EntryKind, Gathering, Origin
from gateway.settings.city import CITY, load_city
from gateway.settings.load import examine, load
from gateway.settings.model import Role
from gateway.signing import headers

GATEWAY = Origin()
NOW = 1_793_530_800.0
KEY = "0123456789abcdef0123456789abcdef"
DAY = 86_400.0
ASK = CityAsk("ask", "ab" * 8, "4502", "shifan-demo", "C01", "P0001", NOW - DAY, NOW - 60, "search", "市局函2026-7")
WHOSE = "city abababababababab search 市局函2026-7"
FILES = """\
city: {code: "4502", name: 示例市}
storage: {directory: state, alarm_days: 1095}
staff: [{number: C01, roles: [leader]}]
counties:
  - {code: shifan-demo, name: 甲县, credential: hook, desk: "https://first.example:8443"}
  - {code: "450202", name: 乙县, credential: hook}
"""


class Numbered:
    """Sessions of whoever is asked for: the token is the staff number."""

    async def visitor(self, token, *, by_hand=True):
        del by_hand
        roles = {"C": Role.LEADER, "D": Role.DUTY, "A": Role.AUDITOR}
        return Visitor(token, frozenset({roles[token[0]]}), "", "zh", f"session {token}", f"csrf {token}")

    async def resting(self, token):
        del token


def ran(desk):
    """The county's gateway has run since two days before: its configuration stands in the journal."""
    configuration, batch = desk.configuration, Gathering()
    batch.add(EntryKind.CONFIGURATION, NOW - 2 * DAY, GATEWAY, msgspec.json.encode(Configured(configuration.digest)))
    with closing(FileJournal(desk.storage / "journal")) as journal, closing(DayHistory(desk.storage / "history")):
        journal.store_configuration(configuration.digest, configuration.sources)
        journal.append(batch.batch())


@pytest.fixture
def county(tmp_path):
    directory = written(tmp_path / "county")
    main = directory / "gateway.yaml"
    main.write_text(
        main.read_text("utf-8") + '\nconsole: {city: {code: "4502", credential: hook, longest: 2d}}\n', "utf-8"
    )
    (directory / "credentials.yaml").write_text(f"hook: {{sign_key: {KEY}}}\n", "utf-8")
    (directory / "credentials.yaml").chmod(0o600)
    desk = desk_of(directory, NOW)
    ran(desk)
    desk.city_key = city_key(desk.configuration, directory)
    assert desk.city_key == KEY
    yield desk
    desk.books.close()


@pytest.fixture
def city(tmp_path, county):
    directory = tmp_path / "city"
    directory.mkdir()
    (directory / CITY).write_text(FILES, "utf-8")
    (directory / "credentials.yaml").write_text(f"hook: {{sign_key: {KEY}}}\n", "utf-8")
    (directory / "credentials.yaml").chmod(0o600)
    desk = CityDesk.of(load_city(directory), county.clock, directory, Numbered())
    yield desk
    desk.store.close()
    desk.books.close()


def sent(county, *asks, key=KEY, at=NOW, nonce="n1", path=PATH):
    """Answers to requests, each under a nonce of its own; bytes go as they are."""

    async def run():
        async with daemon_of(county, keep_history={}), client_of(county, "") as client:
            return [await client.post(path, content=body, headers=headers(key, each, body, at)) for each, body in named]

    bodies = [one if isinstance(one, bytes) else msgspec.json.encode(one) for one in asks]
    named = [(nonce if len(bodies) == 1 else f"{nonce}-{at}", body) for at, body in enumerate(bodies)]
    return asyncio.run(run())


def decided(county, do):
    async def run():
        async with daemon_of(county, keep_history={}), client_of(county, "L01") as client:
            return await client.post(f"/disclosures/{ASK.id}/{do}")

    return asyncio.run(run())


def changed(**changes):
    return msgspec.structs.replace(ASK, **changes)


def said(answer):
    return msgspec.json.decode(answer.content)


def test_what_is_asked_waits_for_a_leader_and_asked_again_is_the_same(county):
    first, again, look = sent(county, ASK, ASK, changed(do="look"))
    assert [(one.status_code, said(one)["state"]) for one in (first, again, look)] == [(200, "waits")] * 3
    rows = looked_at(county)
    assert [(one.number, one.what, one.person, one.purpose, one.session, one.ok) for one in rows] == [
        ("4502 C01", "disclose", "P0001", f"asked {WHOSE}", "request abababababababab", True)
    ]
    page = asyncio.run(page_of(county))
    assert "市级社区矫正机构（签名申请）" in page
    assert "4502 C01" in page
    (another,) = sent(county, changed(person="P0002"), nonce="n9")
    assert (another.status_code, said(another)["reason"]) == (422, "city_ask_replayed")


async def page_of(county):
    async with client_of(county, "L01") as client:
        return (await client.get("/disclosures")).text


def test_who_is_not_the_city_of_these_minutes_learns_nothing_but_that(county):
    sends = {"city_ask_unsigned": [{"key": KEY[::-1]}], "city_ask_old": [{"at": NOW - 301}, {"at": NOW + 301}]}
    for reason, given in sends.items():
        for send in given:
            (answer,) = sent(county, ASK, **send)
            assert (answer.status_code, said(answer)["reason"]) == (401, reason)
    assert county.city_refused == {"city_ask_unsigned": 1, "city_ask_old": 2}
    assert looked_at(county) == []


def test_a_request_that_is_played_again_is_refused_though_it_is_signed(county):
    assert sent(county, ASK)[0].status_code == 200
    (again,) = sent(county, ASK)
    assert (again.status_code, said(again)["zh"]) == (409, "重复发送")
    assert county.city_refused == {"city_ask_replayed": 1}


REFUSED = [
    (b"", "city_ask_malformed", False),
    (b"\xff", "city_ask_malformed", False),
    (b"[" * 9000, "city_ask_malformed", False),
    (msgspec.json.encode(ASK)[:-1] + b',"more":1}', "city_ask_malformed", False),
    (changed(id="../../etc"), "city_ask_malformed", False),
    (changed(county="450299"), "city_ask_foreign", False),
    (changed(city="4599"), "city_ask_other_city", False),
    (changed(person="P9999"), "disclosure_fault_person", True),
    (changed(person=""), "disclosure_fault_person", True),
    (changed(since=NOW - 3 * DAY), "city_ask_fault_long", True),
    (changed(since=NOW), "city_ask_fault_times", True),
    (changed(until=NOW + DAY), "city_ask_fault_times", True),
    (changed(since=1.0, until=2.0), "city_ask_fault_times", True),
    (changed(purpose="supervision"), "city_ask_fault_purpose", True),
    (changed(purpose="curiosity"), "city_ask_fault_purpose", True),
    (changed(document=" "), "disclosure_fault_document", True),
    (changed(do="look"), "disclosure_fault_gone", False),
    (changed(do="take"), "disclosure_fault_gone", True),
]  # fmt: skip


def test_what_cannot_be_asked_is_refused_in_words_and_counted(county):
    answers = sent(county, *(ask for ask, _, _ in REFUSED))
    for answer, (_, reason, _) in zip(answers, REFUSED, strict=True):
        told = said(answer)
        assert (answer.status_code, told["state"], told["reason"]) == (422, "rejected", reason)
        assert told["zh"] != told["en"]
    assert county.city_refused == Counter(reason for _, reason, _ in REFUSED)
    assert [one.ok for one in looked_at(county)] == [False] * sum(is_noted for _, _, is_noted in REFUSED)
    assert "自启动以来拒收" in asyncio.run(page_of(county))


def test_of_a_minor_a_protected_person_and_who_is_over_nothing_is_given_and_which_it_is_is_not_said(county):
    known = county.configuration.people["P0001"]
    for n, change in enumerate(({"minor": True}, {"protected": True}, {"term_until": NOW - 1})):
        people = {**county.configuration.people, "P0001": replace(known, **change)}
        county.in_force.configuration = replace(county.configuration, people=people)
        (answer,) = sent(county, ASK, nonce=f"m{n}")
        assert said(answer)["reason"] == "city_ask_fault_letter"


def test_where_no_city_is_entered_and_where_more_is_sent_than_anybody_asks(county):
    assert sent(county, b"x" * (LARGEST + 1))[0].status_code == 413
    assert sent(county, ASK, path="/from-city/other")[0].status_code == 404
    county.city_key = ""
    assert sent(county, ASK)[0].status_code == 404


def test_who_asked_takes_it_within_a_day_and_nobody_else_of_the_city(county):
    sent(county, ASK)
    assert decided(county, "approve").status_code == 303
    other, mine = sent(county, changed(do="take", by="C02"), changed(do="take"), nonce="t")
    assert (other.status_code, mine.status_code) == (422, 200)
    with zipfile.ZipFile(io.BytesIO(mine.content)) as archive:
        manifest = msgspec.json.decode(archive.read("manifest.json"))
        assert (manifest["by"], manifest["approved_by"]) == ("4502 C01", "L01")
        assert "市级社区矫正机构" in archive.read("cover.html").decode()
    rows = [(one.number, one.purpose, one.ok) for one in looked_at(county)]
    assert rows == [
        ("4502 C01", f"asked {WHOSE}", True), ("L01", f"approved {WHOSE}", True),
        ("4502 C02", "taken abababababababab", False),
        ("4502 C01", f"taken {mine.headers['x-digest']} {WHOSE}", True),
    ]  # fmt: skip
    county.clock.at = NOW + OPEN_FOR
    late, look = sent(county, changed(do="take"), changed(do="look"), nonce="l", at=NOW + OPEN_FOR)
    assert (late.status_code, said(look)["state"], said(look)["decided_by"]) == (422, "past", "L01")


@asynccontextmanager
async def served(county, city):
    """The county's desk at an address of its own, at which the city knows it; and the city's in a browser."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        where = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(application(county), log_config=None, lifespan="off"))
        task = asyncio.create_task(server.serve(sockets=[listening]))
        told = city.configuration
        known = {code: replace(one, desk=where) if one.desk else one for code, one in told.counties.items()}
        city.in_force = replace(city.in_force, configuration=replace(told, counties=known))
        transport = httpx.ASGITransport(city_application(city))
        try:
            yield lambda number: httpx.AsyncClient(
                transport=transport, base_url="http://city", cookies={COOKIE: number},
                headers={"X-CSRF-Token": f"csrf {number}"},
            )  # fmt: skip
        finally:
            server.should_exit = True
            await task


FORM = {"since": "2026-10-31 08:00", "until": "2026-11-01 08:00", "purpose": "penalty", "document": "函7"}


def test_the_city_asks_the_county_decides_and_both_logs_have_one_number(county, city):
    async def run():
        async with daemon_of(county, keep_history={}), served(county, city) as browser, browser("C01") as client:
            form = await client.post("/county/shifan-demo/record/P0001", data=FORM)
            assert (form.status_code, form.headers["location"]) == (303, "/records")
            waiting = (await client.get("/records")).text
            ((number,),) = await county.books.ask(lambda db: db.rows("SELECT id FROM disclosure"))
            async with client_of(county, "L01") as leader:
                await leader.post(f"/disclosures/{number}/approve")
            granted = (await client.get("/records")).text
            taken = await client.get(f"/records/{number}/package.zip")
            async with browser("C02") as another:
                refused = await another.get(f"/records/{number}/package.zip")
                listed = (await another.get("/records")).text
            return number, waiting, granted, taken, refused, listed

    number, waiting, granted, taken, refused, listed = asyncio.run(run())
    assert "等县里决定" in waiting
    assert "已批准（L01）" in granted
    assert f"/records/{number}/package.zip" in granted
    assert f"/records/{number}/package.zip" not in listed
    assert (taken.status_code, taken.content[:2], refused.status_code) == (200, b"PK", 403)
    said_, digest = f"shifan-demo {number} penalty 函7", looked_at(county)[-1].purpose.split()[1]
    assert [(one.number, one.what, one.purpose, one.ok) for one in looked_in(city.storage)] == [
        ("C01", "record_asked", said_, True), ("C01", "record_taken", f"{digest} {said_}", True),
        ("C02", "record_taken", said_, False),
    ]  # fmt: skip
    assert all(number in one.purpose for one in looked_at(county))
    kept = b"".join(path.read_bytes() for path in city.storage.rglob("*") if path.is_file())
    assert taken.content not in kept


def test_a_county_that_is_away_is_asked_again_and_one_that_takes_none_is_said(county, city):
    async def run():
        async with served(county, city) as browser, browser("C01") as client:
            county.city_key = ""
            await client.post("/county/shifan-demo/record/P0001", data=FORM)
            none = (await client.get("/records")).text
            county.city_key = KEY
            async with daemon_of(county):
                refused = await client.post("/county/shifan-demo/record/P0001", data=FORM | {"document": "函8"})
                assert refused.status_code == 303
                later = (await client.get("/records")).text
            return none, later

    none, later = asyncio.run(run())
    assert "不受理签名申请（HTTP 404）" in none
    assert "还不知道县里是否收到" in none
    assert later.count("等县里决定") == 2


def test_what_is_wrong_is_said_at_the_city_and_who_reads_alone_asks_for_nothing(county, city):
    async def run():
        async with served(county, city) as browser, browser("C01") as client, browser("A01") as reader:
            wrong = [
                await client.post("/county/shifan-demo/record/P0001", data=FORM | change)
                for change in (
                    {"since": "x"},
                    {"until": "2026-10-31 08:00"},
                    {"purpose": "curiosity"},
                    {"document": " "},
                )
            ]
            gone = await client.get("/county/450202/record/P0001")
            none = await client.get("/records/0000/package.zip")
            barred = [await reader.get(path) for path in ("/records", "/county/shifan-demo/record/P0001")]
            link = (await client.get("/county/shifan-demo/track/P0001")).text
            return wrong, gone, none, barred, link

    wrong, gone, none, barred, link = asyncio.run(run())
    assert [(one.status_code, 'role="alert"' in one.text) for one in wrong] == [(422, True)] * 4
    assert (gone.status_code, none.status_code, [one.status_code for one in barred]) == (404, 404, [403, 403])
    assert "/county/shifan-demo/record/P0001" in link


def test_a_key_that_is_missing_is_a_fault_with_its_place_and_stops_the_desk(county, tmp_path):
    directory = tmp_path / "county"
    (directory / "credentials.yaml").write_text("hook: {username: a, password: b}\n", "utf-8")
    (directory / "credentials.yaml").chmod(0o600)
    _, faults, _ = examine(directory, "en")
    assert any("sign_key" in str(one) and "gateway.yaml" in str(one) for one in faults)
    with pytest.raises(UserFault, match="sign_key"):
        city_key(county.configuration, directory)
    assert load(written(tmp_path / "plain")).console.city is None
