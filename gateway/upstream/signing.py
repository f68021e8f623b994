"""How a receiver of posted messages knows that they are ours: the headers of Standard Webhooks 1.0.

The signature is HMAC-SHA-256 over ``ID.TIMESTAMP.`` and the body's bytes, keyed with the UTF-8 bytes of the key, in
base64 behind ``v1,``. The id is that of the CloudEvent, the same whenever the message is sent: the receiver leaves out
what it has. The timestamp, Unix seconds, is that of the sending: what is too old was recorded and is played again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

SIGNED = "v1,"
"""Before a signature: the symmetric scheme of the first version."""


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
