"""An HTTP gateway is asked by a template, and its answers mean taken, never, or later."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import parse_qs

import pytest
from aiohttp import web

from gateway.sms.answer import Answer, Given
from gateway.sms.http import HttpSender
from gateway.sms.template import Template, request_of

NUMBER, TEXT = "+8613800000001", 'P0004 "表带" {number}&x=1\n'
JSON = (("Content-Type", "application/json; charset=utf-8"),)
FORM = (("content-type", "application/x-www-form-urlencoded"), ("X-Who", "{username}"))


def test_each_value_is_put_in_once_and_quoted_for_where_it_stands():
    made = request_of(Template("POST", "http://h/{number}", JSON, '{"to": "{number}", "text": "{text}"}'), NUMBER, TEXT)
    assert json.loads(made.body) == {"to": NUMBER, "text": TEXT}
    assert made.url == "http://h/%2B8613800000001"
    made = request_of(Template("POST", "http://h/", FORM, "to={number}&text={text}", username="a\r\nb"), NUMBER, TEXT)
    assert parse_qs(made.body.decode()) == {"to": [NUMBER], "text": [TEXT]}
    assert made.headers["X-Who"] == "ab"
    made = request_of(Template("GET", "http://h/?t={text}", username="u", password="p"), NUMBER, TEXT)  # noqa: S106
    assert parse_qs(made.url.partition("?")[2]) == {"t": [TEXT]}
    assert NUMBER not in repr(made)


async def served(status: int, body: str) -> tuple[Answer, str, list]:
    """What comes of a text where a gateway answers so."""
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((request.method, request.path, await request.text()))
        return web.Response(status=status, text=body)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    sender = HttpSender(Template("POST", f"http://127.0.0.1:{port}/send", JSON, '["{number}"]', (200, 202), '"ok"'))
    await sender.run()
    try:
        return await sender.send(NUMBER, TEXT), sender.trouble, asked
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (200, '{"state": "ok"}', Answer(Given.TAKEN)),
        (202, '"ok"', Answer(Given.TAKEN)),
        (200, '{"state": "no credit"}', Answer(Given.REFUSED, "http 200, another answer")),
        (403, '"ok"', Answer(Given.REFUSED, "http 403")),
        (302, '"ok"', Answer(Given.REFUSED, "http 302")),
        (429, "", Answer(Given.LATER, "http 429")),
        (503, "", Answer(Given.LATER, "http 503")),
    ],
)
def test_which_answers_mean_taken(status, body, answer):
    got, trouble, asked = asyncio.run(served(status, body))
    assert got == answer
    assert trouble == answer.why
    assert asked == [("POST", "/send", f'["{NUMBER}"]')]


def test_a_gateway_that_is_away_is_tried_later_and_no_number_is_told():
    answer = asyncio.run(HttpSender(Template("GET", "http://127.0.0.1:1/{number}/{text}")).send(NUMBER, TEXT))
    assert answer.given is Given.LATER
    assert NUMBER not in answer.why
