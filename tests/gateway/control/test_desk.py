"""The desk: an order is answered when it is committed, waited for until its end, cancelled once."""

from __future__ import annotations

import asyncio

import pytest
from office import Office

from gateway.commands.wish import Wish
from gateway.control import desk as limits
from gateway.control.messages import Request
from gateway.control.rights import Caller
from gateway.engine.records import End
from protocols.order import OrderForm

WISH = Wish("B0001", "text", "D01", {"text": "call the office"})


@pytest.fixture(autouse=True)
def forms(monkeypatch):
    known = {"text": OrderForm("Show it.", ("text",)), "locate": OrderForm("Report now.")}
    monkeypatch.setattr("gateway.commands.accept.forms_of", lambda _: known)


@pytest.fixture
def office() -> Office:
    return Office()


def test_an_order_is_answered_once_it_is_committed_and_queued(office):
    async def story():
        asked = asyncio.create_task(office.ask_now(Request("command", wish=WISH)))
        await asyncio.sleep(0)
        assert not asked.done()
        assert len(office.dispatcher.queue) == 0
        office.commit()
        return await asked

    reply = asyncio.run(story())
    assert reply.ok
    assert reply.data["command"]["device"] == "B0001"
    assert reply.data["end"] is None
    assert reply.data["command"]["id"] in office.dispatcher.queue


def test_a_wait_ends_with_the_order(office):
    async def story():
        identity = (await office.ask(Request("command", wish=WISH))).data["command"]["id"]
        waiting = [asyncio.create_task(office.ask_now(Request("wait", id=identity, seconds=60.0))) for _ in "ab"]
        await asyncio.sleep(0)
        office.dispatcher.ended(identity, End.DONE, "well")
        await asyncio.sleep(0)
        assert not any(one.done() for one in waiting), "told before it is on disk"
        office.commit()
        later = await office.ask_now(Request("wait", id=identity, seconds=60.0))
        return [*[await one for one in waiting], later]

    replies = asyncio.run(story())
    assert [(one.data["end"], one.data["text"]) for one in replies] == [("done", "well")] * 3
    assert office.desk._over == {}


def test_a_wait_that_is_over_says_how_the_order_stands_and_a_later_one_still_gets_its_end(office):
    async def story():
        identity = (await office.ask(Request("command", wish=WISH))).data["command"]["id"]
        first = await office.ask_now(Request("wait", id=identity, seconds=0.0))
        second = asyncio.create_task(office.ask_now(Request("wait", id=identity, seconds=60.0)))
        await asyncio.sleep(0)
        office.dispatcher.ended(identity, End.FAILED)
        office.commit()
        return first, await second

    first, second = asyncio.run(story())
    assert (first.ok, first.data["end"], second.data["end"]) == (True, None, "failed")


def test_a_cancelled_order_says_by_whom_and_cannot_be_cancelled_again(office):
    async def story():
        identity = (await office.ask(Request("command", wish=WISH))).data["command"]["id"]
        first = await office.ask(Request("cancel", id=identity), Caller("D02", "root"))
        return first, await office.ask(Request("cancel", id=identity), Caller("D03", "root"))

    first, second = asyncio.run(story())
    assert (first.data["end"], first.data["ended_by"]) == ("cancelled", "D02")
    assert (second.ok, "has ended before: cancelled" in second.error) == (False, True)


@pytest.mark.parametrize("do", ["wait", "cancel"])
def test_an_order_that_does_not_exist_is_named(office, do):
    reply = asyncio.run(office.ask(Request(do, id="nonsense")))
    assert (reply.ok, reply.error) == (False, "no command begins with “nonsense”; commands list shows them")
    assert office.desk._over == {}


@pytest.mark.parametrize(
    "wish", [Wish("B9999", "text", "D01"), Wish("B0001", "x", "D01"), Wish("B0001", "text", "D01")]
)
def test_a_wish_that_cannot_be_leaves_no_trace(office, wish):
    reply = asyncio.run(office.ask(Request("command", wish=wish)))
    assert not reply.ok
    assert reply.error
    assert not office.dispatcher.intake.is_waiting


def test_a_command_without_a_wish_is_no_command(office):
    assert not asyncio.run(office.ask(Request("command"))).ok


def test_locating_without_an_authority_is_refused_and_not_journaled():
    office = Office(authorities=())
    reply = asyncio.run(office.ask(Request("command", wish=Wish("B0001", "locate", "D01"))))
    assert (reply.ok, "under an authority" in reply.error) == (False, True)
    assert not office.dispatcher.intake.is_waiting


def test_all_queues_together_are_bounded_even_before_the_commit(office, monkeypatch):
    async def story(most: int):
        asked = [asyncio.create_task(office.ask_now(Request("command", wish=WISH))) for _ in range(most)]
        await asyncio.sleep(0)
        refused = await office.ask_now(Request("command", wish=WISH))
        office.commit()
        return [(await one).ok for one in asked], refused

    monkeypatch.setattr(limits, "MOST_IN_ALL", 5)
    accepted, refused = asyncio.run(story(5))
    assert accepted == [True] * 5
    assert (refused.ok, "5 orders are waiting" in refused.error) == (False, True)
