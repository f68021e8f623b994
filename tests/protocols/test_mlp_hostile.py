"""Answers that mean harm, or that were cut: a declared refusal and nothing else; nothing is fetched."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from met import must_meet
from mlp_answers import NOON, pd, pos, poserr, slia

from protocols.mlp import FAMILY
from protocols.mlp.encoding import LARGEST
from protocols.mlp.reading import Reading
from protocols.mlp.session import Session
from protocols.mlp.tree import MOST_DEPTH, MOST_ELEMENTS
from protocols.session import Frame, Refused

BOMB = "<!DOCTYPE a [" + "".join(
    f'<!ENTITY {name} "{of * 10}">' for name, of in (("a", "a"), ("b", "&a;"), ("c", "&b;"))
) + "]>"  # fmt: skip
EXTERNAL = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


def reasons(data):
    events = Session(Reading()).feed(data, NOON)
    assert all(isinstance(event, (Frame, Refused)) for event in events)
    return [event.reason for event in events if isinstance(event, Refused)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (slia(pos(pd(more="<n>&c;</n>")), head=BOMB), "mlp_entity"),
        (slia(pos(pd(more="<n>&x;</n>")), head=EXTERNAL), "mlp_entity"),
        (slia(head='<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]>'), "mlp_entity"),
        (slia(pos(pd(more="<n>&undeclared;</n>"))), "bad_xml"),
        (b"<a>" * (MOST_DEPTH + 1), "mlp_too_large"),
        (b"<a>" + b"<b/>" * MOST_ELEMENTS + b"</a>", "mlp_too_large"),
        (slia(pos(pd()) * 1001), "mlp_too_large"),
        (b" " * (LARGEST + 1), "mlp_too_large"),
        (b'<?xml version="1.0" encoding="ebcdic"?><a/>', "mlp_encoding"),
        (b'<?xml version="1.0" encoding="UTF-8"?><a>\xff</a>', "mlp_encoding"),
        (b'<?xml version="1.0" encoding="GB2312"?><a>\xff\xff</a>', "mlp_encoding"),
        (b"\xff\xfe<", "mlp_encoding"),
        (b"", "bad_xml"),
        (b"<svc_result/>", "mlp_not_an_answer"),
        (b"<html><body>502 Bad Gateway</body></html>", "mlp_not_an_answer"),
        (slia('<result resid="many"/>'), "mlp_result"),
        (b"\x00" * 100, "bad_xml"),
    ],
)  # fmt: skip
def test_each_harm_is_refused_under_its_reason(data, reason):
    assert reasons(data) == [reason]


def test_an_external_dtd_is_tolerated_and_never_fetched(monkeypatch):
    def refuse(*_given, **_named):
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    doctype = '<!DOCTYPE svc_result SYSTEM "http://127.0.0.1:9/MLP_SVC_RESULT_320.DTD">'
    assert reasons(slia(pos(pd()), head=doctype)) == []


@pytest.mark.parametrize("encoding", ["UTF-8", "GB2312"])
def test_an_answer_cut_at_any_byte_is_refused_as_a_whole(encoding):
    whole = slia(pos(pd()), pos(poserr(5)), encoding=encoding)
    assert reasons(whole) == []
    for length in range(len(whole)):
        assert reasons(whole[:length]) in (["bad_xml"], ["mlp_encoding"])


def test_every_refusal_counts_its_bytes():
    session = Session(Reading())
    session.feed(b"<a>", NOON)
    session.feed(b"<b>", NOON)
    assert session.discarded == {"bad_xml": 6}


@given(st.binary(max_size=400))
def test_any_bytes_are_a_refusal(data):
    assert len(reasons(data)) <= 1


@must_meet("frames", "refusals")
@given(st.data())
def test_any_change_to_an_answer_gives_reports_or_refusals(met, data):
    whole = bytearray(slia(pos(pd()), pos(poserr(5))))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    refused = reasons(bytes(whole))
    met["refusals"] += len(refused)
    met["frames"] += not refused
    FAMILY.describe([bytes(whole)], "wgs84-end")
