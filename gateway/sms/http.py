"""Texts by a county's HTTP gateway. The shell of ``template``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import aiohttp

from gateway.sms.answer import Answer, Given
from gateway.sms.template import request_of

if TYPE_CHECKING:
    from gateway.sms.template import Template

TIMEOUT: Final = 30.0
MOST: Final = 65_536
"""Bytes of an answer that are looked at."""
_PASSING: Final = frozenset({408, 425, 429})
_SERVER: Final = 500


class HttpSender:
    """An HTTP gateway; it brings neither texts nor reports.

    Attributes:
        trouble: why the last text was not taken; empty: it was. ``is_line``: only a text tells whether it is there.
    """

    def __init__(self, gateway: Template) -> None:
        self._gateway = gateway
        self.trouble, self.is_line = "", False
        self.odd = 0

    async def run(self) -> None:
        """There is nothing to keep open."""

    async def send(self, number: str, text: str) -> Answer:
        """Ask the gateway to send a text. No fault repeats the address: a number may stand in it."""
        request = request_of(self._gateway, number, text)
        try:
            async with (
                aiohttp.ClientSession(
                    timeout=aiohttp.ClientTimeout(total=TIMEOUT), cookie_jar=aiohttp.DummyCookieJar()
                ) as client,
                client.request(
                    request.method,
                    request.url,
                    headers=request.headers,
                    data=request.body or None,
                    allow_redirects=False,
                ) as response,
            ):
                answer = self._judged(response.status, await _start_of(response))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as fault:
            answer = Answer(Given.LATER, type(fault).__name__)
        self.trouble = "" if answer.given is Given.TAKEN else answer.why
        return answer

    def _judged(self, status: int, body: bytes) -> Answer:
        gateway = self._gateway
        if status in gateway.accepts and gateway.accepts_text in body.decode("utf-8", "replace"):
            return Answer(Given.TAKEN)
        if status in gateway.accepts:
            return Answer(Given.REFUSED, f"http {status}, another answer")
        passes = status in _PASSING or status >= _SERVER
        return Answer(Given.LATER if passes else Given.REFUSED, f"http {status}")


async def _start_of(response: aiohttp.ClientResponse) -> bytes:
    """The first MOST bytes of an answer, about."""
    data = bytearray()
    while len(data) < MOST and (chunk := await response.content.read(MOST)):
        data += chunk
    return bytes(data)
