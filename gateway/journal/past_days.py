"""The files of a journal that nobody writes any more, each opened once, so that many days cost no more than few.

What was found of one holds as long as the file system says that it is as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from gateway.errors import GatewayFault
from gateway.journal.faults import NewerJournal
from gateway.journal.segment import is_segment, select

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.journal.erasure import Spans

_State: TypeAlias = "tuple[int, ...]"
_FIRST = "SELECT min(first) FROM batch"
_WHOLE = "SELECT min(first), max(first + count), max(received_last) FROM batch"


@dataclass(slots=True)
class PastDay:
    """One of them.

    Attributes:
        first, until: offsets of its first entry, and of the one behind its last.
        last: the latest receive time in it, UTC epoch seconds.
        state: what the file system says of it; another one, where somebody has written to it.
        cleared: by names of kinds, what was held when it had nothing else of them (``Kept.label``).
        fixes: the earliest own time of fixes of another system in it, but of those that were held, and what was held;
            None: nobody has looked.
    """

    path: Path
    first: int
    until: int
    last: float
    state: _State
    cleared: dict[frozenset[str], str] = field(default_factory=dict)
    fixes: tuple[float, Spans] | None = None


class PastDays:
    """Those of one directory. A file whose first entry cannot be read is passed over, and tried again the next time.

    Not thread-safe: whoever rewrites days that are over holds it.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._firsts: dict[Path, int] = {}
        self._known: dict[Path, PastDay] = {}

    def over(self) -> list[PastDay]:
        """All that have an entry, in the order of their offsets, but the newest, which may be being written.

        Raises:
            TransientFault: one cannot be read now.
            OurFault: one is damaged, or a newer version has written it.
            OSError: the directory cannot be read.
        """
        paths = sorted(path for path in self._directory.glob("*.journal") if is_segment(path))
        found = ((path, self._firsts[path] if path in self._firsts else _first_in(path)) for path in paths)
        self._firsts = {path: first for path, first in found if first is not None}
        ordered = sorted(self._firsts.items(), key=itemgetter(1))
        self._known = {path: self._day(path) for path, _ in ordered[:-1]}
        return list(self._known.values())

    def _day(self, path: Path) -> PastDay:
        state, known = _state_of(path), self._known.get(path)
        if known is not None and known.state == state:
            return known
        first, until, last = next(select(path, _WHOLE))
        return PastDay(path, first, until, last, state)


def _first_in(path: Path) -> int | None:
    """Offset of a file's first entry; None: it has none, or cannot be read."""
    try:
        first: int | None = next(select(path, _FIRST), (None,))[0]
    except NewerJournal:
        raise
    except GatewayFault:
        return None
    return first


def _state_of(path: Path) -> _State:
    """Of a file and of the log beside it, which has something only while somebody reads what was written anew."""
    log = path.with_name(f"{path.name}-wal")
    seen = [path.stat(), *([log.stat()] if log.exists() else [])]
    return tuple(number for one in seen if one.st_size for number in (one.st_ino, one.st_size, one.st_mtime_ns))
