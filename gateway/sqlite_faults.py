"""What an error of SQLite or of the file system means for us: its row of the fault table, and its class."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from gateway.errors import GatewayFault, OurFault, TransientFault
from gateway.fault_table import FAULTS
from gateway.text import Text, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BY_CODE: Final = {code: name for name, kind in FAULTS.items() for code in kind.codes}
_BY_ERRNO: Final = {number: name for name, kind in FAULTS.items() for number in kind.errnos}
_PRIMARY: Final = 0xFF
"""The low byte of an extended code is the code that it refines."""
_DEEDS: Final[Mapping[str, Text]] = {
    "open": Text("打不开 {what}", "cannot open {what}"),
    "read": Text("{what} 读不了", "{what} cannot be read"),
    "store": Text("{what} 存不进", "{what} cannot store"),
    "write": Text("{what} 写不了", "{what} cannot be written"),
    "use": Text("{what} 用不了", "{what} cannot be used"),
}


def kind_of(fault: Exception) -> str:
    """The row of the fault table, by its name.

    A table that is not there is no contradiction: the file may just be made.
    """
    if isinstance(fault, sqlite3.ProgrammingError):
        return "contradiction"
    code = getattr(fault, "sqlite_errorcode", None)
    if code is None:
        return _BY_ERRNO.get(getattr(fault, "errno", None) or 0, "other")
    if code == sqlite3.SQLITE_ERROR and "no such table" not in str(fault):
        return "contradiction"
    return _BY_CODE.get(code) or _BY_CODE.get(code & _PRIMARY, "other")


def passes(fault: Exception) -> bool:
    """Whether the same may succeed later: a lock, a full disk, an I/O error; not a damaged file, not a bug."""
    return FAULTS[kind_of(fault)].passes


def is_damage(fault: Exception) -> bool:
    """Whether the file itself is damaged."""
    return kind_of(fault) == "damaged"


def judged(deed: str, what: object, fault: Exception) -> GatewayFault:
    """The fault to raise for one of SQLite or of the file system: of a class that says whether it passes.

    Args:
        deed: what could not be done: ``open``, ``read``, ``store``, ``write`` or ``use``.
        what: the file, or what people call it; a text in both languages, or any other.
        fault: what was raised.
    """
    said = said_of(deed, what, fault)
    return TransientFault(said) if passes(fault) else OurFault(said)


def said_of(deed: str, what: object, fault: Exception) -> Text:
    """The words of :func:`judged`, for who knows better whether it passes."""
    named = what if isinstance(what, Text) else Text(str(what), str(what))
    begun = _DEEDS[deed]
    return _joined(Text(begun.zh.format(what=named.zh), begun.en.format(what=named.en)), told(fault))


def told(fault: Exception) -> Text:
    """What a fault is, in the system's words too, and what to do."""
    words = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
    return FAULTS[kind_of(fault)].told(words)


def words_of(fault: Exception) -> Text:
    """What any fault says, of ours or of the system."""
    return text_of(fault) if isinstance(fault, GatewayFault) else told(fault)


def damage_of(what: str, said: object) -> Text:
    """The words for a file that can be opened and in which something was found wrong."""
    return _joined(Text(what, what), FAULTS["damaged"].told(said))


def held(what: str) -> TransientFault:
    """The fault to raise where somebody else reads a file, which SQLite says without an error."""
    return TransientFault(_joined(Text(what, what), FAULTS["locked"].told()))


def unread(what: str) -> TransientFault:
    """The fault to raise where SQLite finds nothing of what was there before, for it cannot read it now."""
    return TransientFault(_joined(Text(what, what), FAULTS["io"].told()))


def _joined(what: Text, said: Text) -> Text:
    return Text(f"{what.zh}：{said.zh}", f"{what.en}: {said.en}")


@contextmanager
def in_our_words(deed: str, what: object) -> Iterator[None]:
    """A block whose errors of SQLite and of the file system become faults of ours.

    Raises:
        TransientFault: one that may pass.
        OurFault: one that does not.
    """
    try:
        yield
    except (sqlite3.Error, OSError) as fault:
        raise judged(deed, what, fault) from fault
