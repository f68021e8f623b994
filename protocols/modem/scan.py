"""From the lines of a scan to its cells: one row a kind of answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from protocols.modem.cced import read_cced
from protocols.modem.columns import Context
from protocols.modem.quectel import read_qeng
from protocols.modem.simcom import read_ceng, read_cpsi
from protocols.modem.telit import read_cops, read_moni

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from protocols.modem.columns import Heard, Unidentified
    from protocols.modem.profiles import Profile
    from protocols.rows import Cell

ANSWERS: dict[str, Callable[[str, Context], Heard]] = {
    "+QENG": read_qeng,
    "+CENG": read_ceng,
    "+CPSI": read_cpsi,
    "+CCED": read_cced,
    "#MONI": read_moni,
    "+COPS": read_cops,
}
_ANSWER = re.compile(r"([+#][A-Z]+)\s*:(.*)", re.IGNORECASE)
_FINAL = re.compile(r"OK|ERROR|\+CM[ES] ERROR:.*", re.IGNORECASE)
_ECHO = re.compile(r"AT[+#&A-Z].*", re.IGNORECASE)
MOST_LINES = 64
MOST_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Scan:
    """Cells of a scan, the serving one first, none twice; ``known``: at least one line was an answer."""

    cells: tuple[Cell, ...]
    unidentified: tuple[Unidentified, ...]
    known: bool


def is_final(line: bytes) -> bool:
    """Whether a line ends a modem's answer."""
    return _FINAL.fullmatch(_text(line)) is not None


def is_known(line: bytes) -> bool:
    """Whether a line is one a modem says to a command of ours, or its echo."""
    text = _text(line)
    answer = _ANSWER.fullmatch(text)
    named = answer is not None and answer[1].upper() in ANSWERS
    return named or is_final(line) or _ECHO.fullmatch(text) is not None


def read_scan(lines: Sequence[bytes], profile: Profile) -> Scan:
    """Read the lines of one scan. Never raises; lines that are no answer and columns too many are passed over."""
    context = Context(profile)
    serving: dict[tuple[int, ...], Cell] = {}
    others: dict[tuple[int, ...], Cell] = {}
    unidentified: list[Unidentified] = []
    for line in lines[:MOST_LINES]:
        answer = _ANSWER.fullmatch(_text(line))
        read = ANSWERS.get(answer[1].upper()) if answer else None
        if answer is None or read is None:
            continue
        heard = read(answer[2], context)
        context = replace(context, network=heard.network or context.network, mode=heard.mode or context.mode)
        into = serving if heard.serving else others
        for cell in heard.cells:
            into.setdefault(cell.identity, cell)
        unidentified += heard.unidentified
    cells = tuple((others | serving)[key] for key in serving | others)
    return Scan(cells, tuple(unidentified), any(map(is_known, lines)))


def lines_of(raw: bytes) -> list[bytes]:
    """The lines of a journaled scan."""
    return [line for line in raw.replace(b"\r", b"\n").split(b"\n") if line]


def _text(line: bytes) -> str:
    return line.decode("latin-1").strip()
