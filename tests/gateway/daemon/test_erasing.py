"""Erasing a person's places in a running gateway: who may order it, what stands against it, and what breaks it off."""

from __future__ import annotations

import asyncio
import math
from contextlib import asynccontextmanager
from dataclasses import replace

import msgspec
import pytest
from made_episodes import episode
from slow_gateway import NOW, Gateway
from structlog.testing import capture_logs
from timeline import DAY, authority, person

from gateway.control.messages import Request
from gateway.control.rights import Caller
from gateway.daemon import erasing
from gateway.daemon.audit_log import AuditLog
from gateway.daemon.erasing import ErasureWork
from gateway.daemon.erasure_desk import ErasureDesk, erased_before
from gateway.daemon.pipeline import Pipeline
from gateway.daemon.swap import Swap
from gateway.engine import Episode, Outcome
from gateway.engine.episode import Change
from gateway.errors import TransientFault, UserFault
from gateway.history.days import DayHistory
from gateway.history.reader import HistoryReader
from gateway.in_force import InForce
from gateway.journal import FileJournal, verify
from gateway.journal.audit import audited
from gateway.journal.controls import Audited, Erasing, Sought
from gateway.journal.entries import EntryKind
from gateway.ports import untold
from gateway.settings.holds import Hold
from gateway.settings.model import Role, Staff
from gateway.store.state_db import StateStore
from gateway.text import Text
from gateway.upstream.cloudevents import event_of

ONE, TWO = Caller("L01", "root"), Caller("L02", "root")
OVER = (authority("P0001", until=NOW), authority("P0002"))
EVER = {"B0001": [(0.0, math.inf)]}
ORDER = Request("erase", id="P0001", document="case 17", why="served")


@pytest.fixture(autouse=True)
def quiet():
    with capture_logs():
        yield


@asynccontextmanager
async def opened(directory, **changes):
    """A gateway that has heard three reports of P0001, each on a session of its own, and two of P0002; and its desk."""
    async with Gateway(directory / "journal") as gateway:
        gateway.journal.may.release(1000)
        applying = asyncio.create_task(gateway.pipeline.apply())
        await gateway.reached(lambda state: bool(state.digest))
        for device in ("B0001", "B0002", "B0001", "B0002", "B0001"):
            gateway.say(gateway.visit(), device)
            gateway.machine.time += 1.0
        await gateway.reached(lambda state: state.offset >= 7)
        await gateway.pipeline.save_snapshot()
        in_force = InForce(replace(gateway.configuration, **({"authorities": OVER} | changes)))
        work = ErasureWork(gateway.pipeline, directory, asyncio.Lock(), untold)
        doing = asyncio.create_task(work.run())
        yield gateway, ErasureDesk(Swap(in_force, gateway.pipeline, directory), work)
        doing.cancel()
        await asyncio.wait((doing,))
        gateway.pipeline.close()
        await applying


def run(story, directory, **changes):
    async def told():
        async with asyncio.timeout(120), opened(directory, **changes) as (gateway, desk):
            return await story(gateway, desk)

    return asyncio.run(told())


async def asked(desk: ErasureDesk, request: Request, caller: Caller = ONE) -> dict:
    reply = await desk.answers()[request.do](request, caller)
    return reply.data


async def confirmed(desk: ErasureDesk) -> str:
    order = (await asked(desk, ORDER))["order"]
    assert (await asked(desk, Request("erase_confirm", id=order), TWO))["state"] == "confirmed"
    return order


async def carried_through(gateway: Gateway) -> None:
    await gateway.reached(lambda state: all(one.done for one in state.erasures.values()))


def said_of(journal) -> list[Erasing]:
    found = []
    for _, batch in journal.read(0):
        at = (batch.kind == EntryKind.ERASURE).nonzero()[0].tolist()
        found += [msgspec.json.decode(batch.bytes_of(index), type=Erasing) for index in at]
    return found


def kinds(directory) -> list[str]:
    journal = FileJournal(directory / "journal", read_only=True)
    return [EntryKind(int(kind)).name for _, batch in journal.read(0) for kind in batch.kind]


