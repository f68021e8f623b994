"""Requests to a location server as XML (MLP 3.2, 5.2.2 and 5.2.3.1-3). They carry a password: never log one."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocols.mlp.dialect import Dialect

SYNCHRONOUS, ASYNCHRONOUS = "SYNC", "ASYNC"
_LONGEST_INTERVAL = 99 * 86400


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks: given by the carrier. ``requestor`` and ``service`` may be empty."""

    name: str
    password: str = field(repr=False)
    service: str = ""
    requestor: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: accuracy in metres, oldest place in seconds (0: any), where reports go (ASYNC)."""

    accuracy_m: int = 200
    oldest_seconds: int = 0
    push_address: str = ""
    response: str = SYNCHRONOUS


def locate(numbers: Sequence[str], client: Client, wish: Wish, dialect: Dialect) -> bytes:
    """``slir``: where are these subscribers now?"""
    body = (
        f'<slir ver="{dialect.version}" res_type="{wish.response}">{_subscribers(numbers)}{_quality(wish, dialect)}'
        f"{_REFERENCE}{_kind(dialect)}{_push(wish)}</slir>"
    )
    return _whole(body, client, dialect)


def follow(numbers: Sequence[str], interval: int, client: Client, wish: Wish, dialect: Dialect) -> bytes:
    """``tlrr``: report these subscribers every ``interval`` seconds until stopped.

    Raises:
        ValueError: the interval is not 1 s to 99 days.
    """
    if not 0 < interval <= _LONGEST_INTERVAL:
        raise ValueError("an interval is 1 s to 99 days")
    days, rest = divmod(interval, 86400)
    written = f"{days:02d}{rest // 3600:02d}{rest // 60 % 60:02d}{rest % 60:02d}"
    body = (
        f'<tlrr ver="{dialect.version}">{_subscribers(numbers)}<interval>{written}</interval>'
        f"{_quality(wish, dialect, 'qop')}{_REFERENCE}{_push(wish)}{_kind(dialect)}</tlrr>"
    )
    return _whole(body, client, dialect)


def follow_no_more(request: str, client: Client, dialect: Dialect) -> bytes:
    """``tlrsr``: end the reports of a request (the ``req_id`` of its answer)."""
    return _whole(f'<tlrsr ver="{dialect.version}"><req_id>{escape(request)}</req_id></tlrsr>', client, dialect)


_REFERENCE = (
    "<geo_info><CoordinateReferenceSystem><Identifier><code>4326</code><codeSpace>EPSG</codeSpace>"
    "<edition>6.1</edition></Identifier></CoordinateReferenceSystem></geo_info>"
)


def _whole(body: str, client: Client, dialect: Dialect) -> bytes:
    service = f"<serviceid>{escape(client.service)}</serviceid>" if client.service else ""
    requestor = f"<requestor><id>{escape(client.requestor)}</id></requestor>" if client.requestor else ""
    text = (
        f'<?xml version="1.0" encoding="{dialect.encoding}"?><svc_init ver="{dialect.version}">'
        f'<hdr ver="{dialect.version}"><client><id>{escape(client.name)}</id><pwd>{escape(client.password)}</pwd>'
        f"{service}</client>{requestor}</hdr>{body}</svc_init>"
    )
    # What the encoding lacks goes as a character reference.
    return text.encode(dialect.encoding, "xmlcharrefreplace")


def _subscribers(numbers: Sequence[str]) -> str:
    every = "".join(f'<msid type="MSISDN" enc="ASC">{escape(number)}</msid>' for number in numbers)
    return f"<msids>{every}</msids>"


def _quality(wish: Wish, dialect: Dialect, name: str = "eqop") -> str:
    age = f"<max_loc_age>{wish.oldest_seconds}</max_loc_age>" if dialect.has_age and wish.oldest_seconds else ""
    return (
        f'<{name}><resp_req type="{dialect.answer}"/>'
        f'<hor_acc qos_class="BEST_EFFORT">{wish.accuracy_m}</hor_acc>{age}</{name}>'
    )


def _kind(dialect: Dialect) -> str:
    return f'<loc_type type="{dialect.kind}"/><prio type="{dialect.priority}"/>'


def _push(wish: Wish) -> str:
    if not wish.push_address:
        return ""
    return f"<pushaddr><url>{escape(wish.push_address)}</url></pushaddr>"
