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
from gateway.demo.broker import free_port
from gateway.demo.city.answers import Answers
from gateway.demo.city.chaos import TURNS, Blow, Chaos, blow
from gateway.demo.city.counting import MARGIN, counted, is_well, lines, table, within
from gateway.demo.city.screen import ZONE, CountyRow, draw
from gateway.demo.city.servers import Leaf, LetIn, cluster, written
from gateway.demo.city.settling import TICKS, under_way
from gateway.demo.city.streams import Seen
from gateway.demo.city.supervised import Supervised
from gateway.demo.city.takeovers import Takeover, Takeovers
from gateway.demo.city.town import Town
from gateway.demo.city.uplink import Uplink
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
        assert (one.pid, one.ends, one.kills) == (None, 2, 2)
        return over

    assert asyncio.run(scenario()) == ["cat", "cat"]


NODES = frozenset({"n1", "n2", "n3"})


def test_a_takeover_lasts_until_somebody_else_has_done_something():
    watch = Takeovers(NODES)
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


@pytest.mark.parametrize("order", [("w1", "n1"), ("n1", "w1")])
def test_a_worker_and_its_leader_at_once_count_as_the_leader(order):
    watch = Takeovers(NODES)
    for number, name in enumerate(order):
        watch.begin(name, {ONE: SEEN[ONE]}, OWNERS, 100.0 + number)
    assert watch.look({ONE: Seen(("n1", "n2"), "new", 8, 9)}, 102.0) == []  # an answer of before
    assert watch.look({ONE: Seen(("n3", ""), "new", 8, 9)}, 104.0) == []
    assert watch.look({ONE: Seen(("n3", "n2"), "new", 8, 9)}, 108.0) == [Takeover(order[0], "node", "a", 0, 8.0)]


def test_a_worker_counts_as_the_node_that_ends_with_him_whatever_it_led():
    watch = Takeovers(NODES)
    watch.begin("n3", {ONE: SEEN[ONE]}, OWNERS, 100.0)
    assert watch.is_calm
    watch.begin("w1", {ONE: SEEN[ONE]}, OWNERS, 101.0)
    (one,) = watch.look({ONE: SEEN[ONE]._replace(pin="new", floor=9)}, 109.0)
    assert (one.role, one.seconds) == ("node", 8.0)
    watch.begin("w1", {ONE: SEEN[ONE]}, OWNERS, 120.0)
    assert watch.look({ONE: SEEN[ONE]._replace(pin="new", floor=9)}, 121.0)[0].role == "worker"


def test_a_node_that_is_back_may_lead_again():
    watch = Takeovers(NODES)
    watch.begin("n1", {ONE: SEEN[ONE]}, OWNERS, 100.0)
    assert watch.look({ONE: SEEN[ONE]._replace(floor=5)}, 150.0) == []  # nothing was done since
    assert watch.look({ONE: SEEN[ONE]._replace(floor=6)}, 151.0) == [Takeover("n1", "node", "a", 0, 51.0)]


def test_without_a_majority_every_partition_stands_until_there_is_one_again():
    watch = Takeovers(NODES)
    for number, name in enumerate(("w1", "w2", "n3", "n2")):
        watch.begin(name, SEEN, OWNERS, 100.0 + number / 10)
    moved = {which: one._replace(floor=9) for which, one in SEEN.items()}
    assert watch.look(moved, 102.0) == []  # an answer of before
    assert [one.role for one in watch.look(moved, 112.0)] == ["cluster", "cluster"]
    watch.begin("n3", SEEN, OWNERS, 120.0)  # long after the others: the rest is a majority
    assert watch.look({OTHER: Seen(("n1", "n2"), "pin", 9, 9)}, 129.0)[0].role == "node"


