"""What a modem says to AT commands in PDU mode (3GPP TS 27.005), with what goes wrong with such modems."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from firmware_sim.modem.pdus import Submitted, deliver, report, submitted

_ESCAPE, _SUBMIT = 0x1B, 0x1A


@dataclass(slots=True)
class Faults:
    """What goes wrong.

    Attributes:
        echo: it says again what it hears, whatever ``ATE0`` says.
        garbled: how probable a line is to arrive with one of its bytes another; and ``seed`` of that.
        refuses: codes of ``+CMS ERROR`` for the next texts, one each.
        mute: it answers nothing.
        forgets: restarts, unasked, in the middle of the next so many texts.
        reports: what TP-ST its reports have; None: none come.
    """

    echo: bool = False
    garbled: float = 0.0
    seed: int = 0
    refuses: list[int] = field(default_factory=list)
    mute: bool = False
    forgets: int = 0
    reports: int | None = 0


class Modem:
    """One modem, bytes in and bytes out.

    Attributes:
        taken: what the network has taken, in order.
        kept: texts that it keeps, by index.
    """

    def __init__(self, faults: Faults | None = None) -> None:
        self.faults = faults or Faults()
        self.taken: list[Submitted] = []
        self.kept: dict[int, str] = {}
        self.said: list[str] = []
        """Commands that it has heard."""
        self._random = random.Random(self.faults.seed)  # noqa: S311  faults, no secrets
        self._heard = bytearray()
        self._length: int | None = None
        self._echo, self._pdu_mode, self._announces = True, False, False
        self._reference = 0
        self._next_index = 1

    def feed(self, data: bytes) -> bytes:
        """What it says to some bytes."""
        out = bytearray()
        for byte in data:
            if byte == _ESCAPE:
                self._heard.clear()
                self._length = None
            elif self._length is not None and byte == _SUBMIT:
                out += self._submit()
            elif self._length is None and byte == ord("\r"):
                out += self._command()
            else:
                self._heard.append(byte)
        return b"" if self.faults.mute else bytes(out)

    def text(self, number: str, text: str) -> bytes:
        """A text comes for it: kept, and announced where that was asked for."""
        index, self._next_index = self._next_index, self._next_index + 1
        self.kept[index] = deliver(number, text)
        return self._line(f'+CMTI: "SM",{index}') if self._announces and not self.faults.mute else b""

    def restart(self) -> bytes:
        """It begins anew: what it was told is forgotten, what it keeps is not."""
        self._echo, self._pdu_mode, self._announces, self._length = True, False, False, None
        self._heard.clear()
        return self._line("RDY") + self._line("+CFUN: 1") + self._line("SMS Ready")

    def _command(self) -> bytes:
        line, self._heard = self._heard.decode("ascii", "replace").strip(), bytearray()
        self.said.append(line)
        back = line.encode() + b"\r" if self._echo or self.faults.echo else b""
        if line.startswith("AT+CMGS=") and self._pdu_mode:
            self._length = int(line.removeprefix("AT+CMGS="))
            return back + b"\r\n> "
        return back + self._answered(line)

    def _answered(self, line: str) -> bytes:
        name, _, value = line.partition("=")
        if name == "ATE0":
            self._echo = False
        elif name == "AT+CMGF":
            self._pdu_mode = value == "0"
        elif name == "AT+CNMI":
            self._announces = value.startswith("2,1")
        elif name == "AT+CMGL" and self._pdu_mode:
            return b"".join(map(self._listed, self.kept)) + self._line("OK")
        elif name == "AT+CMGR" and self._pdu_mode and int(value) in self.kept:
            pdu = self.kept[int(value)]
            return self._line(f"+CMGR: 0,,{len(pdu) // 2 - 1}") + self._line(pdu) + self._line("OK")
        elif name == "AT+CMGD":
            self.kept.pop(int(value), None)
        elif name != "AT+CMEE":
            return self._line("ERROR")
        return self._line("OK")

    def _listed(self, index: int) -> bytes:
        pdu = self.kept[index]
        return self._line(f"+CMGL: {index},1,,{len(pdu) // 2 - 1}") + self._line(pdu)

    def _submit(self) -> bytes:
        pdu, length = self._heard.decode("ascii", "replace").strip(), self._length
        self._heard, self._length = bytearray(), None
        if self.faults.forgets:
            self.faults.forgets -= 1
            return self.restart()
        if self.faults.refuses:
            return self._line(f"+CMS ERROR: {self.faults.refuses.pop(0)}")
        try:
            one = submitted(pdu)
        except (ValueError, IndexError):
            return self._line("+CMS ERROR: 304")
        if len(pdu) // 2 - 1 != length:
            return self._line("+CMS ERROR: 304")
        self.taken.append(one)
        self._reference = (self._reference + 1) % 256
        return self._line(f"+CMGS: {self._reference}") + self._line("OK") + self._report(one)

    def _report(self, one: Submitted) -> bytes:
        status = self.faults.reports
        if status is None or not one.wants_report:
            return b""
        pdu = report(self._reference, one.number, status)
        return self._line(f"+CDS: {len(pdu) // 2 - 1}") + self._line(pdu)

    def _line(self, text: str) -> bytes:
        data = bytearray(b"\r\n" + text.encode() + b"\r\n")
        if self._random.random() < self.faults.garbled:
            data[self._random.randrange(len(data))] = self._random.randrange(256)
        return bytes(data)
