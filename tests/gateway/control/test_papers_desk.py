"""Sheets by request: made by the gateway, told to whoever may see them, one change at a time, on disk before told."""

from __future__ import annotations

import asyncio
from contextlib import closing

import msgspec
import pytest
from made_episodes import episode
from timeline import at, county

from gateway.control.messages import Request
from gateway.control.offices import Offices
from gateway.control.papers import PaperDesk
from gateway.control.rights import Caller
from gateway.engine import compile_policy
from gateway.engine.episode import Change
from gateway.engine.ledger import Outcome
from gateway.engine.state import EngineState
from gateway.errors import GatewayFault, TransientFault, UserFault
from gateway.journal.controls import PaperAct, PaperLine
from gateway.papers.seen import Look
from gateway.settings.model import Role
from gateway.store.state_db import Beside, StateStore
from gateway.upstream.cloudevents import event_of
from gateway.words.phrases import spoken

NOW = at(1, 8)
SHIFT = PaperAct("", "begin", 1, "", form="hand_over", since=at(0, 21))


def caller(number="D01", role=Role.DUTY, within=None):
    return Caller(number, number.lower(), frozenset({role}), within or "", within)


class Inline:
    """A writer without a thread."""

    async def run(self, write, *arguments, **more):
        return write(*arguments, **more)


class Window:
    """The desk over a real store; what is entered is on disk at the next turn of the loop, unless it is held."""

    def __init__(self, store):
        self.store, self.held, self.entered = store, False, []
        policy = compile_policy(county())
        self.desk = PaperDesk(
            lambda: (EngineState(), policy, NOW),
            store,
            Inline(),
            Offices(lambda: policy),
            self.enter,
            self.episodes,
            patience=0.5,
            looks=self.looks,
        )

    def enter(self, act):
        self.entered.append(act)
        if not self.held:
            asyncio.get_running_loop().call_soon(self.commit, act)

    async def looks(self, since, until):
        return [Look("P0001", "D02", since + 1.0, "approved visit"), Look("P0002", "D02", until + 1.0, "later")]

    async def episodes(self, since):
        return self.store.episodes_since(since)

    def commit(self, act):
        self.store.commit([], [], len(self.entered), Beside(papers=[(NOW, act)]))
        self.desk.committed([act])

    async def ask(self, do, who=None, **said):
        return (await self.desk.answers()[do](Request(do, **said), who or caller())).data

    async def act(self, act, who=None):
        return (await self.ask("paper_act", who, paper=act))["paper"]


@pytest.fixture
def window(tmp_path):
    with closing(StateStore(tmp_path / "state.db")) as store:
        episodes = [
            episode(id="a" * 32), episode("comms_lost", id="b" * 32, person="P0002"),
            episode("sos", id="c" * 32, closed=at(0, 23), outcome="technical"),
        ]  # fmt: skip
        said = [Outcome(Change.RAISED, one, at(0, 22), (1, 0, 0.0, one.id, "")) for one in episodes]
        store.commit([event_of(one, "demo", "Asia/Shanghai") for one in said], [], 0)
        yield Window(store)


def refusal(fault: type[GatewayFault], story) -> str:
    with pytest.raises(fault) as refused:
        asyncio.run(story)
    return spoken(refused.value, "en")


def test_a_shift_is_handed_over_by_two_and_frozen(window):
    async def story():
        made = await window.act(SHIFT)
        added = PaperAct(made["id"], "add", 2, "somebody", lines=(PaperLine("own-1", "added", zh="钥匙在抽屉"),))
        await window.act(added)
        told = await window.ask("paper", id=made["id"])
        sign = PaperAct(made["id"], "sign", 3, "", digest=told["digest"])
        await window.act(sign)
        return made, await window.act(msgspec.structs.replace(sign, revision=4), caller("D02"))

    made, signed = asyncio.run(story())
    assert [(one["line"]["section"], one["line"]["person"]) for one in made["entries"]] == [
        ("unresolved", "P0001"), ("unresolved", "P0002"), ("done", "P0001"),
    ]  # fmt: skip
    assert (made["since"], made["until"], made["made"]) == (at(0, 21), NOW, {"by": "D01", "at": NOW})
    assert [one["by"] for one in signed["signatures"]] == ["D01", "D02"]
    assert signed["frozen"] == NOW
    assert [one.by for one in window.entered] == ["D01", "D01", "D01", "D02"]


def test_a_weekly_list_knows_who_looked_at_whose_track(window):
    made = asyncio.run(window.act(msgspec.structs.replace(SHIFT, form="weekly")))
    found = {one["line"]["person"]: one["line"]["section"] for one in made["entries"]}
    assert (found["P0001"], found["P0002"]) == ("track_seen", "track_unseen")


