"""Parts of the city on one machine: who is killed and started again, how long it took, what is counted and shown."""

from __future__ import annotations

import asyncio
import json
import random
import re
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from gateway.clock import iso
from gateway.demo.city.chaos import TURNS, turns, victims
from gateway.demo.city.counting import MARGIN, counted, is_well, lines, table
from gateway.demo.city.screen import ZONE, CountyRow, draw
from gateway.demo.city.servers import Leaf, LetIn, cluster, written
from gateway.demo.city.settling import under_way
from gateway.demo.city.streams import Seen
from gateway.demo.city.supervised import Supervised
from gateway.demo.city.takeovers import Takeover, Takeovers
from gateway.demo.city.town import Town
from gateway.demo.tally import Expected, Platform
from gateway.forward.progress import Progress, note
from gateway.settings.model import Credential
from gateway.worker.looking import Line

ONE, OTHER = ("a", 0), ("b", 0)
SEEN = {ONE: Seen(("n1", "n2"), "pin", 5, 9), OTHER: Seen(("n3", "n3"), "other", 7, 7)}
OWNERS = {ONE: "w1", OTHER: "w2"}
AT = 1_793_630_000.0


def sos(device: str, onset: float) -> Expected:
    return Expected(device, "sos", "", onset, onset + 60.0)


def told(platform: Platform, identity: str, device: str, revision: int = 1) -> None:
    data = {"alarm": identity, "revision": revision, "device": device, "kind": "sos", "zone": None, "onset": iso(AT)}
    platform.receive(
        json.dumps(
            {"id": f"{identity}-{revision}", "data": {**data, "text": {"zh": identity, "en": identity}}}
        ).encode()
    )


def test_what_is_killed_is_started_again_until_it_is_to_end(tmp_path):
    async def scenario() -> list[str]:
        over, again = [], asyncio.Event()

        def ended(process):
            over.append(process.name)
            again.set()

        one = Supervised("cat", ["sleep", "60"], tmp_path / "logs" / "cat.log", ended, restart=0.0)
        await one.start()
        for _ in range(2):
            before = one.pid
            assert one.kill()
            await again.wait()
            again.clear()
            assert not one.kill()  # it is down: nobody else with its number is hit
            async with asyncio.timeout(30):
                while one.pid is None:  # noqa: ASYNC110  another task's
                    await asyncio.sleep(0)
            assert one.pid != before
        await one.end()
        assert one.pid is None
        return over

    assert asyncio.run(scenario()) == ["cat", "cat"]


def test_a_takeover_lasts_until_somebody_else_has_done_something():
    watch = Takeovers()
    watch.begin("w1", SEEN, OWNERS, 100.0)
    watch.begin("leaf-a", SEEN, OWNERS, 100.5)  # owns and leads nothing
    assert not watch.is_calm
    for seen in (SEEN[ONE]._replace(floor=8), SEEN[ONE]._replace(pin="new"), SEEN[ONE]._replace(pin="", floor=8)):
        assert watch.look({**SEEN, ONE: seen}, 101.0) == []
    assert watch.look({**SEEN, ONE: SEEN[ONE]._replace(pin="new", floor=6)}, 102.5) == [
        Takeover("w1", "worker", "a", 0, 2.5)
    ]
    assert watch.is_calm
    watch.begin("n2", SEEN, OWNERS, 200.0)
    assert watch.look({ONE: SEEN[ONE]._replace(floor=8)}, 201.0) == []
    assert watch.look({ONE: Seen(("n1", "n3"), "pin", 8, 9)}, 207.0)[0].seconds == 7.0
    assert [one.role for one in watch.done] == ["worker", "node"]


def test_chaos_goes_round_and_hits_whom_it_means():
    kinds = turns()
    assert tuple(next(kinds) for _ in range(2 * len(TURNS))) == TURNS * 2
    only, chance = {ONE: SEEN[ONE]}, random.Random(1)  # noqa: S311  a choice
    hit = {turn: victims(turn, only, OWNERS, chance) for turn in TURNS}
    assert hit == {
        "worker": ["w1"], "node": ["n1"], "both": ["w1", "n1"], "leaf": ["leaf-a"], "forward": ["forward-a"],
        "gateway": ["gateway-a"], "county": ["leaf-a", "forward-a", "gateway-a"],
    }  # fmt: skip
    assert victims("worker", only, {}, chance) == []


