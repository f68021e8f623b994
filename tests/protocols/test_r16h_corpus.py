"""The captured sentence against the reference decoder; its closing ``$`` was cut by the capture."""

import json
from pathlib import Path

import pytest

from protocols.r16h import FAMILY
from protocols.session import Frame

CORPUS = Path(__file__).resolve().parents[2] / ".." / "shared" / "corpora" / "r16h.jsonl"


@pytest.fixture
def vectors():
    if not CORPUS.exists():
        pytest.skip("NOT CHECKED: the captured sentences are absent (r16h.jsonl beside the repository)")
    return [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]


def test_every_vector_agrees_with_the_reference(vectors):
    accounts = FAMILY.describe([bytes.fromhex(vector["hex"]) for vector in vectors], "standard")
    assert accounts
    for vector, account in zip(vectors, accounts, strict=True):
        assert account["error"] is None
        assert account["device"] in vector["traccar"]["ids"]
        assert account["reply"] is None
        assert vector["traccar"]["replies"] == []
        for ours, theirs in zip(account["reports"], vector["traccar"]["result"], strict=True):
            assert ours["time"] == theirs["deviceTime"]
            assert ours["located"] is (theirs["valid"] and not theirs["outdated"])
            assert ours["battery_percent"] == theirs["attrs"]["batteryLevel"]
            assert ("strap_cut" in ours["flags"]) is not theirs["attrs"]["strapLocked"]
            assert {(c["mcc"], c["mnc"], c["lac"], c["cid"], c["signal_raw"]) for c in ours["cells"]} == {
                (
                    tower["mobileCountryCode"], tower["mobileNetworkCode"], tower["locationAreaCode"],
                    tower["cellId"], tower["signalStrength"],
                )
                for tower in theirs["network"]["cellTowers"]
            }  # fmt: skip


def test_a_session_takes_each_as_a_frame_once_its_end_is_there(vectors):
    for vector in vectors:
        (event,) = FAMILY.session("standard").feed(bytes.fromhex(vector["hex"]) + b"$", 0.0)
        assert isinstance(event, Frame)
        assert event.identity in vector["traccar"]["ids"]
