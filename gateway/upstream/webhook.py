"""Alarms posted to a platform by HTTPS, signed; what has no answer is posted again, by its id the same."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

import aiohttp

from gateway.errors import TransientFault
from gateway.signing import headers
from gateway.tls import Certificates
from gateway.upstream.answered import AWAY, Answer, AnsweredUpstream, Sort
from gateway.upstream.attempts import AT_ONCE
from gateway.upstream.fates import Fate, fate_of
from gateway.upstream.timing import within

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from ssl import SSLContext

    from gateway.settings.model import Upstream
    from gateway.upstream.answered import Message
    from gateway.upstream.contract import Means

ANSWERED: Final = "webhook_answered"
OTHERS: Final = 2
"""Posts beside those of alarms."""


@dataclass(slots=True)
class WebhookUpstream(AnsweredUpstream):
    """One platform."""

    _certificates: Certificates = field(init=False)
    _client: aiohttp.ClientSession = field(init=False)

    OVER: ClassVar[Mapping[Sort, tuple[str, ...]]] = dict.fromkeys(Sort, (AWAY, ANSWERED))

    def __post_init__(self) -> None:
        AnsweredUpstream.__post_init__(self)
        self._certificates = Certificates(self.upstream.tls)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[None]:
        limits = aiohttp.ClientTimeout(total=None, sock_connect=self.upstream.delivery.connect_wait)
        connector = aiohttp.TCPConnector(limit=AT_ONCE + OTHERS)
        async with aiohttp.ClientSession(
            timeout=limits, connector=connector, cookie_jar=aiohttp.DummyCookieJar()
        ) as self._client:  # fmt: skip
            yield

    async def _said(self, message: Message, wait: float) -> Answer:
        try:
            return await within(self.timing, wait, self._exchange(message.id, message.body))
        except TransientFault as fault:
            return Answer(Fate.AWAY, str(fault))
        except aiohttp.ClientConnectorError as fault:
            return Answer(Fate.AWAY, str(fault))
        except aiohttp.ClientResponseError:
            return Answer(Fate.FAILED, "no HTTP")  # its text repeats the address, in which a key may stand
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            return Answer(Fate.FAILED, str(fault) or type(fault).__name__)

    async def _exchange(self, identity: str, body: bytes) -> Answer:
        """One request. What leads elsewhere is not followed, and of an answer its status alone is read."""
        credential = self.upstream.credential
        sent = headers(credential.sign_key, identity, body, self.clock.now())
        if credential.username:
            sent["Authorization"] = aiohttp.encode_basic_auth(
                credential.username, credential.password, encoding="utf-8"
            )
        async with self._client.post(
            self.upstream.url, data=body, headers=sent, allow_redirects=False, ssl=self._tls()
        ) as response:  # fmt: skip
            asked, status = response.headers.get("Retry-After", ""), response.status
            wait = float(asked) if asked.isascii() and asked.isdigit() else 0.0
            return Answer(fate_of(status), f"HTTP {status}", wait, ANSWERED, status)

    def _tls(self) -> SSLContext | bool:
        """By what the platform is known."""
        return self._certificates.context() if self.upstream.url.startswith("https://") else True


def made(upstream: Upstream, means: Means) -> WebhookUpstream:
    """A platform that is posted to."""
    rows = means.rows(upstream)
    return WebhookUpstream(upstream, rows, means.clock, means.life, means.lane(upstream.telemetry))
