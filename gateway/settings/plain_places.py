"""Places and texts of what is written plainly (:mod:`gateway.settings.plain_yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from gateway.settings.composition import compose
from gateway.settings.faults import Findings, Place
from gateway.settings.nodes import NodeReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gateway.settings.plain_yaml import PlainText, Written

Path: TypeAlias = tuple[str | int, ...]
Found = TypeVar("Found")
_ENTRY = 2
"""Steps of the path of an entry of a list."""


class LookedUp(Mapping[Path, Found]):
    """What is found only when it is asked for."""

    def __init__(self, paths: Callable[[], Iterator[Path]], look: Callable[[Path], Found | None]) -> None:
        self._paths, self._look = paths, look

    def __getitem__(self, path: Path) -> Found:
        found = self._look(path)
        if found is None:
            raise KeyError(path)
        return found

    def get(self, path: Path, default: Found | None = None) -> Found | None:  # type: ignore[override]  # as used here
        """What is at a path; the default where nothing is."""
        found = self._look(path)
        return default if found is None else found

    def __contains__(self, path: object) -> bool:
        return isinstance(path, tuple) and self._look(path) is not None

    def __iter__(self) -> Iterator[Path]:
        return self._paths()

    def __len__(self) -> int:
        return sum(1 for _ in self)


class PlainPlaces:
    """Where the values of a plain text are written, and how: found when it is asked for.

    Where an entry stands, and what is under its keys, is known; on a closer look the YAML reader reads it once more.
    """

    def __init__(self, file: str, plain: PlainText) -> None:
        self._file, self._plain = file, plain
        self._entry: Path = ()
        self._read: NodeReader | None = None
        self.values = LookedUp(self._paths, self._value)
        self.keys = LookedUp(self._paths, self._key)
        self.texts = LookedUp(self._paths, self._text)

    def _paths(self) -> Iterator[Path]:
        yield ()
        for section, written in self._plain.entries.items():
            yield (section,)
            for index in range(len(written)):
                yield from self._closer((section, index)).values

    def _place(self, offset: int) -> Place:
        return Place(self._file, *self._plain.at(offset))

    def _value(self, path: Path) -> Place | None:
        if len(path) > _ENTRY:
            return self._inside(path)
        if not path:
            return self._place(self._plain.begin)
        section = str(path[0])
        if len(path) == _ENTRY:
            written = self._written(path)
            return None if written is None else self._place(written.begin)
        return self._place(self._plain.lists[section]) if section in self._plain.lists else None

    def _written(self, path: Path) -> Written | None:
        """Where the entry of a path, or what lies around it, is written."""
        section, index = path[:_ENTRY]
        entries = self._plain.entries.get(str(section), [])
        return entries[index] if isinstance(index, int) and 0 <= index < len(entries) else None

    def _inside(self, path: Path) -> Place | None:
        written = self._written(path)
        if written is None or len(path) > _ENTRY + 1:
            return None if written is None else self._closer(path[:_ENTRY]).values.get(path)
        keys = self._plain.data[str(path[0])][int(path[1])]
        offsets = (offset for key, offset in zip(keys, written.values, strict=True) if key == path[_ENTRY])
        return next(map(self._place, offsets), None)

    def _key(self, path: Path) -> Place | None:
        if len(path) == 1 and path[0] in self._plain.data:
            return self._place(self._plain.sections[str(path[0])])
        inside = len(path) > _ENTRY and self._written(path) is not None
        return self._closer(path[:_ENTRY]).keys.get(path) if inside else None

    def _text(self, path: Path) -> str | None:
        inside = len(path) > _ENTRY and self._written(path) is not None
        return self._closer(path[:_ENTRY]).texts.get(path) if inside else None

    def _closer(self, entry: Path) -> NodeReader:
        """One entry as the YAML reader reads it; the last one is remembered."""
        if self._read is None or entry != self._entry:
            begin, end, _ = self._plain.entries[str(entry[0])][int(entry[1])]
            line, column = self._plain.at(begin)
            root, _ = compose(self._file, " " * (column - 1) + self._plain.text[begin:end], Findings())
            self._entry, self._read = entry, NodeReader(self._file, Findings(), line - 1)
            if root is not None:
                self._read.read(root, entry)
        return self._read
