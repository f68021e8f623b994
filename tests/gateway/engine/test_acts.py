from __future__ import annotations

import msgspec
import pytest

from gateway.errors import PeerFault
from gateway.journal.controls import Act
from gateway.upstream.acts import MOST, SignedAct, _mac, check_meant, sign, verify


def sign_text(text, key):
    """Signed as the platform signs, whatever the text is."""
    return msgspec.json.encode(SignedAct(text, _mac(text, key)))


ACT = Act("a1", "close", "f" * 32, "officer 7", "technical", "strap replaced 换带")


def test_a_signed_act_comes_through_with_its_origin():
    assert verify(sign(ACT, "key"), "key", "upstream city") == Act(
        "a1", "close", "f" * 32, "officer 7", "technical", "strap replaced 换带", "upstream city"
    )


@pytest.mark.parametrize(
    ("payload", "key", "reason"),
    [
        (sign(ACT, "other"), "key", "act_unauthenticated"),
        (sign(ACT, ""), "", "act_unauthenticated"),
        (b"{}", "key", "act_malformed"),
        (b"\xff\x00", "key", "act_malformed"),
        (b"x" * (MOST + 1), "key", "act_too_long"),
        ('{"act": "{}", "signature": "签名"}'.encode(), "key", "act_unauthenticated"),
        (b'{"act": "\\ud800", "signature": "00"}', "key", "act_malformed"),
        (b'{"act": "{}", "signature": "\\udfff"}', "key", "act_malformed"),
        (b'{"act": ' + b"[" * 16_000, "key", "act_malformed"),
        (b'{"x": ' + b"[" * 8_000 + b"]" * 8_000 + b"}", "key", "act_malformed"),
        (sign_text('{"id": ' + "[" * 12_000, "key"), "key", "act_malformed"),
    ],
)
def test_anything_else_is_refused_under_a_reason(payload, key, reason):
    with pytest.raises(PeerFault) as caught:
        verify(payload, key, "upstream city")
    assert caught.value.reason == reason


def test_a_changed_act_no_longer_fits_its_signature():
    payload = sign(ACT, "key").replace(b"technical", b"confirmed")
    with pytest.raises(PeerFault, match="act_unauthenticated"):
        verify(payload, "key", "x")


@pytest.mark.parametrize(
    "change", [{"id": ""}, {"id": "  "}, {"id": "x" * 201}, {"by": ""}, {"by": "\x1b\t"}, {"by": "x" * 201}]
)
def test_an_act_without_an_id_or_an_officer_is_refused(change):
    with pytest.raises(PeerFault) as caught:
        verify(sign(msgspec.structs.replace(ACT, **change), "key"), "key", "x")
    assert caught.value.reason == "act_malformed"


def test_who_did_it_is_one_line_of_what_can_be_seen():
    act = msgspec.structs.replace(ACT, by="officer\x1b[2J\n\u202e7 ")
    assert verify(sign(act, "key"), "key", "x").by == "officer[2J 7"


NOW = 1_796_000_000.0
MEANT = msgspec.structs.replace(ACT, county="demo", time="2026-11-30T00:53:20Z")


@pytest.mark.parametrize(
    ("change", "later", "reason"),
    [
        ({}, 0.0, ""),
        ({"time": "2026-11-30T08:53:20+08:00"}, 600.0, ""),
        ({}, -120.0, ""),
        ({}, 601.0, "act_stale"),
        ({}, -121.0, "act_stale"),
        ({"county": "other"}, 0.0, "act_foreign"),
        ({"county": ""}, 0.0, "act_foreign"),
        ({"time": ""}, 0.0, "act_malformed"),
        ({"time": "now"}, 0.0, "act_malformed"),
        ({"time": "2026-11-30T00:53:20"}, 0.0, "act_malformed"),
    ],
)
def test_an_act_is_for_its_county_and_its_ten_minutes(change, later, reason):
    act = verify(sign(msgspec.structs.replace(MEANT, **change), "key"), "key", "x")
    if not reason:
        check_meant(act, "demo", NOW + later, 600.0)
        return
    with pytest.raises(PeerFault) as caught:
        check_meant(act, "demo", NOW + later, 600.0)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("said", "old", "new"),
    [
        ({"do": "attempt", "whom": "wearer", "result": "reached"}, "reached", "refused"),
        ({"do": "follow_up", "at": 1793630700.0, "expects": "home"}, "1793630700", "1793630701"),
        ({"do": "assign", "to": "D01"}, "D01", "D02"),
        ({"do": "close", "outcome": "confirmed", "verified_by": "visit"}, "visit", "phone"),
    ],
)
def test_the_signature_covers_all_that_an_act_says(said, old, new):
    payload = sign(msgspec.structs.replace(MEANT, **said), "key")
    assert verify(payload, "key", "x").do == said["do"]
    with pytest.raises(PeerFault, match="act_unauthenticated"):
        verify(payload.replace(old.encode(), new.encode()), "key", "x")


@pytest.mark.parametrize("at", ["1e999", "null", '"22:45"'])
def test_a_time_that_is_no_number_is_no_act(at):
    text = f'{{"id": "a1", "do": "follow_up", "alarm": "f", "by": "D01", "expects": "home", "at": {at}}}'
    with pytest.raises(PeerFault, match="act_malformed"):
        verify(sign_text(text, "key"), "key", "x")


def test_the_signature_covers_county_and_time():
    for old, new in (("demo", "omed"), ("2026", "2036")):
        with pytest.raises(PeerFault, match="act_unauthenticated"):
            verify(sign(MEANT, "key").replace(old.encode(), new.encode()), "key", "x")


def test_no_platform_speaks_for_an_account_of_this_server():
    assert verify(sign(msgspec.structs.replace(MEANT, account="root"), "key"), "key", "x").account == ""
