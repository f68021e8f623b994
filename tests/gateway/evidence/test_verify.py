"""An evidence file proves itself: whatever bit of it is another, it is found, and where it stands is said."""

from __future__ import annotations

import copy
import hashlib
import html
import json
import re
from xml.etree import ElementTree as ET

import pytest
from effort import examples
from evidence_made import ACT, BEGIN, ERASED, MIXED, OTHER, journaled, made
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.evidence import verify
from gateway.evidence.entries import chain_of
from gateway.evidence.sealed import file_of, sealed
from gateway.evidence.verify import NotEvidence, faults, page, sm3

VECTORS = {
    b"abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    b"abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
}
"""GB/T 32905-2016, annex A."""


@pytest.fixture(scope="module")
def journal(tmp_path_factory):
    return journaled(tmp_path_factory.mktemp("evidence"))


@pytest.fixture(scope="module")
def data(journal):
    return made(journal)


@pytest.fixture(scope="module")
def files(data):
    return {archive: file_of(data, archive=archive) for archive in (False, True)}


def places(blob, *more) -> list[str]:
    try:
        return [fault.place for fault in faults(blob, *more)]
    except NotEvidence as fault:
        return [fault.fault.place]


@pytest.mark.parametrize("archive", [False, True])
def test_what_was_made_holds_and_is_made_the_same_again(journal, files, archive):
    assert faults(files[archive]) == []
    assert file_of(made(journal), archive=archive) == files[archive]


