"""Counties' desks are asked for packages of one case: what was asked stands here, and goes out signed to one desk.

No package is kept: it goes through to whoever asked for it.
"""

from __future__ import annotations

import secrets
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING, Final

import aiohttp
import msgspec

from gateway.console.city_asks import PATH, CityAsk, Said, fresh_nonce
from gateway.decoded import from_json
from gateway.errors import TransientFault
from gateway.signing import headers
from gateway.tls import client_context
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from gateway.console.accounts.books import ConsoleConnection
    from gateway.settings.city import CityCounty

UNSENT, WAITS, APPROVED = "unsent", "waits", "approved"
"""Of what is asked: it is not known whether the county has it; nobody has decided; it can be taken for a day."""
GOING: Final = frozenset({UNSENT, WAITS, APPROVED})
"""Of which the county may say something else."""
SHOWN: Final = 100
"""Requests that are listed, the latest."""
CONNECT, WHOLE = 5.0, 120.0
"""Real seconds for a connection, and for an answer: a package takes long to make."""
LARGEST: Final = 256 << 20
"""Bytes of an answer."""
_TAKEN, _REJECTED = 200, frozenset({401, 409, 422})
_COLUMNS: Final = "id, at, by, county, person, since, until, purpose, document, state, decided_by, zh, en"


@dataclass(frozen=True, slots=True)
class Record:
    """One package that was asked for, and what its county said last; times are UTC epoch seconds.

    Attributes:
        state: unsent, or as :class:`gateway.console.city_asks.Said` has it.
        zh, en: why it was not taken; empty: it was.
    """

    id: str
    at: float
    by: str
    county: str
    person: str
    since: float
    until: float
    purpose: str
    document: str
    state: str = UNSENT
    decided_by: str = ""
    zh: str = ""
    en: str = ""

    @property
    def said(self) -> str:
        """County, request, purpose and document, as the audit log has them."""
        return f"{self.county} {self.id} {self.purpose} {self.document}"

    def answered(self, said: Said) -> Record:
        """With what its county said."""
        return replace(self, state=said.state, decided_by=said.decided_by, zh=said.zh, en=said.en)


def fresh_id() -> str:
    """A request's number, that none has had."""
    return secrets.token_hex(8)


def put(db: ConsoleConnection, one: Record) -> None:
    """Keep one, as it is now. Called inside a change."""
    marks = ",".join("?" * len(astuple(one)))
    db.execute(f"INSERT OR REPLACE INTO asked ({_COLUMNS}) VALUES ({marks})", astuple(one))  # noqa: S608  fixed words


def listed(db: ConsoleConnection) -> list[Record]:
    """The last ones, the latest first."""
    rows = db.rows(f"SELECT {_COLUMNS} FROM asked ORDER BY at DESC, id LIMIT ?", (SHOWN,))  # noqa: S608  fixed words
    return [Record(*row) for row in rows]


def found(db: ConsoleConnection, identity: str) -> Record | None:
    """One, if there is such a one."""
    rows = db.rows(f"SELECT {_COLUMNS} FROM asked WHERE id = ?", (identity,))  # noqa: S608  fixed words
    return Record(*rows[0]) if rows else None


async def asked(county: CityCounty, city: str, one: Record, now: float) -> Said:
    """Ask for one that is not known to have arrived, or how one stands, at its county.

    Raises:
        TransientFault: the county's desk does not answer, or not as one does that can be asked so.
    """
    ask = CityAsk("ask" if one.state == UNSENT else "look", one.id, city, county.code, one.by)
    if one.state == UNSENT:
        ask = msgspec.structs.replace(
            ask, person=one.person, since=one.since, until=one.until, purpose=one.purpose, document=one.document
        )
    status, body, _ = await _sent(county, ask, now)
    return _read(county, status, body)


async def taken(county: CityCounty, city: str, one: Record, now: float) -> tuple[bytes, str] | Said:
    """The package and its digest, or why there is none.

    Raises:
        TransientFault: as above.
    """
    status, body, digest = await _sent(county, CityAsk("take", one.id, city, county.code, one.by), now)
    return (body, digest) if status == _TAKEN else _read(county, status, body)


def _read(county: CityCounty, status: int, body: bytes) -> Said:
    if status == _TAKEN or status in _REJECTED:
        try:
            return from_json(body, Said)
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass
    raise TransientFault(phrase("city_desk_odd", county=county.code, status=status))


async def _sent(county: CityCounty, ask: CityAsk, now: float) -> tuple[int, bytes, str]:
    """Status, body and digest of the answer to one sending."""
    body = msgspec.json.encode(ask)
    signed = headers(county.credential.sign_key, fresh_nonce(), body, now) | {"Content-Type": "application/json"}
    limits = aiohttp.ClientTimeout(total=WHOLE, sock_connect=CONNECT)
    try:
        async with (
            aiohttp.ClientSession(timeout=limits, cookie_jar=aiohttp.DummyCookieJar()) as client,
            client.post(
                county.desk + PATH, data=body, headers=signed, allow_redirects=False, ssl=client_context(county.tls)
            ) as answer,
        ):
            return answer.status, await _limited(answer, county), answer.headers.get("X-Digest", "")
    except (aiohttp.ClientError, TimeoutError) as fault:
        cause = str(fault) or type(fault).__name__
        raise TransientFault(phrase("city_desk_away", county=county.code, cause=cause)) from fault


async def _limited(answer: aiohttp.ClientResponse, county: CityCounty) -> bytes:
    found = bytearray()
    async for part in answer.content.iter_chunked(1 << 16):
        found += part
        if len(found) > LARGEST:
            raise TransientFault(phrase("city_desk_odd", county=county.code, status=answer.status))
    return bytes(found)
