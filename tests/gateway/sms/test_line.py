"""A modem on a serial line, here a pseudo-terminal: texts go out and come in, and the line may be pulled."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

from firmware_sim.modem.modem import Faults, Modem
from firmware_sim.modem.terminal import Terminal
from gateway.sms import session
from gateway.sms.answer import Answer, Given
from gateway.sms.line import NOT_READY, UNDIALLED, ModemLine

NUMBER = "+8613800000001"


@asynccontextmanager
async def opened(**faults):
    """A modem's line while it is open: the line, its terminal, texts and reports that came."""
    texts, reports = [], []

    async def take(text):
        texts.append(text)

    terminal = Terminal(Modem(Faults(**faults)))
    line = ModemLine(terminal.path, 115_200, take, reports.append)
    task = asyncio.create_task(line.run())
    try:
        yield line, terminal, texts, reports
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        terminal.close()


async def until(true) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110  what is waited for has no event of its own
            await asyncio.sleep(0.01)


def test_a_text_goes_out_and_its_report_comes():
    async def run():
        async with opened() as (line, terminal, _, reports):
            assert await line.send(NUMBER, "x") == Answer(Given.LATER, NOT_READY)
            await until(lambda: not line.trouble)
            assert await line.send(NUMBER, "表带" * 50) == Answer(Given.TAKEN, references=(1, 2))
            await until(lambda: len(reports) == 2)
            assert "".join(one.text for one in terminal.modem.taken) == "表带" * 50
            assert await line.send("P0001", "x") == Answer(Given.REFUSED, UNDIALLED)

    asyncio.run(run())


def test_refusals_are_for_now_or_for_good():
    async def run():
        async with opened(refuses=[331, 310, 1]) as (line, *_):
            await until(lambda: not line.trouble)
            answers = [await line.send(NUMBER, "x") for _ in range(3)]
            assert [(one.given, one.why) for one in answers] == [
                (Given.LATER, "cms 331"), (Given.LATER, "cms 310"), (Given.REFUSED, "cms 1"),
            ]  # fmt: skip

    asyncio.run(run())


def test_two_who_send_at_once_wait_for_each_other_though_the_modem_is_slow_and_says_all_twice():
    async def run():
        async with opened(echo=True) as (line, terminal, _, reports):
            terminal._slow = 0.05
            await until(lambda: not line.trouble)
            answers = await asyncio.gather(*(line.send(NUMBER, f"text {at}") for at in range(3)))
            assert {one.given for one in answers} == {Given.TAKEN}
            await until(lambda: len(reports) == 3)

    asyncio.run(run())


def test_a_text_that_comes_is_told_and_then_forgotten_by_the_modem():
    async def run():
        async with opened() as (line, terminal, texts, _):
            terminal.text(NUMBER, "收 7F3A")
            await until(lambda: texts and not terminal.modem.kept)
            assert [(one.number, one.text) for one in texts] == [(NUMBER, "收 7F3A")]
            assert line.trouble == ""

    asyncio.run(run())


def test_a_modem_that_restarts_in_the_middle_leaves_the_text_in_doubt_and_is_used_again(monkeypatch):
    monkeypatch.setattr(session, "AGAIN", 0.05)

    async def run():
        async with opened(forgets=1) as (line, *_):
            await until(lambda: not line.trouble)
            assert await line.send(NUMBER, "x") == Answer(Given.LATER, "restarted")
            assert line.trouble == "restarted"
            await until(lambda: not line.trouble)
            assert (await line.send(NUMBER, "x")).given is Given.TAKEN

    asyncio.run(run())


def test_a_line_that_is_not_there_is_waited_for_and_said():
    async def run():
        line = ModemLine("/dev/there-is-none", 9600, None, None)
        task = asyncio.create_task(line.run())
        await until(lambda: "there-is-none" in line.trouble)
        assert await line.send(NUMBER, "x") == Answer(Given.LATER, NOT_READY)
        assert line.odd == 0
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())


def test_two_long_texts_have_references_of_their_own():
    async def run():
        async with opened() as (line, terminal, *_):
            await until(lambda: not line.trouble)
            for text in ("表" * 71, "带" * 71):
                assert (await line.send(NUMBER, text)).given is Given.TAKEN
            headers = [
                bytes.fromhex(one.pdu)[-(140 if at % 2 == 0 else 14) :][:6]
                for at, one in enumerate(terminal.modem.taken)
            ]
            assert [tuple(header[3:]) for header in headers] == [(1, 2, 1), (1, 2, 2), (2, 2, 1), (2, 2, 2)]

    asyncio.run(run())