def test_one_orders_another_confirms_and_the_journal_says_who_what_and_that_it_is_done(tmp_path):
    async def story(gateway, desk):
        data = await asked(desk, replace_do("erase_look"))
        assert data["state"] == "would"
        assert data["counts"] == {
            "entries": 6, "files": 1, "shared": 0, "older": 0, "alarms": 0, "messages": 0, "presence": 1,
        }  # fmt: skip
        order = (await asked(desk, ORDER))["order"]
        assert (await asked(desk, replace_do("erase_look")))["state"] == "waits"
        assert order in desk.figures()["P0001"]["en"]
        with pytest.raises(UserFault, match="somebody else"):
            await asked(desk, Request("erase_confirm", id=order), ONE)
        with pytest.raises(UserFault, match="no erasure"):
            await asked(desk, Request("erase_confirm", id="0" * 12), TWO)
        await asked(desk, Request("erase_confirm", id=order), TWO)
        await carried_through(gateway)
        assert "erased by" in desk.figures()["P0001"]["en"]
        assert erased_before(gateway.pipeline.state) == {"P0001": gateway.machine.now()}
        return order

    order = run(story, tmp_path)
    journal = FileJournal(tmp_path / "journal", read_only=True)
    said = said_of(journal)
    assert [(one.do, one.id, one.by, one.first) for one in said] == [
        ("ordered", order, "L01", ""), ("confirmed", order, "L02", "L01"), ("done", order, "", ""),
    ]  # fmt: skip
    assert said[2].counts == {"entries": 6, "older": 0, "alarms": 0, "messages": 0}
    assert verify(journal).erased == 6
    assert {(one.by, one.why) for one in journal.erased().values()} == {("L01, L02", f"{order} case 17")}
    rows = HistoryReader(tmp_path / "journal" / "history")
    assert [len(rows.rows([device], -math.inf, math.inf)) for device in ("B0001", "B0002")] == [0, 2]


def test_who_looked_at_her_stays(tmp_path):
    looks = [Audited(what, "D01", door="cli", person="P0001") for what in ("where", "track")]

    async def story(gateway, desk):
        log = AuditLog(gateway.pipeline, tmp_path / "journal", None, lambda _: None)
        await log.enter(looks)
        await confirmed(desk)
        await carried_through(gateway)
        return [row["what"] for row in await log.read(Sought(person="P0001"), 9)]

    read = run(story, tmp_path)
    assert read == ["track", "where"]
    assert [one.said for one in audited(tmp_path / "journal", Sought())] == looks[::-1]
    assert verify(FileJournal(tmp_path / "journal", read_only=True)).erased == 6


def replace_do(do: str) -> Request:
    return msgspec.structs.replace(ORDER, do=do)


def test_from_the_confirmation_on_nothing_of_her_times_is_taken_in(tmp_path):
    async def story(gateway, desk):
        await confirmed(desk)
        visit = gateway.visit()
        gateway.say(visit, "B0001")
        gateway.say(visit, "B0002")
        await carried_through(gateway)

    run(story, tmp_path)
    assert kinds(tmp_path).count("FRAME") == 3
    assert kinds(tmp_path).count("ERASED") == 6


STEPS = {
    "the snapshot": (Pipeline, "save_anew"), "the journal's next file": (FileJournal, "turn_over"),
    "looking": (erasing, "find"), "the history": (DayHistory, "erase_in"), "the journal": (erasing, "erase_found"),
    "one file of it": (erasing, "erase"), "state.db": (StateStore, "erase_places"),
}  # fmt: skip


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_whatever_breaks_it_off_it_stands_in_the_health_and_is_carried_through_later(
    tmp_path, monkeypatch, step, is_after
):
    monkeypatch.setattr(erasing, "RETRY", 0.01)
    owner, name = STEPS[step]
    real, broken = getattr(owner, name), []

    def fails(*values):
        if not broken:
            result = real(*values) if is_after else None
            broken.append(result)
            raise TransientFault("somebody reads it")
        return real(*values)

    async def fails_later(self):
        if not broken:
            broken.append(await real(self) if is_after else None)
            raise TransientFault("somebody reads it")
        await real(self)

    monkeypatch.setattr(owner, name, fails_later if name == "save_anew" else fails)
    troubles = []

    async def story(gateway, desk):
        note = gateway.pipeline.health.note
        monkeypatch.setattr(
            type(gateway.pipeline.health), "note", lambda _, *said: troubles.append(said) or note(*said)
        )
        await confirmed(desk)
        await carried_through(gateway)

    run(story, tmp_path)
    assert (erasing.ERASURE, Text("somebody reads it", "somebody reads it")) in troubles
    journal = FileJournal(tmp_path / "journal", read_only=True)
    assert (verify(journal).erased, said_of(journal)[-1].counts["entries"]) == (6, 6)
    assert b"B0001" not in b"".join(path.read_bytes() for path in (tmp_path / "journal" / "snapshots").iterdir())