def test_the_count_blames_nobody_for_what_is_too_new_and_says_each_fault():
    platform = Platform()
    told(platform, "found", "B0001")
    told(platform, "extra", "B0009")
    expected = [sos("B0001", AT), sos("B0002", AT), sos("B0003", AT + MARGIN), sos("B0004", AT + 9 * MARGIN)]
    one = counted(expected, platform, AT + MARGIN)
    assert [each.device for each in one.missing] == ["B0002"]
    assert (one.expected, len(one.found), len(one.false)) == (2, 1, 1)
    told(platform, "found", "B0001")
    twice = counted(expected[:1], platform, AT + MARGIN)
    assert twice.doubled == ["found-1"]
    whole = Platform()
    for revision in (1, 2, 3):
        told(whole, "found", "B0001", revision)
    assert is_well({("a", "county"): counted(expected[:1], whole, AT)})
    whole.order.reverse()
    late = counted(expected[:1], whole, AT)
    assert late.disordered == ["found", "found"]
    assert not is_well({("a", "county"): late})
    assert not is_well({("a", "county"): one})
    assert not is_well({("a", "county"): twice})
    assert not is_well({("a", "county"): counted([], Platform(), AT)})


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("missing", "doubled", "down")), ("zh", ("漏报", "重复", "已停"))]
)
def test_the_screen_and_the_count_say_all_in_both_languages(language, words):
    console = Console(width=110, record=True, force_terminal=False)
    row = CountyRow("310101", AT, 600, 667, 12_345, 12_300, 7, 6, 8)
    line = Line("a", 0, 1, "w1", ("w2", "w3"), 4, AT, {})
    console.print(draw([row], [line], SEEN, {"w1": 4711, "n2": None}, ["it happened"], language))
    platform = Platform()
    told(platform, "extra", "B0009")
    counts = {("310101", "worker"): counted([sos("B0002", AT)], platform, AT + MARGIN)}
    console.print(table(counts, language))
    took = [Takeover("w1", "worker", "a", 0, 2.5), Takeover("w1", "worker", "a", 0, 3.5)]
    said = "\n".join(lines(counts, took, language, ZoneInfo(ZONE)))
    shown = console.export_text()
    for word in ("12,345", "667", "w2 w3", "4711", "it happened", *words):
        assert word in shown
    assert "B0002" in said
    assert re.search(r"3\.0.*3\.5", said)


def test_servers_are_on_loopback_each_county_has_its_own_permissions_and_a_leaf_keeps_nothing(tmp_path):
    nodes, let_in = cluster(tmp_path), LetIn(Credential("city", "1"), {"a": "2", "b": "3"}, 1)
    for node in nodes:
        path = written(node, node.text(nodes, let_in))
        text = path.read_text("utf-8")
        assert path.stat().st_mode & 0o077 == 0
        assert all(f"127.0.0.1:{node.cluster}" in text for node in nodes)
        assert not re.search(r"(?<!127\.0\.0\.1):\d{4,5}", text)
        users = re.findall(r'user: "(\w+)", password: "(\d)"(, permissions.*"alarm\.\w+\.county")?', text)
        assert [(user, password, bool(limits)) for user, password, limits in users] == [
            ("city", "1", False), ("a", "2", True), ("b", "3", True),
        ]  # fmt: skip
    said = Leaf("leaf-a", tmp_path / "leaf", Credential("a", "2")).text(nodes)
    assert "jetstream" not in said
    assert all(f"nats-leaf://a:2@127.0.0.1:{node.leaves}" in said for node in nodes)


def test_what_is_under_way_at_the_end_is_named(tmp_path):
    town = Town(tmp_path, 91, 60.0)
    assert [county.bracelets for county in town.counties] == [31, 30, 30]
    codes, places = [county.code for county in town.counties], [f"{county.code}/0" for county in town.counties]
    town.processes["w1"] = Supervised("w1", ["true"], tmp_path / "log")
    assert under_way(town) == ["w1", *codes, *places]
    town.processes.clear()
    town.streams.lines = [Line(code, 0, 1, "w1", (), 0, AT, {}) for code in codes]
    for county in town.counties:
        county.storage.mkdir(parents=True)
        note(county.storage, Progress(9, AT))
        county.status = {"owed": {"city": 0}, "forward": {"behind_entries": 0}, "applied_offset": 9}
    assert under_way(town) == []
    town.counties[0].status = {**town.counties[0].status, "owed": {"city": 1}}
    town.counties[1].status = {**town.counties[1].status, "applied_offset": 10}
    town.streams.lines = town.streams.lines[:2]
    assert under_way(town) == [*codes[:2], places[2]]
