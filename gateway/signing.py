"""How a receiver of posted messages knows whose they are: the headers of Standard Webhooks 1.0.

The signature is HMAC-SHA-256 over ``ID.TIMESTAMP.`` and the body's bytes, keyed with the UTF-8 bytes of the key, in
base64 behind ``v1,``. The id is that of the CloudEvent, the same whenever the message is sent: the receiver leaves out
what it has. The timestamp, Unix seconds, is that of the sending: what is too old was recorded and is played again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNED: Final = "v1,"
"""Before a signature: the symmetric scheme of the first version."""
ID: Final = "webhook-id"
"""Header of the id, in small letters."""
CLOCKS: Final = 300.0
"""Seconds by which two clocks may differ: what was sent longer ago was kept by somebody on the way."""


def headers(key: str, identity: str, body: bytes, now: float) -> dict[str, str]:
    """The headers that go with a message.

    Args:
        key: shared with the platform.
        identity: CloudEvents id.
        body: exactly the bytes that are sent.
        now: UTC epoch seconds.
    """
    moment = str(int(now))
    return {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "Idempotency-Key": f'"{identity}"',
        "webhook-id": identity,
        "webhook-timestamp": moment,
        "webhook-signature": SIGNED + signature(key, identity, moment, body),
    }


def signature(key: str, identity: str, moment: str, body: bytes) -> str:
    """Base64 of the HMAC."""
    mac = hmac.digest(key.encode(), f"{identity}.{moment}.".encode() + body, hashlib.sha256)
    return base64.b64encode(mac).decode()


def is_signed(key: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether a message is its sender's and of these minutes, not one that was recorded.

    Args:
        key: shared with the sender.
        headers: of Standard Webhooks 1.0, by names in small letters.
        body: as it came.
        now: UTC epoch seconds.
    """
    return is_right(key, headers, body) and is_fresh(headers, now)


def is_right(key: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a message is its sender's, sent whenever."""
    moment = headers.get("webhook-timestamp", "")
    right = f"{SIGNED}{signature(key, headers.get(ID, ''), moment, body)}".encode()
    return any(hmac.compare_digest(right, one.encode()) for one in headers.get("webhook-signature", "").split())


def is_fresh(headers: Mapping[str, str], now: float) -> bool:
    """Whether a message says to have been sent within these minutes; it is believed where :func:`is_right`."""
    moment = headers.get("webhook-timestamp", "")
    if not (moment.isascii() and moment.isdigit() and len(moment) <= len(str(1 << 40))):
        return False
    return abs(now - int(moment)) <= CLOCKS
