"""The talk with a modem, as bytes and events alone: 3GPP TS 27.005 in PDU mode. No port, no clock.

    set up -> ready -> AT+CMGS=n -> "> " -> PDU, Ctrl-Z -> +CMGS: reference, OK
                   +CMTI: -> AT+CMGR=n -> the text -> (kept by the caller) -> AT+CMGD=n
                   +CDS:  -> a report on the next line

One command is under way at a time. A modem that answers nothing, or says that it starts, is set up anew; what it had
been given then is in doubt, and said so. ``AT+CSMP`` is not said: in PDU mode the PDU carries what it sets (3.1.2).
"""

from __future__ import annotations

import math
import re
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gateway.sms.events import Came, Fell, NotTaken, Ready, Reported, Taken
from gateway.sms.faults import PduFault
from gateway.sms.incoming import Incoming, read
from gateway.sms.results import RESTARTED, TIMEOUT, UNSPECIFIED, words_of

if TYPE_CHECKING:
    from gateway.sms.events import Told
    from gateway.sms.submit import Pdu

MOST_LINE: Final = 1024
"""Bytes of a line; a longer one is rubbish."""
MOST_WAITING: Final = 256
"""Commands that may wait; a modem that announces more texts is read again when it is next set up."""
ANSWER: Final = 10.0
"""Seconds for any answer but that of the network."""
NETWORK: Final = 60.0
"""Seconds for the network's: the stack's own timer is 35 to 45 (TS 24.011, 10)."""
AGAIN: Final = 5.0
"""Seconds before a modem that does not answer is set up again."""
LOOK: Final = 60.0
"""Seconds between looks at what is kept, while nothing else is said: an announcement may have been garbled, and a modem
that restarted without a word is found out."""
_ESCAPE, _SUBMIT, _PROMPT = b"\x1b", b"\x1a", b"> "
SETUP: Final = ("ATE0", "AT+CMEE=1", "AT+CMGF=0", "AT+CNMI=2,1,0,1,0", "AT+CMGL=4")
"""No echo, errors by number, PDU mode; texts are kept and announced, reports come by themselves; what is kept."""
_FINAL: Final = re.compile(r"(OK|ERROR)|\+CM[ES] ERROR: *(\d+).*|\+CM[ES] ERROR:.*")
_REFERENCE: Final = re.compile(r"\+CMGS: *(\d{1,3})")
_KEPT: Final = re.compile(r"\+CMGL: *(\d+),")
_ANNOUNCED: Final = re.compile(r'\+C(?:MT|DS)I: *"?\w*"?, *(\d+)')
_FOLLOWED: Final = re.compile(r"\+(?:CMT|CDS|CMGR|CMGL):")
_STARTS: Final = re.compile(r"RDY|\^SYSSTART|\+CFUN: *1|SMS Ready|SMS DONE|PB DONE|START", re.IGNORECASE)
_ASKED: Final = re.compile(r"AT\+CMGR=(\d+)")
_HEX: Final = re.compile(r"[0-9A-Fa-f]+")


@dataclass(slots=True)
class _Command:
    text: str
    pdu: str = ""
    """To be given behind the prompt; empty: nothing is."""
    is_given: bool = False
    reference: int | None = None