def test_two_changes_at_once_the_second_is_told_to_look_again(window):
    async def story():
        made = await window.act(SHIFT)
        acts = [PaperAct(made["id"], "tick", 2, "", key=one["line"]["key"]) for one in made["entries"][:2]]
        return await asyncio.gather(*(window.act(one) for one in acts), return_exceptions=True)

    first, second = asyncio.run(story())
    assert first["revision"] == 2
    assert "changed the sheet meanwhile" in spoken(second, "en")
    assert len(window.entered) == 2


def test_only_one_of_a_kind_is_open_and_each_office_has_its_own(window):
    async def story():
        first = await window.act(SHIFT)
        theirs = await window.act(SHIFT, caller("S01", Role.OFFICE, "SFS-01"))
        listed = await window.ask("papers", caller("S01", Role.OFFICE, "SFS-01"), kind="hand_over")
        assert [one["id"] for one in listed["papers"]] == [theirs["id"]]
        assert len((await window.ask("papers", kind="hand_over"))["papers"]) == 2
        with pytest.raises(UserFault, match="not your office's"):
            await window.ask("paper", caller("S01", Role.OFFICE, "SFS-01"), id=first["id"])
        await window.act(SHIFT)

    assert "not signed yet" in refusal(UserFault, story())


@pytest.mark.parametrize(
    ("act", "who", "words"),
    [
        (None, caller(), "nothing that can be done"),
        (PaperAct("p", "burn", 2, ""), caller(), "'burn' is nothing"),
        (PaperAct("p", "tick", 2, ""), caller(), "there is no sheet p"),
        (msgspec.structs.replace(SHIFT, form="poem"), caller(), "there are: hand_over"),
        (SHIFT, caller("A01", Role.AUDITOR), "made by one of: duty, leader, office"),
        (msgspec.structs.replace(SHIFT, since=NOW), caller(), "times do not fit"),
        (msgspec.structs.replace(SHIFT, until=NOW + 1), caller(), "times do not fit"),
        (msgspec.structs.replace(SHIFT, since=float("nan")), caller(), "times do not fit"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_journaled(window, act, who, words):
    assert words in refusal(UserFault, window.ask("paper_act", who, paper=act))
    assert window.entered == []


@pytest.mark.parametrize("person", ["Zhang San", "P0002"])
def test_a_line_names_registered_people_of_the_office_alone(window, person):
    async def story():
        office = caller("S01", Role.OFFICE, "SFS-02")
        made = await window.act(SHIFT, office)
        line = PaperLine("own-1", "added", person, zh="有事")
        await window.act(PaperAct(made["id"], "add", 2, "", lines=(line,)), office)

    assert "nobody is registered as" in refusal(UserFault, story())


def test_what_is_typed_holds_nothing_that_a_screen_obeys(window):
    async def story():
        made = await window.act(SHIFT)
        line = PaperLine("own-1", "added", zh="\x1b[2J钥匙", en="\x07the key")
        return await window.act(PaperAct(made["id"], "add", 2, "", lines=(line,)))

    assert asyncio.run(story())["entries"][-1]["line"]["zh"] == "[2J钥匙"


def test_the_next_one_goes_on_where_the_last_one_ended(window):
    async def story():
        made = await window.act(msgspec.structs.replace(SHIFT, until=NOW - 60))
        told = await window.ask("paper", id=made["id"])
        for number, revision in (("D01", 2), ("D02", 3)):
            await window.act(PaperAct(made["id"], "sign", revision, "", digest=told["digest"]), caller(number))
        return await window.act(msgspec.structs.replace(SHIFT, since=0.0))

    made = asyncio.run(story())
    assert (made["since"], made["until"]) == (NOW - 60, NOW)


def test_what_was_given_up_and_is_stored_after_all_is_nobody_elses_deed(window):
    async def story():
        made = await window.act(SHIFT)
        first, second = (PaperAct(made["id"], "tick", 2, "", key=one["line"]["key"]) for one in made["entries"][:2])
        window.held = True
        with pytest.raises(TransientFault):
            await window.act(first)
        later = asyncio.create_task(window.act(second))
        for _ in range(10):
            await asyncio.sleep(0)
        for act in window.entered[1:]:
            window.commit(act)
        with pytest.raises(UserFault) as refused:
            await later
        assert "changed the sheet meanwhile" in spoken(refused.value, "en")
        return await window.ask("paper", id=made["id"])

    ticked = [one.get("ticked") is not None for one in asyncio.run(story())["paper"]["entries"]]
    assert ticked == [True, False, False]


def test_a_store_that_fails_is_said_and_the_next_change_is_not_held_up(window):
    async def story():
        window.held = True
        with pytest.raises(TransientFault):
            await window.act(SHIFT)
        window.held = False
        return await window.act(SHIFT)

    assert asyncio.run(story())["revision"] == 1