HELD = {
    "a hold": ({"holds": (Hold("P0001", "", "case 7", 0.0, NOW + DAY),)}, "case 7"),
    "a hold to come": ({"holds": (Hold("P0001", "", "case 7", NOW + 1.0, math.inf),)}, "case 7"),
    "an authority": ({"authorities": (authority("P0001"),)}, "2026-12"),
    "a term": ({"people": {"P0001": replace(person("P0001", (0.0, 0.0)), term_until=NOW + DAY)}}, "term"),
    "no wearing": ({"assignments": ()}, "no wearing"),
    "nobody": ({"people": {}}, "no wearing"),
}  # fmt: skip


@pytest.mark.parametrize("why", HELD)
def test_what_stands_against_it_is_said_whoever_asks_for_what(tmp_path, why):
    changes, word = HELD[why]

    async def story(gateway, desk):
        for do in ("erase", "erase_look"):
            with pytest.raises(UserFault, match=word):
                await asked(desk, replace_do(do))
        assert gateway.pipeline.state.erasures == {}

    run(story, tmp_path, **changes)
    assert "ERASURE" not in kinds(tmp_path)


def test_an_alarm_of_hers_that_is_open_or_owed_or_held_stands_against_it(tmp_path):
    def stored(gateway: Gateway, alarm: Episode) -> None:
        event = event_of(Outcome(Change.RAISED, alarm, NOW, (1, 1, NOW, "", "")), "demo", "Asia/Shanghai")
        gateway.store.commit([event], [("city", frozenset())], 7)

    async def story(gateway, desk):
        alarm = episode(closed=NOW)
        hold = Hold("", alarm.id, "case 8", 0.0, math.inf)
        in_force = desk.swap.in_force
        gateway.pipeline.state.episodes[alarm.id] = episode()
        with pytest.raises(UserFault, match="not resolved"):
            await asked(desk, ORDER)
        gateway.pipeline.state.episodes.clear()
        stored(gateway, alarm)
        with pytest.raises(UserFault, match="not been delivered"):
            await asked(desk, ORDER)
        gateway.store.outbox.note("city", aside(gateway), NOW)
        before, in_force.configuration = in_force.configuration, replace(in_force.configuration, holds=(hold,))
        with pytest.raises(UserFault, match="case 8"):
            await asked(desk, ORDER)
        in_force.configuration = before
        await confirmed(desk)
        await carried_through(gateway)
        assert gateway.store.episode(alarm.id).facts["places_erased"] == gateway.machine.now()

    run(story, tmp_path)


def aside(gateway: Gateway):
    from gateway.store.outbox import Marks  # noqa: PLC0415  of one test

    return Marks(set_aside={row.seq: "poison" for row in gateway.store.outbox.fresh("city", 9)})


@pytest.mark.parametrize(("document", "why"), [("", "served"), ("case 17", " "), ("d" * 4001, "served")])
def test_an_order_says_what_it_rests_on_and_why(tmp_path, document, why):
    async def story(gateway, desk):
        del gateway
        with pytest.raises(UserFault, match="--why"):
            await asked(desk, Request("erase", id="P0001", document=document, why=why))

    run(story, tmp_path)


def test_the_second_person_is_a_leader_where_there_is_a_table_of_staff_and_what_was_confirmed_is_not_ordered_again(
    tmp_path,
):
    staff = {
        name: Staff(name, "", frozenset({role}))
        for name, role in (("L01", Role.LEADER), ("L02", Role.LEADER), ("T01", Role.TECHNICIAN))
    }

    async def story(gateway, desk):
        order = (await asked(desk, ORDER))["order"]
        with pytest.raises(UserFault, match="no leader"):
            await asked(desk, Request("erase_confirm", id=order), Caller("T01", "t"))
        async with desk.work.one:
            await asked(desk, Request("erase_confirm", id=order), TWO)
            assert "being erased" in desk.figures()["P0001"]["en"]
            with pytest.raises(UserFault, match="are being erased"):
                await asked(desk, ORDER)
        await carried_through(gateway)

    run(story, tmp_path, staff=staff)


def test_what_an_older_version_wrote_in_one_piece_is_counted_and_left(tmp_path, monkeypatch):
    async def story(gateway, desk):
        before = (await asked(desk, replace_do("erase_look")))["counts"]
        first = int(erasing.find(tmp_path / "journal", gateway.pipeline.policy, "P0001", EVER, 99).offsets[0])
        monkeypatch.setattr(erasing, "older_in", lambda _: [(first, first + 1)])
        assert (await asked(desk, replace_do("erase_look")))["counts"] == before | {"entries": 5, "older": 1}
        await confirmed(desk)
        await carried_through(gateway)

    run(story, tmp_path)
    journal = FileJournal(tmp_path / "journal", read_only=True)
    assert verify(journal).erased == 5
    assert (said_of(journal)[-1].counts["entries"], said_of(journal)[-1].counts["older"]) == (5, 1)
