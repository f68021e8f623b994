"""A worker's signs of life for a county: as the city reads them, and only where its first partition is ours."""

from __future__ import annotations

import asyncio

from gateway.city.told import Sign, taken
from gateway.worker.living import Living
from gateway.worker.peers import Peers
from gateway.worker.standing import Standing

NOW = 1_793_600_000.0


class Published:
    """Stands for a connection: what was published, by subject."""

    def __init__(self):
        self.found = {}

    async def publish(self, subject, body):
        self.found[subject] = body


def said(*standings: Standing, peers: Peers | None = None) -> dict:
    connection = Published()
    asyncio.run(Living(connection, peers or Peers("w1"), lambda: NOW).say(standings, 0.0))
    return connection.found


def read(body: bytes) -> Sign:
    return taken(body, "450203", NOW)


def test_the_city_reads_it_and_is_told_whether_all_are_judged():
    whole = said(Standing("450203", 0, is_owner=True), Standing("450203", 1, is_owner=True), Standing("450204", 0))
    assert list(whole) == ["life.450203.worker"]
    assert read(whole["life.450203.worker"]) == Sign("450203", "heartbeat", NOW, healthy=True)
    partly = said(Standing("450203", 0, is_owner=True), Standing("450203", 1))
    assert not read(partly["life.450203.worker"]).healthy


def test_who_owns_the_rest_is_believed():
    peers, other = Peers("w1"), Peers("w2")
    peers.hear([other.word([Standing("450203", 1, is_owner=True)], NOW)], 0.0)
    (body,) = said(Standing("450203", 0, is_owner=True), Standing("450203", 1), peers=peers).values()
    assert read(body).healthy


def test_who_does_not_own_the_first_one_says_nothing():
    assert said(Standing("450203", 0), Standing("450203", 1, is_owner=True)) == {}
