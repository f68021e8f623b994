"""An account of single frames, in words and numbers, for people and scripts (the ``decode`` command)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.account import Fields, blank_account, reports_of
from protocols.errors import PeerFault
from protocols.gt06.decode import decode
from protocols.gt06.messages import message_of
from protocols.gt06.session import Session
from protocols.gt06.wire import STARTS, TRAILER, open_frame
from protocols.session import Decision, Frame, FrameBatch, Login, Refused, Send

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocols.gt06.profiles import Profile
    from protocols.session import Event

_CHECKSUMS = {True: "ok", False: "bad", None: "none"}


class Describer:
    """One session's frames, described in order; also those that come before a login."""

    def __init__(self, profile: Profile, profiles: Mapping[str, Profile]) -> None:
        self._profile = profile
        self._profiles = profiles
        # A wrong checksum is shown, not refused: the reader of this account wants to see the frame.
        self._session = Session(profile, strict_checksum=False, anonymous=True)

    def describe(self, line: bytes, now: float) -> Fields:
        """One frame, as on the wire. Never raises.

        Args:
            line: the bytes.
            now: UTC epoch seconds, for answers that carry the time.

        Returns:
            The keys of ``decode``'s line.
        """
        account = blank_account("gt06", self._profile.name)
        try:
            envelope = open_frame(line)
        except PeerFault as fault:
            return account | {"error": str(fault)}
        account |= {
            "version": "long" if line.startswith(STARTS[1]) else "short",
            "message": message_of(envelope.message).name,
            "message_id": f"{envelope.message & 0xFF:02X}",
            "serial": envelope.serial if envelope.serial >= 0 else None,
            "checksum": _CHECKSUMS[envelope.sound],
            "length_ok": envelope.length_ok,
        }
        return account | self._taken(line, now)

    def _taken(self, line: bytes, now: float) -> Fields:
        events = [*self._session.feed(line, now), *self._session.end_datagram(now)]
        if len(events) != 1:
            return {"error": f"several_frames: {TRAILER.hex()} ends more than one frame here: give one frame a line"}
        event = events[0]
        if isinstance(event, Refused):
            return {
                "error": f"{event.reason}: the gateway would not take this frame",
                "reply": event.answer.hex() or None,
            }
        reply = self._reply(event)
        frame = event.frame if isinstance(event, Login) else event
        if not isinstance(frame, Frame):
            return {"reply": reply.hex() or None}
        batch = decode(FrameBatch.of([frame.raw], self._profile.name, frame.facts), self._profiles)
        return {"device": frame.identity or None, "reports": reports_of(batch), "reply": reply.hex() or None}

    def _reply(self, event: Event) -> bytes:
        if isinstance(event, Login):
            return self._session.decide(event, Decision.ACCEPTED, "")
        return b"" if isinstance(event, Send) else event.answer
