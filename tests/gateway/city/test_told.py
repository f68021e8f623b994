"""What a county tells, read: alarms without their places, signs of life by their age, and what is refused."""

from __future__ import annotations

import json

import msgspec
import pytest
from city_events import DAY, HOUR, NOW, alarm, sign
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from met import must_meet

from gateway.city.told import LONGEST, Alarm, Sign, taken
from gateway.engine.act_lines import ActLine
from gateway.engine.episode import Change, Note
from gateway.errors import PeerFault
from gateway.upstream import life


def changed(body: bytes, **data: object) -> bytes:
    event = json.loads(body)
    top = {name: data.pop(name) for name in tuple(data) if name in event and name != "data"}
    return json.dumps(event | top | {"data": event["data"] | data}).encode()


def test_of_an_alarm_is_kept_how_it_stands_and_no_place_text_or_note():
    acts = [ActLine(NOW + 60, "D01", "attempt", 2, whom="wearer", result="no_answer", note="在网吧4号门口")]
    body = alarm(
        "450203", "a", Change.ACKNOWLEDGED, revision=3, acts=acts, acknowledged=NOW + 90, owner="D01",
        notes=[Note(NOW, "D01", "109.4107,24.3312")],
    )  # fmt: skip
    found = taken(body, "450203", NOW)
    assert isinstance(found, Alarm)
    assert (found.county, found.id, found.revision, found.kind) == ("450203", f"{'a':0<32}", 3, "curfew_late")
    assert (found.person, found.office, found.onset, found.acknowledged) == ("P0001", "SFS-01", NOW, NOW + 90)
    assert (found.is_taken, found.resolved, found.retracted, found.closed) == (True, False, False, None)
    act = {"at": NOW + 60, "by": "D01", "do": "attempt", "whom": "wearer", "result": "no_answer"}
    assert found.acts == [act]
    kept = msgspec.json.encode(found).decode()
    for place in ("24.33", "109.41", "网吧", "1874", "门口", "text"):
        assert place in body.decode()
        assert place not in kept


@pytest.mark.parametrize(
    ("change", "known", "over"),
    [
        (Change.RAISED, {}, None),
        (Change.CLEARED, {"ended": NOW + 60}, None),
        (Change.CLEARED, {"kind": "battery_low", "ended": NOW + 60}, NOW + 60),
        (Change.CLEARED, {"kind": "battery_low", "ended": NOW + 60, "disputed": NOW + 70}, None),
        (Change.CLOSED, {"closed": NOW + 90, "outcome": "false"}, NOW + 90),
        (Change.RETRACTED, {"decided": NOW + HOUR}, NOW + HOUR),
        (Change.DISPUTED, {"disputed": NOW + DAY}, None),
    ],
)  # fmt: skip
def test_who_still_has_to_look_at_it_is_as_the_county_has_it(change, known, over):
    found = taken(alarm("450203", "a", change, **known), "450203", NOW)
    assert isinstance(found, Alarm)
    assert (found.over, found.resolved) == (over, over is not None)


def test_a_test_a_place_and_what_is_not_known_yet_are_passed_over():
    assert taken(alarm("450203", "a", kind="test"), "450203", NOW) is None
    for kind in ("bracelet.telemetry.positions", "bracelet.gateway.fence", "bracelet.news.of.tomorrow"):
        assert taken(changed(sign("450203"), type=kind), "450203", NOW) is None
    assert taken(changed(alarm("450203", "a"), tomorrow=[1]), "450203", NOW) is not None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (alarm("450204", "a"), "another county"),
        (sign("450204"), "another county"),
        (changed(alarm("450203", "a"), id="0" * 32 + ".1"), "id"),
        (changed(alarm("450203", "a"), revision=0), "revision"),
        (changed(alarm("450203", "a"), alarm="A" * 32), "alarm"),
        (changed(alarm("450203", "a"), severity="deadly"), "severity"),
        (changed(alarm("450203", "a"), onset="2026-11-01T11:00:00"), "onset"),
        (changed(alarm("450203", "a"), onset=None), "onset"),
        (changed(alarm("450203", "a"), person="P" * 65), "person"),
        (changed(alarm("450203", "a"), acts=[{"do": "close"}]), "acts"),
        (changed(alarm("450203", "a"), specversion="2.0"), "specversion"),
        (b"", "no message"),
        (b"\xff{", "no message"),
        (b"[" * 100_000, "no message"),
        (b"[]", "no message"),
        (b'{"specversion":"1.0","id":"1","source":"/bracelet/450203","type":"bracelet.alarm.raised","data":'
         + b"[" * 100_000 + b"}", "no message"),
        (b'{"specversion":"1.0"}', "no message"),
        (b" " * (LONGEST + 1), "bytes"),
    ],
    ids=range(18),
)  # fmt: skip
def test_what_is_no_such_message_is_refused_and_repeats_no_value(body, said):
    with pytest.raises(PeerFault, match=said) as refused:
        taken(body, "450203", NOW)
    assert not any(value in str(refused.value) for value in ("P0001", "deadly", "2026", "450204"))


def test_a_sign_of_life_is_as_old_as_it_says_only_where_no_clock_explains_it():
    assert taken(sign("450203", now=NOW - 200), "450203", NOW) == Sign("450203", "heartbeat", NOW, healthy=True)
    assert taken(sign("450203", now=NOW + 200), "450203", NOW) == Sign("450203", "heartbeat", NOW, healthy=True)
    kept = taken(sign("450203", now=NOW - HOUR, healthy=False), "450203", NOW)
    assert kept == Sign("450203", "heartbeat", NOW - HOUR, healthy=False)
    assert taken(sign("450203", life.Sign.STOPPED), "450203", NOW) == Sign("450203", "stopped", NOW, healthy=True)
    # Where a server has stored it the county's clock says nothing: it may be an hour off.
    for wrong in (-HOUR, 0.0, HOUR):
        told = sign("450203", now=NOW + wrong)
        assert taken(told, "450203", NOW, NOW - 2.0) == Sign("450203", "heartbeat", NOW, healthy=True)
        assert taken(told, "450203", NOW, NOW - HOUR) == Sign("450203", "heartbeat", NOW - HOUR, healthy=True)
    assert taken(sign("450203", life.Sign.LOST), "450203", NOW) == Sign("450203", "lost", None, healthy=True)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3), max_leaves=6,
)  # fmt: skip
ACTS = [ActLine(NOW, "D01", "note", 2, note="x")]
ANY = [alarm("450203", "a", acts=ACTS), sign("450203"), alarm("450203", "b", kind="test")]


@must_meet("malformed", "passed over", "Alarm", "Sign")
@settings(max_examples=examples(150), deadline=None)
@given(body=st.sampled_from(ANY), where=st.sampled_from(["", "data"]), drawn=st.data())
def test_whatever_comes_is_read_refused_or_passed_over_and_is_no_bug(body, where, drawn, met):
    event = json.loads(body)
    part = event[where] if where else event
    name = drawn.draw(st.sampled_from(sorted(part)))
    part[name] = drawn.draw(st.just(part[name]) | JUNK)
    cut = json.dumps(event).encode()
    cut = cut[: drawn.draw(st.sampled_from([len(cut), len(cut) // 2]))]
    try:
        found = taken(cut, "450203", NOW)
    except PeerFault as refused:
        met[refused.reason] += 1
    else:
        met["passed over" if found is None else type(found).__name__] += 1
