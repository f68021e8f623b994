"""What is posted: signed by the county's own key, of these minutes, kept before it is answered, and once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import httpx
import pytest
from city_events import HOUR, NOW, alarm, sign

from gateway.city.intake import Intake
from gateway.city.posted import Posted, is_signed
from gateway.city.store import CityStore
from gateway.city.told import LONGEST
from gateway.errors import TransientFault
from gateway.settings.city import CityCounty
from gateway.settings.model import Credential
from gateway.signing import headers

A, B = "450203", "450204"
KEYS = {A: "a-made-up-key-of-32-bytes-or-more", B: "b-made-up-key-of-32-bytes-or-more"}
COUNTIES = {code: CityCounty(code, code, credential=Credential(sign_key=key)) for code, key in KEYS.items()}
COUNTIES["450205"] = CityCounty("450205", "450205", broker="mqtt://127.0.0.1")


@dataclass
class At:
    """A clock that stands."""

    at: float = NOW

    def now(self) -> float:
        return self.at


def posting(tmp_path, story):
    """Run a story with a browser-less client and the intake behind the receiver."""

    async def told():
        told_of = []
        intake = Intake(CityStore(tmp_path), At(), lambda: told_of.append(1))
        transport = httpx.ASGITransport(Posted(COUNTIES, intake).application())
        try:
            async with httpx.AsyncClient(transport=transport, base_url="http://city") as client:
                return await story(client, intake, told_of)
        finally:
            intake.store.close()

    return asyncio.run(told())


def post(client, body, county=A, key=None, now=NOW, **changed):
    sent = headers(key or KEYS[county], "an-id", body, now) | changed
    return client.post(f"/from/{county}", content=body, headers=sent)


def test_a_message_is_kept_and_answered_a_repetition_too_and_counts_once(tmp_path):
    async def story(client, intake, told_of):
        codes = [(await post(client, body)).status_code for body in (alarm(A, "a"), alarm(A, "a"), sign(A))]
        return codes, len(await intake.store.unresolved(A)), list(await intake.store.heard()), len(told_of)

    assert posting(tmp_path, story) == ([204, 204, 204], 1, [A], 1)


def test_who_shows_no_right_signature_is_refused_and_counted_and_nothing_is_kept(tmp_path):
    body = alarm(A, "a")

    async def story(client, intake, _):
        answers = [
            await post(client, body, key=KEYS[B]), await post(client, body, now=NOW - HOUR),
            await post(client, body, now=NOW + HOUR), await post(client, body, **{"webhook-id": "another"}),
            await post(client, body, **{"webhook-timestamp": "1e9"}),
            await post(client, body, **{"webhook-signature": ""}),
            await client.post(f"/from/{A}", content=body), await client.post("/from/450205", content=body),
            await client.post("/from/nobody", content=body), await client.get(f"/from/{A}"),
        ]  # fmt: skip
        return [one.status_code for one in answers], intake.refused_of(A), await intake.store.unresolved(A)

    assert posting(tmp_path, story) == ([401] * 7 + [404, 404, 405], {"unsigned": 7}, [])


def test_a_county_speaks_for_itself_alone(tmp_path):
    async def story(client, intake, _):
        answers = [
            await post(client, alarm(B, "a")),
            await post(client, b"{}"),
            await post(client, b" " * (LONGEST + 1)),
        ]
        kept = [await intake.store.unresolved(county) for county in (A, B)]
        return [one.status_code for one in answers], intake.refused_of(A), kept

    assert posting(tmp_path, story) == ([422, 422, 413], {"foreign": 1, "malformed": 1}, [[], []])


def test_what_cannot_be_kept_now_is_asked_for_later(tmp_path, monkeypatch):
    async def fails(*_):
        raise TransientFault("disk full")

    async def story(client, _, told_of):
        monkeypatch.setattr(CityStore, "keep", fails)
        return (await post(client, alarm(A, "a"))).status_code, told_of

    assert posting(tmp_path, story) == (503, [])


@pytest.mark.parametrize(("off", "known"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_minutes_are_five_either_way(off, known):
    assert is_signed(KEYS[A], headers(KEYS[A], "id", b"body", NOW + off), b"body", NOW) is known


def test_of_several_signatures_one_is_enough():
    sent = headers(KEYS[A], "id", b"body", NOW)
    sent["webhook-signature"] = f"v1,AAAA {sent['webhook-signature']}"
    assert is_signed(KEYS[A], sent, b"body", NOW)
