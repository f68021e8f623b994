"""Access points as text, read all at once: held to a reading of each text by itself."""

import re

import numpy as np
import pytest
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet

from protocols.jt808.heard import wifi_in
from protocols.jt808.heard_text import WifiTextItem
from protocols.jt808.readers import Collected
from protocols.lists import Items
from protocols.report import blank

READER = WifiTextItem(id=0xB9, kind="wifi_text")
POINT = re.compile(rb"((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}),(-?[0-9]{1,3})(?:,|\Z)")


def one_by_one(data):
    """(address, level) of each access point; none where the text is not whole."""
    found = list(POINT.finditer(data, 1))
    if not data or data[0] != len(found) or sum(len(each[0]) for each in found) != len(data) - 1:
        return []
    points = [(int(each[1].replace(b":", b""), 16), abs(int(each[2])) & 0x7F) for each in found]
    return [(bssid, -level) for bssid, level in points if bssid and not bssid >> 40 & 1]


def whole(data):
    found = list(POINT.finditer(data, 1))
    return bool(found) and data[0] == len(found) and sum(len(each[0]) for each in found) == len(data) - 1


def all_at_once(texts):
    """Whether each is taken, and what each gives."""
    size = np.array([len(text) for text in texts], np.int64)
    start = np.cumsum(size) - size
    owner = np.arange(len(texts))
    collected = Collected(blank(len(texts)))
    buffer = np.frombuffer(b"".join(texts), np.uint8)
    taken = READER.collect(Items.of(buffer, owner, owner * 0 + 0xB9, start, size), collected)
    wifi = wifi_in(collected.wifi)
    pairs = list(zip(wifi.bssid.tolist(), wifi.rssi_dbm.tolist(), strict=True))
    return taken.tolist(), [
        [pair for at, pair in zip(wifi.report.tolist(), pairs, strict=True) if at == each] for each in owner
    ]


def text(*points, count=None, behind=b""):
    return bytes([len(points) if count is None else count]) + b",".join(points) + behind


A, B = b"0a:0b:0c:0d:0e:0f,-71", b"02:AB:cd:EF:00:11,5"
SHAPES = [
    text(), b"", text(A), text(A, B), text(B, A, A, A, A), text(A, behind=b","), text(A, B, behind=b",,"),
    text(A, count=2), text(A, B, count=1), text(b"0a:0b:0c:0d:0e:0f,"), text(b"0a:0b:0c:0d:0e:0f,-"), text(b","),
    text(b"0a:0b:0c:0d:0e:0f,-1000"), text(b"0a:0b:0c:0d:0e:0f,100"), text(b"0a:0b:0c:0d:0e:0f,--1"),
    text(b"0a:0b:0c:0d:0e,-71"), text(b"0a:0b:0c:0d:0e:0g,-71"), text(b"0a-0b-0c-0d-0e-0f,-71"),
    text(b"0:a0b:0c:0d:0e:0ff,-71"), text(b"0a:0b:0c:0d:0e:0f;-71"), text(b"0a:0b:0c:0d:0e:0f,-7\n"), b"\1a,b", b"\1,",
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(SHAPES),
    st.binary(max_size=30),
    st.tuples(st.sampled_from(SHAPES), st.integers(0, 60), st.sampled_from(b",-:0fFg\n\xff")).map(
        lambda each: each[0][: each[1]] + bytes([each[2]]) + each[0][each[1] + 1 :]
    ),
)


@pytest.mark.parametrize("data", SHAPES)
def test_a_text_by_itself(data):
    assert all_at_once([data]) == ([whole(data)], [one_by_one(data)])


@must_meet("whole", "not whole", "both side by side")
@settings(max_examples=examples(300))
@given(st.lists(TEXTS, min_size=1, max_size=6))
@example([text(A), b"", text(B, A)])
def test_many_texts_are_read_as_each_alone(met, texts):
    assert all_at_once(texts) == ([whole(data) for data in texts], [one_by_one(data) for data in texts])
    wholes = sum(map(whole, texts))
    met["whole"] += wholes
    met["not whole"] += len(texts) - wholes
    met["both side by side"] += 0 < wholes < len(texts)
