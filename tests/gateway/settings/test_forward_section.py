"""The journal's way to the city as it may be written, and what is said where it is not."""

from __future__ import annotations

import pytest
from small_county import Written

from gateway.settings.differences import AT_RESTART, differing
from gateway.settings.load import examine, load
from gateway.settings.model import Forward, Tls

LINE = "forward: {nats: 'tls://leaf.example:4222', domain: city, basis: order 9, partitions: 4, per_second: 500}\n"


def with_section(tmp_path, line):
    county = Written(tmp_path)
    county.texts["gateway.yaml"] += line
    return county


def test_it_is_read_with_its_secrets_apart_and_comes_into_force_at_a_start(tmp_path):
    before = load(Written(tmp_path).write())
    found = load(with_section(tmp_path, LINE.replace("basis", "credential: city, basis")).write())
    assert found.forward == Forward(
        "tls://leaf.example:4222", found.forward.credential, "order 9", 4, "city", Tls(), 500.0, hold=True
    )
    assert (found.forward.credential.username, found.forward.credential.act_key) == ("demo", "")
    assert set(differing(before, found)) == {"forward"} <= set(AT_RESTART)


@pytest.mark.parametrize(
    ("old", "new", "said", "chinese"),
    [
        ("basis: order 9, ", "", "basis", "basis"),
        ("partitions: 4", "partitions: 0", "0 is out of range", "0"),
        ("tls://leaf", "mqtt://leaf", "is not a NATS address", "不是 NATS 地址"),
        ("basis", "credential: nobody, basis", "no “nobody” in credentials.yaml", "没有“nobody”"),
        ("basis", "tls: {key: a.pem}, basis", "certificate and key belong together", "要一起写"),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(tmp_path, old, new, said, chinese):
    county = with_section(tmp_path, LINE.replace(old, new))
    for language, words in (("en", said), ("zh", chinese)):
        faults = [str(one) for one in examine(county.write(), language)[1]]
        assert len(faults) == 1, faults
        assert words in faults[0]