@given(data=st.data())
@settings(max_examples=examples(400), deadline=None)
@pytest.mark.parametrize("archive", [False, True])
def test_a_bit_that_is_another_is_found_wherever_it_stands(files, archive, data):
    blob = bytearray(files[archive])
    at = data.draw(st.integers(0, 8 * len(blob) - 1))
    blob[at // 8] ^= 1 << at % 8
    found = places(bytes(blob))
    assert found
    assert all(found)


@pytest.mark.parametrize("wanted", ["payload", "salt", "received", "before", "whole", "svg", "error", "leaf"])
def test_every_bit_of_a_value_counts_and_its_part_is_named(files, wanted):
    text = files[False]
    begin = text.rindex(b'"' + wanted.encode() + b'"')
    named = set()
    for at in range(8 * begin, 8 * (begin + 40)):
        blob = bytearray(text)
        blob[at // 8] ^= 1 << at % 8
        named |= set(found := places(bytes(blob)))
        assert found, at
    part = {"payload": "entry", "salt": "entry", "received": "entry", "before": "chain"}
    part |= {"whole": "sums", "svg": "pictures map", "error": "tables track", "leaf": f"entry {MIXED}"}
    assert any(each.startswith(part[wanted]) for each in named), named


@pytest.mark.parametrize("cut", [0, 1, 40, 5000, -1, -30])
@pytest.mark.parametrize("archive", [False, True])
def test_a_file_that_is_cut_or_has_something_behind_it_is_refused(files, archive, cut):
    assert places(files[archive][:cut])
    assert places(files[archive] + b" ")


FORGERIES = {
    "another payload": lambda one: one["entries"][2].update(payload=b"B0001 11".hex()),
    "another time": lambda one: one["entries"][2].update(received=BEGIN + 11.5),
    "another device": lambda one: one["entries"][2].update(origin='{"device":"B0009","listener":"tcp"}'),
    "another place in the log": lambda one: one["entries"][2].update(offset=4),
    "one shown as erased": lambda one: one["entries"][2].update(leaf="00" * 32, why="erased", said=""),
    "a root of its own": lambda one: one["chain"][0]["rows"][1].__setitem__(1, "00" * 32),
    "an act that nobody did": lambda one: one["tables"][0]["rows"].append([0, "D01", "x"]),
    "an act of somebody else": lambda one: one["tables"][0]["rows"][0].__setitem__(1, "D02"),
    "a note that was not written": lambda one: one["tables"][0]["rows"][0].__setitem__(2, "在家"),
    "a line of an entry that is not shown": lambda one: one["tables"][0]["rows"][0].__setitem__(0, ERASED),
    "something beside it": lambda one: one.update(more="x"),
}


@pytest.mark.parametrize("change", FORGERIES.values(), ids=FORGERIES)
def test_what_is_forged_with_all_digests_made_anew_does_not_stand_under_the_chain(data, change):
    forged = copy.deepcopy(data)
    change(forged)
    assert places(file_of(sealed(forged), archive=False))


def test_what_is_seen_is_made_of_what_is_checked(data, files):
    seen, kept = files[False].decode().split(verify.OPEN)
    assert "看病 &lt;hospital&gt;" in seen
    for entry in [each for each in data["entries"] if "leaf" not in each]:
        payload = bytes.fromhex(entry["payload"])
        assert (payload.hex() if entry["kind"] in verify.RAW else html.escape(payload.decode())) in seen
    assert seen.count("<svg") == 1
    other = seen.replace("±12 m", "±2 m")
    assert any("track" in place for place in places((other + verify.OPEN + kept).encode()))
    for word in (b"http:", b"src=", b"href", b"@import", b"url("):
        assert word not in files[False].replace(b"http://www.w3.org/2000/svg", b""), "nothing from outside"
    ET.fromstring(re.search(r"<svg.*?</svg>", seen)[0])  # noqa: S314  our own


def test_nobody_elses_entries_are_in_it(files, data):
    assert OTHER.encode().hex() not in files[False].decode()
    assert OTHER not in files[False].decode()
    hidden = {entry["offset"]: entry["why"] for entry in data["entries"] if "leaf" in entry}
    assert hidden == {ERASED: "erased", MIXED: "withheld"}
    assert "D09: term over" in files[False].decode()


def test_a_head_that_was_told_upstream_is_compared(journal, files):
    """The rows behind an entry are there up to the time of making, so that a heartbeat soon after it can be held on."""
    told = verify.ends_of(json.loads(page_data(files[False])))
    assert set(told) == {0, 2, 6, 12, 13, 16, 17}
    assert not faults(files[False], [f"{at}:{chain}" for at, chain in told.items()])
    assert places(files[False], [f"13:{'0' * 64}"]) == [f"--head 13:{'0' * 64}"]
    for nothing in ("14:" + told[13], str(journal.head), "x", ""):
        assert places(files[False], [nothing]) == [f"--head {nothing}"]


def test_a_day_that_was_written_anew_does_not_have_the_head_that_was_told(journal, files, tmp_path):
    """With a chain that holds, all digests and the same offsets: alone it is sound, and upstream they know better."""
    other = file_of(made(journaled(tmp_path, "在家"), note="在家"), archive=False)
    assert not faults(other)
    told = verify.ends_of(json.loads(page_data(files[False])))
    assert not faults(other, [f"12:{told[12]}"]), "up to there nothing was touched"
    assert places(other, [f"13:{told[13]}"]) == [f"--head 13:{told[13]}"]
    assert journal.next_offset == 19


def page_data(blob: bytes) -> str:
    return blob.decode().split(verify.OPEN)[1].split(verify.CLOSE)[0]


def test_the_head_of_a_journal_ends_an_evidence_that_goes_up_to_it(tmp_path):
    journal = journaled(tmp_path)
    ends = verify.ends_of({"chain": [{"first": 17, **part_of(journal)}]})
    assert ends[19] == journal.head.chain.hex()
    assert str(journal.head) == f"19:{journal.head.chain.hex()}"


def part_of(journal):
    (one,) = chain_of(journal, [18], BEGIN + 9000.0)
    return {"before": one["before"], "rows": one["rows"]}


def test_a_digest_that_was_handed_over_apart_is_compared(data, files):
    whole = data["sums"]["whole"]
    assert not faults(files[False], (), whole.upper())
    assert places(files[False], (), "0" * 64) == ["--digest"]


@pytest.mark.parametrize(("octets", "digest"), VECTORS.items())
def test_sm3_is_that_of_the_standard(octets, digest):
    assert sm3(octets) == digest
    assert verify.digest_of("sm3", octets) == digest


@pytest.mark.skipif(
    "sm3" not in hashlib.algorithms_available, reason="NOT COMPARED with OpenSSL's SM3: it has none here"
)
@given(octets=st.binary(max_size=300))
@settings(max_examples=examples(60), deadline=None)
def test_our_own_sm3_is_openssls(octets):
    assert sm3(octets) == hashlib.new("sm3", octets).hexdigest()


def test_an_evidence_under_sm3_is_checked_where_hashlib_has_none(journal, monkeypatch):
    blob = file_of(made(journal, "sm3"), archive=False)

    def without(name, octets):
        if name == "sm3":
            raise ValueError(name)
        return hashlib.sha256(octets)

    monkeypatch.setattr(verify.hashlib, "new", without)
    assert not faults(blob)
    assert "tables track" in places(blob.replace("±12".encode(), "±13".encode()))
    with pytest.raises(ValueError, match="md5"):
        verify.digest_of("md5", b"")


def test_each_entry_is_shown_as_what_it_is(data):
    said = page(data)
    assert "2026-09-21T22:13:20.000+08:00" in said
    assert f"<tr><td>{ACT}</td>" in said
    assert "gateway started" in said
    assert "&quot;engine&quot;:9" in said
