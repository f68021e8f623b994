"""An account of single frames, in words and numbers, for people and scripts (the ``decode`` command)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.account import Fields, blank_account, reports_of
from protocols.errors import PeerFault
from protocols.jt808.decode import decode
from protocols.jt808.fragments import Reassembly, whole_frame
from protocols.jt808.header import EDITION_2019, FRAGMENTED, Header, read_header
from protocols.jt808.identity import identity_of
from protocols.jt808.manners import Manners
from protocols.jt808.messages import Edition, message_of
from protocols.jt808.messages.login import edition_of_register
from protocols.jt808.rest import rest_of, unknown_items
from protocols.jt808.session import Session
from protocols.jt808.wire import FLAG, FLAG_BYTE, escape, unescape, xor
from protocols.session import Decision, FrameBatch, Login, Refused, Send

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocols.jt808.profiles import Profile
    from protocols.session import Event

_REGISTER = 0x0100


class Describer:
    """One session's frames, described in order. Any identity is accepted; answers carry the platform serial 0."""

    def __init__(self, profile: Profile, profiles: Mapping[str, Profile]) -> None:
        self._profile = profile
        self._profiles = profiles
        # A wrong checksum is shown, not refused: the reader of this account wants to see the frame.
        manners = Manners(hexadecimal_imei=profile.hexadecimal_imei)
        self._session = Session(strict_checksum=False, manners=manners)
        self._reassembly = Reassembly()

    def describe(self, line: bytes, now: float) -> Fields:
        """One frame with its flags, as on the wire or already unescaped. Never raises.

        Args:
            line: the bytes.
            now: UTC epoch seconds, for answers that carry the time.

        Returns:
            The keys of ``decode``'s line, and ``unknown_items``, what no reader of the profile takes; every report has
            one more, ``datum``, whose coordinates are as sent.
        """
        account = self._blank()
        try:
            content = content_of(line)
            header = read_header(content)
            account |= self._facts(header, content)
            account |= self._taken(header, content, now)
        except PeerFault as fault:
            account["error"] = str(fault)
        return account

    def _blank(self) -> Fields:
        return blank_account("jt808", self._profile.name) | {"unknown_items": []}

    def _facts(self, header: Header, content: bytes) -> Fields:
        body = content[header.size : -1]
        return {
            "version": _edition(header, body).value,
            "message": message_of(header.message).name,
            "message_id": f"{header.message:04X}",
            "device": identity_of(header.address, hexadecimal_imei=self._profile.hexadecimal_imei),
            "serial": header.serial,
            "checksum": "bad" if xor(content) else "ok",
            "length_ok": header.length == len(body),
            "fragment": _fragment(header),
        }

    def _taken(self, header: Header, content: bytes, now: float) -> Fields:
        raw = FLAG_BYTE + escape(content) + FLAG_BYTE
        event = next(one for one in self._session.feed(raw, now) if not isinstance(one, Send))
        reply = self._reply(event)
        if isinstance(event, Refused):
            error: str | None = f"{event.reason}: the gateway would not take this frame"
            return {"error": error, "reply": reply.hex() or None}
        body: bytes | None = content[header.size : -1]
        if header.is_fragment:
            device = identity_of(header.address, hexadecimal_imei=self._profile.hexadecimal_imei)
            body = self._reassembly.add(device, header, content[header.size : -1], now)
            raw = b"" if body is None else whole_frame(header, body)
        error = None if body is None else rest_of(header.message, body)
        batch = decode(FrameBatch.of([raw], self._profile.name), self._profiles)
        unknown = [] if body is None else unknown_items(header.message, body, self._profile)
        return {"reports": reports_of(batch), "unknown_items": unknown, "reply": reply.hex() or None, "error": error}

    def _reply(self, event: Event) -> bytes:
        if isinstance(event, Login):
            return self._session.decide(event, Decision.ACCEPTED, event.frame.identity)
        return b"" if isinstance(event, Send) else event.answer


def content_of(line: bytes) -> bytes:
    """Unescaped content of a whole frame given as on the wire or already unescaped.

    Where the two readings differ, the one with the right checksum and length is meant; the wire's if both are.

    Raises:
        PeerFault: ``no_flags``, ``several_frames``, ``bad_escape``.
    """
    if len(line) < 2 or line[0] != FLAG or line[-1] != FLAG:  # noqa: PLR2004  # two flags
        raise PeerFault("no_flags", "a frame begins and ends with 7E")
    plain = line[1:-1]
    if FLAG in plain and all(map(_is_sound, filter(None, plain.split(FLAG_BYTE)))):
        # Asked first: two equal frames cancel out in the checksum of the whole.
        raise PeerFault("several_frames", "7E stands between whole frames: give one frame a line")
    try:
        readings = [_on_the_wire(plain)]
    except PeerFault:
        # Without a wire reading, the other must prove itself.
        if not any(_proofs(plain)):
            raise
        readings = []
    return max([*readings, plain], key=_proofs)


def _on_the_wire(escaped: bytes) -> bytes:
    """What stands between two flags, unescaped.

    Raises:
        PeerFault: ``several_frames``, ``bad_escape``.
    """
    if FLAG in escaped:
        raise PeerFault("several_frames", "7E stands inside: give one frame a line")
    return unescape(escaped)


def _is_sound(escaped: bytes) -> bool:
    try:
        return _proofs(unescape(escaped))[0]
    except PeerFault:
        return False


def _proofs(content: bytes) -> tuple[bool, bool]:
    """Whether checksum and length are right."""
    try:
        header = read_header(content)
    except PeerFault:
        return False, False
    return xor(content) == 0, header.length == len(content) - header.size - 1


def _edition(header: Header, body: bytes) -> Edition:
    """Only a registration tells 2011 from 2013; everything else with that header counts as 2013."""
    edition = Edition.E2019 if header.attributes & EDITION_2019 else Edition.E2013
    return edition_of_register(body, edition) if header.message == _REGISTER and not header.is_fragment else edition


def _fragment(header: Header) -> Fields | None:
    return {"index": header.fragment, "total": header.fragments} if header.attributes & FRAGMENTED else None