class Session:
    """One line's. Time is in seconds of any clock that does not step.

    Attributes:
        odd: lines, and bytes of lines too long, that mean nothing to us, counted; and PDUs that cannot be read.
    """

    def __init__(self) -> None:
        self.odd: Counter[str] = Counter()
        self._out = bytearray()
        self._line = bytearray()
        self._waiting: deque[_Command] = deque()
        self._now: _Command | None = None
        self._due = -math.inf
        self._is_set_up = False
        self._heading = ""
        """A line of which the next one is the PDU."""

    @property
    def is_free(self) -> bool:
        """Whether a PDU may be given."""
        return self._is_set_up and not any(one.pdu for one in (self._now, *self._waiting) if one is not None)

    def due(self) -> float:
        """When :meth:`tick` next has something to do."""
        return self._due

    def outgoing(self) -> bytes:
        """What is to be written now, once."""
        out, self._out = bytes(self._out), bytearray()
        return out

    def give(self, pdu: Pdu, now: float) -> None:
        """A PDU for the network; only while it is free. Taken or NotTaken follows, once."""
        self._put(_Command(f"AT+CMGS={pdu.length}", pdu.hex), now)

    def forget(self, index: int, now: float) -> None:
        """A text that came is kept elsewhere."""
        self._put(_Command(f"AT+CMGD={index}"), now)

    def tick(self, now: float) -> list[Told]:
        """What time alone brings: a modem that does not answer is begun with again."""
        if now < self._due:
            return []
        if self._now is not None:
            self._out += _ESCAPE  # out of a prompt that it may hang in
            self._due = now + AGAIN
            return self._fall(TIMEOUT, "no answer")
        if self._is_set_up:
            self._put(_Command(SETUP[-1]), now)
        else:
            self._waiting.extend(_Command(text) for text in SETUP)
            self._next(now)
        return []

    def feed(self, data: bytes, now: float) -> list[Told]:
        """Take bytes in any split."""
        told: list[Told] = []
        for byte in data:
            if byte in b"\r\n":
                line, self._line = bytes(self._line), bytearray()
                told += self._read(line, now) if line.strip() else []
            elif len(self._line) < MOST_LINE:
                self._line.append(byte)
            else:
                self.odd["line_long"] += 1
            if self._line.lstrip() == _PROMPT.rstrip() and self._wants_prompt():
                self._line.clear()
                self._give(now)
        return told

    def _put(self, command: _Command, now: float) -> None:
        if len(self._waiting) < MOST_WAITING or command.pdu:
            self._waiting.append(command)
        if self._is_set_up and self._now is None:
            self._next(now)

    def _next(self, now: float) -> None:
        self._now = self._waiting.popleft() if self._waiting else None
        self._due = now + (LOOK if self._now is None else ANSWER)
        if self._now is not None:
            self._out += self._now.text.encode() + b"\r"

    def _wants_prompt(self) -> bool:
        return self._now is not None and bool(self._now.pdu) and not self._now.is_given

    def _give(self, now: float) -> None:
        if self._now is not None:
            self._now.is_given = True
            self._out += self._now.pdu.encode() + _SUBMIT
            self._due = now + NETWORK

    def _read(self, raw: bytes, now: float) -> list[Told]:
        """One line that is not blank."""
        line = raw.decode("ascii", "replace").strip()
        heading, self._heading = self._heading, ""
        if heading and _HEX.fullmatch(line):
            return self._pdu(heading, line, now)
        if heading:
            self.odd["heading"] += 1
        if self._is_echo(line):
            return []
        if _STARTS.fullmatch(line):
            return self._restarted(now)
        if _FOLLOWED.match(line):
            self._heading = line
        elif announced := _ANNOUNCED.fullmatch(line):
            self._put(_Command(f"AT+CMGR={announced[1]}"), now)
        elif self._now is not None and (reference := _REFERENCE.match(line)):
            self._now.reference = int(reference[1])
        elif final := _FINAL.fullmatch(line):
            return self._ended(0 if final[1] == "OK" else int(final[2] or UNSPECIFIED), now)
        else:
            self.odd["line"] += 1
        return []

    def _is_echo(self, line: str) -> bool:
        """What we said ourselves: the first command is echoed by nearly all, a PDU by those that forgot ATE0."""
        return self._now is not None and line in {self._now.text, self._now.pdu, self._now.pdu + "\x1a"}

    def _restarted(self, now: float) -> list[Told]:
        """It says that it starts: soon after, it may be set up."""
        told = self._fall(RESTARTED, "restarted") if self._is_set_up or self._now is not None else []
        self._due = now + AGAIN
        return told

    def _fall(self, code: int, why: str) -> list[Told]:
        """All that was under way is given up; what was given, or was to be, is told."""
        lost = [one for one in (self._now, *self._waiting) if one is not None and one.pdu]
        self._waiting.clear()
        self._now, self._is_set_up, self._heading = None, False, ""
        self._line.clear()
        return [*(NotTaken(code) for _ in lost), Fell(why)]

    def _ended(self, code: int, now: float) -> list[Told]:
        """The command under way is answered; 0: well."""
        command = self._now
        told: list[Told] = []
        if command is None:
            self.odd["answer"] += 1
            return []
        if command.pdu:
            told.append(_outcome(command, code))
        elif code and command.text in SETUP and command.text != SETUP[1]:
            # Nothing goes without its setting; but a modem without numbered errors is one, too.
            self._due = now + AGAIN
            return self._fall(code, f"{command.text}: {words_of(code)}")
        if not self._is_set_up and command.text == SETUP[-1]:
            self._is_set_up = True
            told.append(Ready())
        self._next(now)
        return told

    def _pdu(self, heading: str, line: str, now: float) -> list[Told]:
        """The line behind a heading."""
        index = self._index(heading)
        try:
            said = read(line)
        except PduFault:
            self.odd["pdu"] += 1
            if index is not None:
                self.forget(index, now)
            return []
        if isinstance(said, Incoming):
            return [Came(said, index)]
        if index is not None:
            self.forget(index, now)
        return [Reported(said)]

    def _index(self, heading: str) -> int | None:
        """Where the modem keeps what the line says: in a list it says so, else it is what we asked for."""
        asked = "" if self._now is None else self._now.text
        found = _KEPT.match(heading) or (_ASKED.fullmatch(asked) if heading.startswith("+CMGR") else None)
        return None if found is None else int(found[1])


def _outcome(command: _Command, code: int) -> Told:
    """A PDU was taken only where the network has given it a number."""
    if code == 0 and command.reference is not None:
        return Taken(command.reference)
    return NotTaken(code or UNSPECIFIED)
