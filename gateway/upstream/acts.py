"""Acts that come back from the platform: authenticated by HMAC, made idempotent by their id."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

import msgspec

from gateway.decoded import from_json
from gateway.errors import PeerFault
from gateway.journal.controls import Act, printable

MOST_NAME = 200
"""Characters of an act's id, and of who did it."""
AHEAD = 120.0
"""Seconds by which the platform's clock may be ahead of ours."""
MOST = 16_384
"""Bytes of an act message: a note is a few lines."""


UNREADABLE = (msgspec.MsgspecError, RecursionError, UnicodeError)
"""What decoding somebody else's JSON may raise: nesting without end and halves of characters are no bug of ours."""


class SignedAct(msgspec.Struct, frozen=True):
    """What the platform publishes: ``act`` is the JSON text of an act, ``signature`` its HMAC-SHA256 in hexadecimal."""

    act: str
    signature: str


def sign(act: Act, key: str) -> bytes:
    """The message for an act (the platform's side; the demo and tests use it)."""
    text = msgspec.json.encode(act).decode()
    return msgspec.json.encode(SignedAct(text, _mac(text, key)))


def verify(payload: bytes, key: str, origin: str) -> Act:
    """The act of a message.

    Raises:
        PeerFault: too long, not JSON, not an act, not signed with the key, without an id or without an officer.
    """
    if len(payload) > MOST:
        raise PeerFault("act_too_long", f"{len(payload)} bytes, at most {MOST}")
    try:
        signed = from_json(payload, SignedAct)
    except UNREADABLE as fault:
        raise PeerFault("act_malformed", str(fault)) from fault
    if not key or not _fits(signed, key):
        raise PeerFault("act_unauthenticated", "the signature does not match the act key")
    try:
        act = from_json(signed.act, Act)
    except UNREADABLE as fault:
        raise PeerFault("act_malformed", str(fault)) from fault
    by = " ".join(printable(act.by).split())
    if not act.id.strip() or not by or max(len(act.id), len(by)) > MOST_NAME:
        raise PeerFault("act_malformed", f"id and by are needed, {MOST_NAME} characters at most")
    return msgspec.structs.replace(act, by=by, origin=origin, account="")


def check_meant(act: Act, county: str, now: float, within: float) -> None:
    """Whether an act is meant for this county, and now: what was signed for another one or another day is no order.

    Args:
        act: one whose signature is right.
        county: our code.
        now: UTC epoch seconds.
        within: seconds after its time within which it is taken.

    Raises:
        PeerFault: of another county; without a time, or one without a zone; too old; ahead of us.
    """
    if act.county != county:
        raise PeerFault("act_foreign", f"the act is for the county {act.county!r}, this is {county!r}")
    try:
        moment = datetime.fromisoformat(act.time)
    except ValueError as fault:
        raise PeerFault("act_malformed", f"time: {fault}") from fault
    if moment.tzinfo is None:
        raise PeerFault("act_malformed", "time needs a zone: write +08:00 or Z behind it")
    if not -AHEAD <= now - moment.timestamp() <= within:
        raise PeerFault("act_stale", f"the act is of {act.time}, taken within {within:.0f} s")


def _fits(signed: SignedAct, key: str) -> bool:
    """Whether the signature is the act's. As bytes: of texts only those of ASCII can be compared so."""
    try:
        written, right = (one.encode() for one in (signed.signature.lower(), _mac(signed.act, key)))
    except UnicodeError:
        return False
    return hmac.compare_digest(written, right)


def _mac(text: str, key: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
