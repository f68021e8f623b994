"""Deeds in a running daemon whose disk a test holds back: durable first, then stepped, and only then answered."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import msgspec
import pytest
from slow_gateway import NOW, Gateway
from structlog.testing import capture_logs
from timeline import FOREVER, at, county

from gateway.control.messages import Request
from gateway.control.rights import Caller
from gateway.daemon.durable import MOMENT
from gateway.daemon.registers import LONGEST, RegisterDesk
from gateway.daemon.swap import Swap
from gateway.deeds import Deed, deeds_of, text_of
from gateway.errors import TransientFault, UserFault
from gateway.in_force import InForce
from gateway.journal.entries import EntryKind
from gateway.ports import untold
from gateway.settings.files import OVERLAY
from gateway.settings.model import Assignment, Role, Staff

ROOT = Caller("D01", "root")
ONE = Deed("d1", "remove", values={"device": "B0002", "at": "2026-11-02 13:00"})


class MadeUpComposer:
    """Any deed on B0002 takes it off: the county of these tests has no files."""

    def with_deeds(self, running, deeds, language=None):
        del language
        ended = Assignment("B0002", "P0002", at(-30, 0), NOW if deeds else FOREVER)
        text = text_of(list(deeds))
        return replace(
            running, assignments=(running.assignments[0], ended), sources={OVERLAY: text},
            digest=f"d{len(text)}",
        )  # fmt: skip


@pytest.fixture(autouse=True)
def quiet():
    with capture_logs():
        yield


@asynccontextmanager
async def opened(directory, **changes):
    """A gateway whose disk takes one batch whenever it is let, and its desk."""
    async with Gateway(directory) as gateway:
        applying = asyncio.create_task(gateway.pipeline.apply())
        gateway.pipeline.prepare = gateway.pipeline.policies.put
        in_force = InForce(replace(gateway.configuration, **changes))
        desk = RegisterDesk(Swap(in_force, gateway.pipeline, directory), untold, _composer=MadeUpComposer())
        gateway.journal.may.release()
        await gateway.reached(lambda state: bool(state.digest))
        await asyncio.sleep(2 * MOMENT)  # nobody is woken any more for what followed the start
        yield gateway, desk
        gateway.journal.may.release(1000)
        gateway.pipeline.close()
        await applying


def kinds(batch):
    return [EntryKind(int(kind)) for kind in batch.kind]


def test_it_is_answered_once_it_is_durable_and_stepped_and_what_came_in_before_stands_before_it(tmp_path):
    async def story():
        async with opened(tmp_path) as (gateway, desk):
            gateway.intake.control(EntryKind.TICK, b"")
            asking = asyncio.create_task(desk.answers()["register"](Request("register", deed=ONE), ROOT))
            batch = await gateway.has_begun()
            assert kinds(batch) == [EntryKind.TICK, EntryKind.DEED, EntryKind.CONFIGURATION]
            gateway.say(gateway.visit(), "B0001")
            assert desk.running.digest != "d1"
            assert (asking.done(), gateway.pipeline.state.digest) == (False, "d1")
            gateway.journal.may.release()
            assert kinds(await gateway.has_begun())[0] is not EntryKind.CONFIGURATION
            gateway.journal.may.release()
            reply = await asking
            assert reply.ok
            assert gateway.pipeline.state.digest == desk.running.digest
            assert gateway.pipeline.policy.configuration is desk.running
            (kept,) = deeds_of((tmp_path / OVERLAY).read_text("utf-8"))
            assert (kept.by, kept.account, kept.at) == ("D01", "root", NOW)

    asyncio.run(story())


def test_whoever_goes_before_the_answer_leaves_what_was_begun_to_its_end(tmp_path):
    async def story():
        async with opened(tmp_path) as (gateway, desk):
            asking = asyncio.create_task(desk.answers()["register"](Request("register", deed=ONE), ROOT))
            await gateway.has_begun()
            asking.cancel()
            gateway.journal.may.release(1000)
            again = await desk.answers()["register"](Request("register", deed=ONE), ROOT)
            assert again.data == {"done": "repeated"}
            assert len(deeds_of(desk.running.sources[OVERLAY])) == 1

    asyncio.run(story())


def test_where_its_texts_cannot_be_kept_nothing_comes_into_force(tmp_path, monkeypatch):
    async def story():
        async with opened(tmp_path) as (gateway, desk):

            def full(*_):
                raise TransientFault("the disk is full")

            monkeypatch.setattr(gateway.journal, "store_configuration", full)
            before = desk.running
            with pytest.raises(TransientFault):
                await desk.answers()["register"](Request("register", deed=ONE), ROOT)
            assert desk.running is before
            assert not gateway.intake.is_waiting

    asyncio.run(story())


@pytest.mark.parametrize(
    "deed",
    [
        None,
        msgspec.structs.replace(ONE, id=""),
        msgspec.structs.replace(ONE, id="a\nb"),
        msgspec.structs.replace(ONE, values={"device": "B" * (LONGEST + 1)}),
    ],
)
def test_what_cannot_be_a_deed_is_refused_before_anything(tmp_path, deed):
    async def story():
        async with opened(tmp_path) as (_, desk):
            with pytest.raises(UserFault):
                await desk.answers()["register"](Request("register", deed=deed), ROOT)

    asyncio.run(story())


def test_control_characters_do_not_come_into_the_journal(tmp_path):
    async def story():
        async with opened(tmp_path) as (gateway, desk):
            gateway.journal.may.release(1000)
            odd = msgspec.structs.replace(ONE, values={"device": "B0002\x1b[2J\n", "at": "  now  "})
            assert (await desk.answers()["register"](Request("register", deed=odd), ROOT)).ok
            (kept,) = deeds_of(desk.running.sources[OVERLAY])
            assert kept.values == {"device": "B0002[2J", "at": "now"}

    asyncio.run(story())


def test_an_office_may_not_do_it_for_anothers_people(tmp_path):
    people = {
        key: replace(one, office=f"SFS-0{number}") for number, (key, one) in enumerate(county().people.items(), 1)
    }
    staff = {"S01": Staff("S01", "s01", frozenset({Role.OFFICE}), "SFS-01")}

    async def story():
        async with opened(tmp_path, people=people, staff=staff) as (_, desk):
            office = Caller("S01", "s01", frozenset({Role.OFFICE}), "SFS-01", within="SFS-01")
            with pytest.raises(UserFault):
                await desk.answers()["register"](Request("register", deed=ONE), office)

    asyncio.run(story())