def test_a_blow_hits_whom_it_means():
    only, chance = {ONE: SEEN[ONE]}, random.Random(1)  # noqa: S311  a choice
    names = ["n1", "n2", "leaf-a", "gateway-a", "w1", "w2", "forward-a", "bracelets-a"]
    assert {turn: blow(turn, only, OWNERS, names, chance) for turn in TURNS} == {
        "worker": Blow(["w1"]), "node": Blow(["n1"]), "both": Blow(["w1", "n1"]), "leaf": Blow(["leaf-a"]),
        "uplink": Blow(county="a"), "forward": Blow(["forward-a"]), "gateway": Blow(["gateway-a"]),
        "county": Blow(["leaf-a", "forward-a", "gateway-a"]), "city": Blow(["n1", "n2", "w1", "w2"]),
    }  # fmt: skip
    assert not blow("worker", only, {}, names, chance).names


def test_blows_are_dealt_one_after_the_other_each_in_calm(tmp_path):
    town = Town(tmp_path, 91, 60.0)
    which = ("310101", 0)
    town.streams.seen = {which: SEEN[ONE]}
    town.streams.lines = [Line("310101", 0, 1, "w1", (), 0, AT, {})]
    for name in ("w1", "n1"):
        town.processes[name] = Supervised(name, ["true"], tmp_path / "log")
    said, asked, cuts = [], [], []

    def is_calm() -> bool:
        asked.append(len(said))
        cuts.append(town.uplinks["310101"].is_cut)
        return True

    chaos = Chaos(town, is_calm, said.append, iter(["worker", "both", "uplink", "uplink"]), cuts=(0.0,), gap=0.0)
    asyncio.run(chaos.run())
    assert [text.en for text in said] == [
        "killed by the demo (kill -9): w1", "killed by the demo (kill -9): w1 n1",
        "the line of 310101 is cut for 0 s", "nothing passes on the line of 310101 for 0 s, and neither end is told",
    ]  # fmt: skip
    assert asked == [0, 1, 2, 3, 4]
    assert cuts == [False] * 5  # mended before the next
    assert chaos.dealt == {"worker": 1, "both": 1, "uplink": 2}


@pytest.mark.parametrize("silently", [False, True])
def test_a_line_that_is_cut_passes_nothing_until_it_is_mended(silently):
    async def scenario() -> None:
        async def echo(reader, writer):
            while piece := await reader.read(100):
                writer.write(piece)
            writer.close()

        port = free_port()
        server = await asyncio.start_server(echo, "127.0.0.1", port)
        line = Uplink([port])
        await line.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", line.ports[0])
        writer.write(b"one")
        assert await reader.read(100) == b"one"
        line.cut(silently=silently)
        writer.write(b"two")
        if silently:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(reader.read(100), 0.05)
        else:
            with pytest.raises(ConnectionResetError):
                await reader.read(100)
            reader, writer = await asyncio.open_connection("127.0.0.1", line.ports[0])
            writer.write(b"two")  # it is taken, and goes nowhere yet
        line.mend()
        async with asyncio.timeout(30):
            assert await reader.read(100) == b"two"
        writer.close()
        await line.close()
        server.close()

    asyncio.run(scenario())


def test_answers_are_counted_through_all_lives_of_a_gateway():
    answers = Answers()
    assert answers.within(0.5) == float("inf")
    answers.look("a", {"0.1": 4, "1.0": 4, "+Inf": 4})
    answers.look("a", {"0.1": 6, "1.0": 8, "+Inf": 8})
    answers.look("b", {"0.1": 1, "1.0": 1, "+Inf": 2})
    answers.look("a", {"0.1": 2, "1.0": 2, "+Inf": 2})  # it was killed and began anew
    assert (answers.total, answers.up_to["0.1"], answers.up_to["1.0"]) == (12, 9, 11)
    assert [answers.within(share) for share in (0.7, 0.9, 1.0)] == [0.1, 1.0, float("inf")]


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
    assert [within([3.0, 1.0, 2.0], share) for share in (0.3, 0.5, 0.95)] == [1.0, 2.0, 3.0]
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
    said = Leaf("leaf-a", tmp_path / "leaf", [node.leaves for node in nodes], Credential("a", "2")).text()
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
    town.counties[1].status = {**town.counties[1].status, "applied_offset": 9 + TICKS + 1}
    town.counties[2].status = {**town.counties[2].status, "applied_offset": 9 + TICKS}
    town.streams.lines = town.streams.lines[:2]
    assert under_way(town) == [*codes[:2], places[2]]
