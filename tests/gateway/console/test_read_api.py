"""Alarms for programs: an office's own by its token, paged, without places unless the token has them, each audited."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import closing
from dataclasses import replace

import httpx
import msgspec
import pytest
from desk_accounts import looked_at
from made_episodes import FACTS, KNOWN, episode
from opened_desk import daemon_of, desk_of, written
from timeline import at

from gateway.clock import iso
from gateway.console import read_api
from gateway.console.accounts import tokens
from gateway.console.accounts.tokens import Token
from gateway.console.app import application
from gateway.console.pace import Pace
from gateway.console.pages.api import REQUESTS, STRANGERS
from gateway.console.read_api import AlarmEvent, Events, alarm_schema, asyncapi, openapi
from gateway.engine.act_lines import ActLine, FollowUp
from gateway.engine.episode import Change, Note
from gateway.engine.ledger import Outcome
from gateway.store.state_db import StateStore
from gateway.upstream.cloudevents import event_of

NOW = at(1, 9)
GOOD = "good"


def told(identity="0", office="SFS-01", revision=0, **more):
    """An event as it goes to the platform."""
    one = episode(
        "exclusion_enter",
        **(KNOWN | {"office": office, "id": identity * 32, "revision": revision, "facts": FACTS} | more),
    )
    return event_of(Outcome(Change.RAISED, one, one.decided, (2, 0, 0.0, "", "")), "demo", "Asia/Shanghai")


EVENTS = [told("1"), told("2", "SFS-02"), told("3"), told("1", revision=1, acknowledged=at(0, 23))]


@pytest.fixture
def desk(tmp_path):
    desk = desk_of(written(tmp_path / "county"), NOW)
    with closing(StateStore(desk.readings.directory / "state.db")) as store:
        store.commit(EVENTS, [], 9)
    yield desk
    desk.books.close()


def asked(desk, *paths, places=False, token=GOOD):
    """Answers to a program whose token is GOOD."""

    async def run():
        kept = Token("city", "SFS-01", places, NOW)
        await desk.books.change(lambda db: (tokens.revoke(db, "city"), tokens.put(db, kept, GOOD)))
        transport = httpx.ASGITransport(application(desk), raise_app_exceptions=False, client=("192.0.2.7", 1))
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with (
            daemon_of(desk),
            httpx.AsyncClient(transport=transport, base_url="https://desk", headers=headers) as one,
        ):
            return [await one.get(path) for path in paths]

    return asyncio.run(run())


def looks(desk):
    return [(one.number, one.what, one.purpose, one.ok) for one in looked_at(desk)]


def test_an_office_reads_its_own_events_as_they_were_sent_and_on_from_there(desk):
    first, on = asked(desk, "/api/v1/alarms", "/api/v1/alarms?since=3", places=True)
    assert first.json()["events"] == [msgspec.json.decode(EVENTS[each].body) for each in (0, 2, 3)]
    assert first.json()["next"] == 4
    assert [one["id"] for one in on.json()["events"]] == [f"{'1' * 32}.1"]
    [end] = asked(desk, "/api/v1/alarms?since=4")
    assert end.json() == {"events": [], "next": 4}
    assert looks(desk)[:2] == [
        ("token city", "api", "/api/v1/alarms", True), ("token city", "api", "/api/v1/alarms?since=3", True)
    ]  # fmt: skip


def test_one_alarm_is_its_newest_event_and_another_offices_is_none(desk):
    own, other, nothing = asked(desk, *(f"/api/v1/alarms/{each * 32}" for each in "129"))
    assert own.json()["data"]["revision"] == 1
    assert (other.status_code, nothing.status_code) == (404, 404)
    assert other.headers["content-type"] == "application/problem+json"


def test_a_page_ends_where_it_is_full_and_the_next_goes_on(desk, monkeypatch):
    monkeypatch.setattr(read_api, "MOST", 2)
    [first] = asked(desk, "/api/v1/alarms")
    [second] = asked(desk, f"/api/v1/alarms?since={first.json()['next']}")
    assert [one["id"][0] for page in (first, second) for one in page.json()["events"]] == ["1", "3", "1"]


def test_without_places_nothing_of_a_place_is_told_and_of_the_protected_never(desk):
    [plain] = asked(desk, "/api/v1/alarms")
    for one in plain.json()["events"]:
        assert (one["data"]["position"], one["data"]["text"], one["data"]["zone_name"]) == (None, None, None)
        assert not {"home_m", "placed", "inside"} & set(one["data"]["facts"])
    assert "109.41" not in plain.text
    people = desk.configuration.people
    guarded = replace(people["P0001"], protected=True)
    desk.in_force.configuration = replace(desk.configuration, people={**people, "P0001": guarded})
    assert "109.41" not in asked(desk, "/api/v1/alarms", places=True)[0].text
    assert "109.41" in str(EVENTS[0].body)


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_stranger_is_refused_written_down_and_slowed(desk, token):
    answers = asked(desk, *["/api/v1/alarms"] * (STRANGERS + 2), token=token)
    assert [one.status_code for one in answers] == [401] * STRANGERS + [429] * 2
    assert answers[0].headers["www-authenticate"] == "Bearer"
    assert 0 < int(answers[-1].headers["retry-after"]) <= 61
    assert looks(desk) == [("", "api", "", False)] * STRANGERS


def test_since_is_a_time_too_and_says_where_to_go_on(desk):
    with closing(StateStore(desk.readings.directory / "state.db")) as store:
        later = [told("4", decided=at(0, 23)), told("5", "SFS-02", decided=at(1, 1)), told("6", decided=at(1, 2))]
        store.commit(later, [], 12)
    day = iso(at(0, 22.9))
    written = ["2000-01-01T00:00:00Z", day, "2020-01-01T00:00:00 08:00", "2020-01-01T00:00:00%2B08:00", iso(at(1, 3))]
    answers = [one.json() for one in asked(desk, *(f"/api/v1/alarms?since={each}" for each in written))]
    assert [one["id"][0] for one in answers[1]["events"]] == ["4", "6"]
    assert [len(one["events"]) for one in answers] == [5, 2, 5, 5, 0]
    assert [one["next"] for one in answers] == [7] * 5
    with closing(StateStore(desk.readings.directory / "state.db")) as store:
        assert [store.events_before(at(*when)) for when in ((0, 22.9), (0, 23), (1, 1.5), (1, 2), (9, 0))] == [
            4,
            4,
            6,
            6,
            7,
        ]


def test_the_audit_log_names_the_office_whose_token_it_is(desk):
    asked(desk, "/api/v1/alarms")
    assert [(one.number, one.office) for one in looked_at(desk)] == [("token city", "SFS-01")]


@pytest.mark.parametrize("since", ["-1", "x", "9" * 40, "１", "2026-11-01T00:00:00", "2026-11-31T00:00:00Z"])
def test_what_is_neither_a_number_nor_a_time_with_its_zone_is_a_problem_in_words(desk, since):
    [answer] = asked(desk, f"/api/v1/alarms?since={since}")
    assert answer.status_code == 422
    assert answer.json()["title"]


def test_the_documents_are_served_without_a_token_and_are_of_the_types(desk):
    schema, described, asynchronous = asked(
        desk, "/api/v1/schemas/alarm.json", "/api/v1/openapi.json", "/api/v1/asyncapi.json", token=""
    )
    county = desk.configuration.county.code
    assert schema.json() == msgspec.json.decode(msgspec.json.encode(alarm_schema()))
    assert described.json() == msgspec.json.decode(msgspec.json.encode(openapi(county)))
    assert asynchronous.json() == msgspec.json.decode(msgspec.json.encode(asyncapi(county)))
    assert set(described.json()["paths"]) == {"/alarms", "/alarms/{alarm}"}
    for one in (described.json(), asynchronous.json()):
        text = str(one)
        referred = {name.split("'")[0] for name in text.split("#/components/schemas/")[1:]}
        assert referred <= set(one["components"]["schemas"])
    assert looks(desk) == []


@pytest.mark.parametrize("more", [
    {}, {"person": "", "latitude": None, "facts": {}},
    {"acts": [ActLine(at(0, 23), "D01", "follow_up", 1, due=at(1, 0), expects="home")], "closed": at(1, 0),
     "outcome": "confirmed", "verified_by": "visit", "notes": [Note(at(0, 23), "D01", "called")],
     "follow_up": FollowUp(at(1, 0), "home", "D01", checked=at(1, 0), verdict="met")},
])  # fmt: skip
def test_every_event_is_of_the_type_to_the_last_field(more):
    body = told(**more).body
    typed = msgspec.json.decode(body, type=AlarmEvent)
    assert msgspec.json.decode(msgspec.json.encode(typed)) == msgspec.json.decode(body)
    hidden = read_api.placeless_event(msgspec.json.decode(body))
    assert msgspec.convert({"events": [hidden], "next": 1}, Events).events[0].data.position is None


def test_no_token_is_kept_and_a_revoked_one_reads_no_more(desk):
    async def run():
        await desk.books.change(lambda db: tokens.put(db, Token("city", "SFS-01", places=False, made=NOW), "good"))
        kept = await desk.books.ask(lambda db: db.rows("SELECT * FROM token"))
        gone = await desk.books.change(lambda db: (tokens.revoke(db, "city"), tokens.revoke(db, "city")))
        return kept, gone, await desk.books.ask(lambda db: tokens.holder(db, "good"))

    kept, gone, holder = asyncio.run(run())
    assert kept == [("city", hashlib.sha256(b"good").hexdigest(), "SFS-01", 0, NOW)]
    assert (gone, holder) == ((True, False), None)
    assert len({tokens.fresh() for _ in range(9)}) == 9


def test_a_pace_is_kept_by_key_and_a_window_later_it_is_open_again(monkeypatch):
    clock, pace = [100.0], Pace()
    monkeypatch.setattr("gateway.console.pace.time.monotonic", lambda: clock[0])
    assert [pace.wait("a", 2) for _ in range(3)] == [0.0, 0.0, 60.0]
    assert pace.wait("b", 2) == 0.0
    clock[0] += 60.0
    assert pace.wait("a", 2) == 0.0
    assert REQUESTS > STRANGERS
