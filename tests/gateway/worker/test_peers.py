"""Who works, and for whom a partition is meant: by hash, so that who comes or goes moves only what is his."""

from __future__ import annotations

import pytest

from gateway.worker.peers import GONE_AFTER, NEAR, Peers
from gateway.worker.standing import Standing

PARTITIONS = [("450203", number) for number in range(40)]


def standing(county: str, number: int, offset: int = 0) -> Standing:
    return Standing(county, number, offset=offset, received=1.0)


def together(*names: str, now: float = 0.0) -> dict[str, Peers]:
    """Workers who have heard one another, and who all take all partitions."""
    all_of = {name: Peers(name) for name in names}
    words = [one.word([standing(*each) for each in PARTITIONS], 0.0) for one in all_of.values()]
    for one in all_of.values():
        one.hear(words, now)
    return all_of


def meant(peers: Peers, now: float = 1.0) -> list[str]:
    return [peers.meant_for(*each, now) for each in PARTITIONS]


def test_all_see_the_same_and_each_has_some():
    found = [meant(one) for one in together("w1", "w2", "w3").values()]
    assert found[0] == found[1] == found[2]
    assert min(found[0].count(name) for name in ("w1", "w2", "w3")) >= 5


def test_who_goes_leaves_only_what_was_his():
    before, after = meant(together("w1", "w2", "w3")["w1"]), meant(together("w1", "w2")["w1"])
    assert [new for old, new in zip(before, after, strict=True) if old != "w3"] == [
        old for old in before if old != "w3"
    ]
    assert "w3" not in after


def test_who_says_nothing_new_is_gone_whatever_his_clock_says():
    peers, other = Peers("w1"), Peers("w2")
    word = other.word([standing(*PARTITIONS[0])], 4_000_000_000.0)
    for now in (0.0, 5.0, GONE_AFTER):
        peers.hear([word], now)
    assert list(peers.there(GONE_AFTER - 0.1)) == ["w2"]
    assert list(peers.there(GONE_AFTER)) == []
    peers.hear([other.word([], -1.0)], GONE_AFTER)
    assert list(peers.there(GONE_AFTER)) == ["w2"]


def test_only_who_takes_a_partition_is_meant_for_it():
    peers, other = Peers("w1"), Peers("w2")
    peers.hear([other.word([standing(*PARTITIONS[3])], 0.0)], 0.0)
    assert {who for at, who in enumerate(meant(peers)) if at != 3} == {"w1"}


@pytest.mark.parametrize(
    ("behind", "waits", "gives"), [(0, True, True), (NEAR, True, True), (NEAR + 1, True, False), (0, False, False)]
)
def test_an_owner_gives_only_to_who_asks_and_can_go_on_at_once(behind, waits, gives):
    at = meant(together("w1", "w2")["w1"]).index("w2")
    peers, other = Peers("w1"), Peers("w2")
    one = standing(*PARTITIONS[at], offset=1_000_000 - behind)
    one.waits = waits
    peers.hear([other.word([one], 0.0)], 0.0)
    assert peers.should_give(*PARTITIONS[at], 1_000_000, 1.0) is gives


def test_what_is_meant_for_us_is_kept_and_rubbish_is_passed_over():
    peers = Peers("w1")
    peers.hear([b"", b"{", b'{"name":"w2"}', b"\xff"], 0.0)
    assert (dict(peers.there(0.0)), meant(peers)) == ({}, ["w1"] * 40)
    assert not peers.should_give(*PARTITIONS[0], 5, 0.0)
