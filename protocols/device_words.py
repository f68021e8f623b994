"""Texts that a device may take for commands, and the words by which makers let devices hear, see and record."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from protocols.allowance import Allowance, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

_ROOTS = re.compile(
    "MONIT|LISTEN|RECORD|AUDIO|VOICE|SOUND|PHOTO|PICTURE|CAMERA|SNAP|VIDEO|CAPTUR|CALLBACK|AUTOANS|ANSWER|EAVES"
    "|SPY|STREAM|TALK|INTERCOM|MICROPH|LUYIN|JIANTING|PAIZHAO|SHEXIANG|监听|录音|拍照|照相|摄像|录像|回拨|对讲"
)
"""Anywhere in a text, whatever stands between the letters."""
_WORDS = frozenset({
    "ATA", "ATD", "CALL", "CAM", "CREC", "DIAL", "IMAGE", "JPG", "JT", "LIVE", "LY", "MIC", "PIC", "PZ", "REC", "TEL",
    "VOX",
})  # fmt: skip
"""Too short to be looked for inside others: words by themselves, or with figures behind."""
_WORD = re.compile(r"[A-Za-z]+")
_ENDS = re.compile(r"[#;\r\n\0]+")
"""Between several commands in one text."""
_MARKS = frozenset("#<>*=$@&|\\^{}[]_`")
"""What device commands have and a message to a person does not need."""
_WITH_FIGURES = re.compile(r"[A-Za-z]{2,}[0-9]*\s*[,:]\s*[0-9+]")
_WIDE = "\u2e80"
"""From here on characters are Chinese."""
_SHORTEST = 3
_KNOWN = frozenset({
    "APN", "BEGIN", "CENTER", "CLEAR", "FACTORY", "FORMAT", "GPRS", "PARAM", "PWROFF", "REBOOT", "RELAY", "RESET",
    "RESTART", "RESTORE", "SERVER", "SHUTDOWN", "SLEEP", "STATUS", "TIMER", "UPGRADE", "VERSION", "WHERE",
})  # fmt: skip


def hearing_word(text: str) -> str:
    """The word of a text by which a device could be made to hear, see or record; empty where there is none."""
    plain = unicodedata.normalize("NFKC", text).upper()
    found = _ROOTS.search("".join(sign for sign in plain if sign.isalpha()))
    if found is not None:
        return found[0]
    return next((word for word in _WORD.findall(plain) if word in _WORDS), "")


def of_device_text(text: str, is_harmless: Callable[[str], bool]) -> Verdict:
    """A text in a device's own words, perhaps several commands: each known to be harmless, or all is maintenance."""
    parts = [part.strip() for part in _ENDS.split(unicodedata.normalize("NFKC", text).upper()) if part.strip()]
    others = [part for part in parts if not is_harmless(part)]
    if parts and not others:
        return Verdict(Allowance.ALLOWED, parts[0])
    word = hearing_word(text)
    if word:
        return Verdict(Allowance.FORBIDDEN, word)
    return Verdict(Allowance.MAINTENANCE, others[0] if others else text)


def of_message(text: str) -> Verdict:
    """A text for a person, on devices that take some texts for commands."""
    if not _is_command(unicodedata.normalize("NFKC", text)):
        return Verdict(Allowance.ALLOWED, "text")
    word = hearing_word(text)
    return Verdict(Allowance.FORBIDDEN, word) if word else Verdict(Allowance.MAINTENANCE, text)


def _is_command(plain: str) -> bool:
    """Whether a device might read it as one: marks, words with figures, capitals alone, or a known word by itself."""
    if set(plain) & _MARKS or _WITH_FIGURES.search(plain) or any(not sign.isprintable() for sign in plain):
        return True
    words = _WORD.findall(plain)
    if any(word.isupper() and _ROOTS.search(word) for word in words):
        return True
    if any(sign >= _WIDE for sign in plain) or not words:
        return False
    first, others = words[0], words[1:]
    if (first.isupper() and len(first) >= _SHORTEST) or _ROOTS.search(first.upper()):
        return True
    return not others and first.upper() in _KNOWN | _WORDS
