"""The sender: what is owed goes out at least once whatever happens, and what came of it goes into the journal."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field

import msgspec
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from met import must_meet
from timeline import county

from gateway.engine import WEARER, About, Notice, NoticeRecord, NoticeState
from gateway.engine.episode import Episode
from gateway.engine.notice import OPEN, Ladder
from gateway.engine.records import Command, CommandRecord, End
from gateway.engine.state import EngineState
from gateway.in_force import InForce
from gateway.journal.controls import Act, NoticeTold
from gateway.journal.entries import EntryKind
from gateway.notices.sender import NO_NUMBER, NoticeSender
from gateway.notices.sending import LASTS
from gateway.notices.wearer import order_of
from gateway.settings.alarm_policy import Duty, Modem, Notices
from gateway.settings.contacts import Contact, Contacts
from gateway.sms.answer import Answer, Given
from gateway.sms.incoming import Incoming, Report
from gateway.store.state_db import Beside, StateStore

CONTACTS = Contacts(
    {"P0001": Contact(phone="13800000009")}, {"D01": Contact(phone="+8613800000001"), "D02": Contact(phone="138")}
)
ABOUT = About("curfew_late", "serious", "P0001", "B0001", "SFS-01", 1.0, facts={"from": 1.0})
CONFIGURATION = county(notices=Notices(Modem("/dev/null", 9600)), duty=(Duty("night", ("D01",)),))


class Crash(Exception):
    """The machine is gone."""


@dataclass
class Made:
    """What intake is to the sender: its clock, its counts, and entries that wait."""

    time: float = 1000.0
    counts: Counter = field(default_factory=Counter)
    entries: list[tuple[EntryKind, bytes]] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    steady = now

    def control(self, kind: EntryKind, payload: bytes) -> None:
        self.entries.append((kind, payload))


class Writer:
    async def run(self, write, *args):
        return write(*args)


@dataclass
class Network:
    """Takes what it is given, or answers as it is told to."""

    answers: list[Answer] = field(default_factory=list)
    took: list[tuple[str, str]] = field(default_factory=list)
    trouble: str = ""
    is_line: bool = True
    odd: int = 0
    crash: str = ""

    async def run(self) -> None:
        """There is nothing to keep open."""

    async def send(self, number: str, text: str) -> Answer:
        if self.crash == "before":
            raise Crash
        answer = self.answers.pop(0) if self.answers else Answer(Given.TAKEN, references=(7,))
        if answer.given is not Given.REFUSED:
            self.took.append((number, text))
        if self.crash == "after":
            raise Crash
        return answer


@dataclass
class Texts:
    """A device that shows texts, or none."""

    shows: bool = False
    given: list[str] = field(default_factory=list)

    def give(self, notice: Notice, text: str) -> bool:
        del text
        self.given += [order_of(notice)] if self.shows else []
        return self.shows


class Room:
    """A sender, its store and its surroundings; commits are made by hand."""

    def __init__(self, path, network: Network | None = None, intake: Made | None = None, **texts: bool) -> None:
        self.intake, self.texts = intake or Made(), Texts(**texts)
        self.store, self.state, self.acts = StateStore(path / "state.db"), EngineState(), []
        self.sender = NoticeSender(
            InForce(CONFIGURATION), self.store, Writer(), self.intake, lambda: None, lambda: CONTACTS, self._act,
            lambda: self.state, self.texts,
        )  # fmt: skip
        self.sender.network = self.network = network or Network()

    async def _act(self, act: Act) -> str:
        self.acts.append(act)
        return "done"

    def owe(self, *records: NoticeRecord) -> None:
        """The engine has said so, and it is on disk."""
        self.store.commit([], [], 1, Beside(notices=records))
        self.sender.committed(records)

    def commit(self) -> list[NoticeTold]:
        """What was journaled is stepped and stored."""
        told = [msgspec.json.decode(body, type=NoticeTold) for kind, body in self.intake.entries
                if kind is EntryKind.NOTICE]  # fmt: skip
        self.intake.entries.clear()
        known = {one.notice.id: one for state in OPEN for one, _ in self.store.notices.waiting(state.value)}
        for one in told:
            record = known[one.notice]
            self.owe(msgspec.structs.replace(
                record, state=NoticeState(one.state), at=self.intake.time, by=one.by, why=one.why,
                references=one.references,
            ))  # fmt: skip
        return told

    async def turn(self) -> None:
        """Until nothing is to be sent now."""
        if self.sender._reports:
            await self.sender._take_reports()
        while (one := self.sender.sending.next(self.intake.steady())) is not None:
            await self.sender._send(one)


def record(identity: str = "a" * 16, to: str = "D01", owed: float = 1000.0) -> NoticeRecord:
    return NoticeRecord(Notice(identity, "alarm 1", to, owed, ABOUT, code="7F3A" if to != WEARER else ""), at=owed)


def told(room: Room) -> list[tuple[str, str, str]]:
    return [(one.state, one.by, one.why) for one in room.commit()]


def run(story) -> None:
    asyncio.run(story())


def test_what_is_owed_goes_to_the_number_of_the_contacts_and_into_the_journal(tmp_path):
    async def story():
        room = Room(tmp_path)
        room.owe(record())
        await room.turn()
        ((number, text),) = room.network.took
        assert number == "+8613800000001"
        assert "7F3A" in text
        assert [body for _, body in room.intake.entries if b"138" in body] == []
        assert told(room) == [("sent", "sms", "")]
        await room.turn()
        assert len(room.network.took) == 1
        assert room.sender.figures() == {"trouble": "ok", "owed": 0, "on_their_way": 1, "odd_lines": 0}

    run(story)


@pytest.mark.parametrize(
    ("to", "answers", "later", "said"),
    [
        ("D09", [], 0.0, ("unreachable", "sms", NO_NUMBER)),
        ("D01", [Answer(Given.REFUSED, "cms 1")], 0.0, ("failed", "sms", "cms 1")),
        ("D01", [], LASTS + 1.0, ("expired", "sms", "")),
    ],
)
def test_what_cannot_go_is_said_with_its_reason(tmp_path, to, answers, later, said):
    async def story():
        room = Room(tmp_path, Network(answers))
        room.owe(record(to=to))
        room.intake.time += later
        await room.turn()
        assert told(room) == [said]
        assert room.network.took == []
        assert room.intake.counts["notice_unreachable"] == (said[0] == "unreachable")

    run(story)


def test_what_was_not_taken_is_tried_again_and_a_line_that_is_away_is_waited_for(tmp_path):
    async def story():
        room = Room(tmp_path, Network([Answer(Given.LATER, "cms 331")], trouble="no such device"))
        room.owe(record())
        await room.turn()
        assert room.store.notices.waiting("owed")[0][1] == 0
        room.network.trouble = ""
        room.intake.time += 2.0
        await room.turn()
        assert told(room) == []
        room.intake.time += 20.0
        await room.turn()
        assert told(room) == [("sent", "sms", "")]

    run(story)


def test_a_fault_of_ours_in_one_notice_stops_no_other_and_says_no_number(tmp_path, capsys):
    async def story():
        room = Room(tmp_path, Network(crash="before"))
        room.owe(record(), record("b" * 16, "D02"))
        sending = asyncio.create_task(room.sender.run())
        while room.intake.counts["notice_trouble"] < 2:  # noqa: ASYNC110  a plain count
            await asyncio.sleep(0)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        assert [tries for _, tries in room.store.notices.waiting("owed")] == [1, 1]

    run(story)
    assert "13800000001" not in "".join(capsys.readouterr())


def test_a_report_that_comes_before_the_commit_finds_its_notice_and_one_of_nobody_is_forgotten(tmp_path):
    async def story():
        room = Room(tmp_path)
        room.owe(record())
        await room.turn()
        room.sender.reported(Report(7, "13800000001", 0))
        room.sender.reported(Report(9, "13911111111", 0))
        await room.turn()
        assert told(room) == [("sent", "sms", "")]
        await room.turn()
        assert told(room) == [("delivered", "sms", "")]
        room.intake.time += 61.0
        await room.turn()
        assert not room.sender._reports

    run(story)


def test_the_wearer_is_told_by_the_device_where_it_shows_texts_and_else_by_sms(tmp_path):
    async def story():
        for end, texts in ((End.DONE, 0), (End.NO_ANSWER, 1)):
            path = tmp_path / end.value
            path.mkdir()
            room = Room(path, shows=True)
            room.owe(record(to=WEARER))
            await room.turn()
            assert room.network.took == []
            command = Command(order_of(record().notice), "B0001", "text", "gateway", 2000.0)
            room.sender.orders_ended([CommandRecord(command, 1000.0, 1), CommandRecord(command, 1000.0, 1, end)])
            await room.turn()
            assert len(room.network.took) == texts
            assert told(room) == ([("sent", "sms", "")] if texts else [("delivered", "device", "")])
            assert len(room.texts.given) == 1
            assert not room.sender._shown

    run(story)


@pytest.mark.parametrize(("end", "texts"), [(None, 0), (End.DONE, 0), (End.EXPIRED, 1)])
def test_an_order_that_was_given_before_a_crash_is_not_given_again(tmp_path, end, texts):
    async def story():
        room = Room(tmp_path, shows=True)
        command = Command(order_of(record().notice), "B0001", "text", "gateway", 2000.0)
        room.store.commit([], [], 1, Beside([CommandRecord(command, 1000.0, 1, end)], notices=[record(to=WEARER)]))
        await room.sender.resume()
        await room.turn()
        assert room.texts.given == []
        assert len(room.network.took) == texts

    run(story)


POINTS = ("none", "before attempt", "before send", "after send", "before commit")


@must_meet(*POINTS)
@given(st.lists(st.sampled_from(POINTS), min_size=1, max_size=5))
@settings(max_examples=examples(60))
def test_wherever_it_crashes_none_is_lost_and_only_what_was_in_doubt_comes_twice(met, tmp_path_factory, points):
    path = tmp_path_factory.mktemp("crash")

    async def life(point: str, network: Network, *, owes: bool) -> None:
        room = Room(path, network)
        if owes:
            room.store.commit([], [], 1, Beside(notices=[record()]))
        await room.sender.resume()
        if point == "before attempt":
            room.store.close()
            return
        network.crash = {"before send": "before", "after send": "after"}.get(point, "")
        try:
            await room.turn()
        except Crash:
            room.store.close()
            return
        if point != "before commit":
            room.commit()
        room.store.close()

    network = Network()
    for at, point in enumerate([*points, "none"]):
        met[point] += 1
        asyncio.run(life(point, network, owes=at == 0))
    settled = points.index("none") if "none" in points else len(points)
    doubts = sum(point in {"after send", "before commit"} for point in points[:settled])
    assert len(network.took) == doubts + 1


def with_alarm(room: Room, acknowledged: float | None = None) -> None:
    episode = Episode(
        "alarm 1", "sos", "critical", "person", "P0001", "B0001", "SFS-01", "strict", "", "", "", "", 1.0, 1.0, 1.0, 1,
        1, acknowledged=acknowledged,
    )  # fmt: skip
    room.state.episodes["alarm 1"] = episode
    room.state.ladders["alarm 1"] = Ladder("7F3A", "sos", "critical", ABOUT, told=["D01"])


def test_a_text_from_whoever_is_on_duty_is_an_act_of_his_number(tmp_path):
    async def story():
        room = Room(tmp_path)
        with_alarm(room)
        await room.sender.heard(Incoming("13800000001", "收 7F3A"))
        (act,) = room.acts
        assert (act.do, act.alarm, act.by, act.origin) == ("acknowledge", "alarm 1", "D01", "sms")
        assert act.note == ""

    run(story)


@pytest.mark.parametrize(
    ("number", "text", "acknowledged", "reason"),
    [
        ("13911111111", "收 7F3A", None, "sms_unknown_number"),
        ("13800000001", "收 7F3A", 2.0, "sms_code_unknown"),
        ("13800000001", "办结 7F3A", None, "sms_not_understood"),
        ("138", "收 7F3A", None, "sms_not_on_duty"),
    ],
)
def test_any_other_text_is_counted_and_nothing_else(tmp_path, number, text, acknowledged, reason):
    async def story():
        room = Room(tmp_path)
        with_alarm(room, acknowledged)
        await room.sender.heard(Incoming(number, text))
        assert room.acts == []
        assert room.intake.counts == {reason: 1}

    run(story)


def test_a_drill_is_answered_by_each_who_was_told_though_somebody_has_answered_it(tmp_path):
    async def story():
        room = Room(tmp_path)
        with_alarm(room, 2.0)
        room.state.ladders["alarm 1"] = Ladder("7F3A", "drill", "critical", ABOUT, told=["D01"], by="sos")
        await room.sender.heard(Incoming("13800000001", "收 7F3A"))
        assert [(act.do, act.by) for act in room.acts] == [("acknowledge", "D01")]

    run(story)
