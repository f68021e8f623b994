"""What a log server is sent is a message of RFC 5424, whatever it holds; and of an entry only what the table names."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_server_end import read, taken_apart

from gateway.journal.entries import EntryKind
from gateway.settings.model import Role, Staff
from gateway.upstream.syslog_message import Facility, Level, Message, Speaker, framed
from gateway.upstream.syslog_table import ENTRIES, codes_of, of_alarm, of_entry, of_trouble

DEVICES_OWN = {
    EntryKind.IMPORTED,
    EntryKind.FRAME,
    EntryKind.FRAGMENT,
    EntryKind.OPENED,
    EntryKind.CLOSED,
    EntryKind.TICK,
    EntryKind.ERASED,
}
"""What devices say, and the time: no deed of anybody."""


def speaker(**named) -> Speaker:
    return Speaker(32473, **({"host": "gateway.example", "version": "1.2", "process": 7} | named))


def message(**named) -> Message:
    whole = {
        "facility": Facility.AUDIT, "level": Level.NOTICE, "time": 1_793_628_995.25, "name": "ACT.close",
        "element": "entry", "facts": {"entry": 7},
    }  # fmt: skip
    return Message(**(whole | named))


def test_a_message_as_the_standard_writes_it():
    said = speaker().say(message(facts={"entry": 7, "by": "", "alarm": "f0"}, text="表带"))
    assert said == (
        b"<109>1 2026-11-02T14:16:35.250Z gateway.example bracelet-gateway 7 ACT.close"
        b' [origin software="bracelet-gateway" swVersion="1.2"][meta sequenceId="1"][entry@32473 entry="7" alarm="f0"]'
        b" \xef\xbb\xbf" + "表带".encode()
    )


@settings(max_examples=60)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_said_the_grammar_reads_it(host, name, value, text):
    whole = read(speaker(host=host).say(message(name=name, facts={"said": value}, text=text)))
    clean = "".join(" " if ord(sign) < 32 or ord(sign) == 127 else sign for sign in value)
    assert whole.fact("said") == clean
    assert whole.priority == 109


def test_messages_are_numbered_and_counted_on_a_stream():
    one = speaker()
    said = [one.say(message(text="一")) for _ in range(3)]
    whole, rest = taken_apart(b"".join(map(framed, said)) + b"12 ab")
    assert (whole, rest) == (said, b"12 ab")
    assert [read(each).data["meta"]["sequenceId"] for each in whole] == ["1", "2", "3"]


def test_every_kind_of_entry_is_either_told_or_a_devices_own():
    assert set(EntryKind) - DEVICES_OWN == set(ENTRIES)


def test_of_an_entry_no_free_text_no_person_and_no_place_is_told():
    told = {name for one in ENTRIES.values() for name in one.fields}
    assert told.isdisjoint({"note", "text", "values", "person", "document", "why_text", "home_m", "spans", "episode"})
    act = {"id": "a1", "do": "close", "alarm": "f0", "by": "D01", "note": "Nemo Nusquam, 24.33", "outcome": "false"}
    found = of_entry(EntryKind.ACT, 9, 1.0, json.dumps(act).encode(), {"D01"})
    assert (found.name, found.facility) == ("ACT.close", Facility.AUDIT)
    assert found.facts == {"entry": 9, "id": "a1", "do": "close", "alarm": "f0", "by": "D01", "outcome": "false"}


@pytest.mark.parametrize(
    ("kind", "field", "told"),
    [(EntryKind.ACT, "by", ""), (EntryKind.ACT, "to", ""), (EntryKind.AUDIT, "number", ""),
     (EntryKind.COMMAND, "confirmed_by", ""), (EntryKind.NOTICE, "by", "sms"), (EntryKind.RESULT, "by", "device")],
)  # fmt: skip
def test_who_is_no_code_of_the_staff_is_left_out_and_the_account_stays(kind, field, told):
    codes = codes_of({"D01": Staff("D01", "", frozenset({Role.DUTY}), "north")})
    for said in ("Nemo Nusquam", "D02", "D01", "north", told):
        facts = of_entry(kind, 9, 1.0, json.dumps({field: said, "account": "duty"}).encode(), codes).facts
        assert facts.get(field) == (said if said in {"D01", "north", told} else None)
        assert facts.get("account", "duty") == "duty"
    assert field not in of_entry(kind, 9, 1.0, json.dumps({field: "D01"}).encode()).facts


@pytest.mark.parametrize("payload", [b"", b"\xff", b"[1]", b'{"do": '])
def test_an_entry_that_cannot_be_read_is_told_all_the_same(payload):
    assert of_entry(EntryKind.ACT, 9, 1.0, payload).facts == {"entry": 9}


@pytest.mark.parametrize(
    ("severity", "level"), [("critical", 2), ("serious", 3), ("warning", 4), ("info", 6)]
)  # fmt: skip
def test_an_alarm_is_named_by_its_ids_and_its_kind(severity, level):
    data = {
        "alarm": "f0", "revision": 2, "kind": "strap_cut", "severity": severity, "device": "B0001", "rule": None,
        "person": "P0001", "zone_name": "cafe", "journal": {"first": 1, "last": 4, "entry": 5},
    }  # fmt: skip
    body = json.dumps(
        {"id": "f0.2", "type": "bracelet.alarm.raised", "time": "2026-11-02T14:16:35Z", "data": data}
    ).encode()
    found = read(speaker().say(of_alarm(body, "zh")))
    assert (found.priority, found.name, found.text) == (16 * 8 + level, "alarm.raised", "表带断开")
    assert (found.fact("entry"), found.fact("message")) == ("5", "f0.2")
    assert not {"P0001", "cafe"} & set(found.data["alarm@32473"].values())


def test_a_trouble_and_its_end_are_told():
    begun, over = of_trouble("journal", "disk full", 1.0), of_trouble("journal", "", 2.0)
    assert [(one.name, one.level, one.text) for one in (begun, over)] == [
        ("fault", Level.ERROR, "disk full"), ("fault.over", Level.NOTICE, ""),
    ]  # fmt: skip
