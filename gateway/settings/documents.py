"""YAML texts as plain data that still knows where each value was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from reprlib import Repr
from typing import TYPE_CHECKING, TypeAlias, cast

from gateway.settings.composition import compose
from gateway.settings.faults import LaterPlace, Place
from gateway.settings.nodes import NodeReader
from gateway.settings.plain_places import PlainPlaces
from gateway.settings.plain_yaml import read_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gateway.settings.faults import Findings
    from gateway.settings.readings import Piece

Path: TypeAlias = tuple[str | int, ...]
_BRIEF = Repr()
"""Lists and mappings cut short, however large they are."""


@dataclass(slots=True)
class Document:
    """Data of one file, with the place and the raw text of every value in it.

    Attributes:
        file: the name shown to the officer.
        data: nested dict, list, str, int, float, bool, None. Dates stay text.
        values, keys: place of each value, and of the key it stands under, by path.
        texts: each scalar as written, without its quotes.
        table: the data comes from a table, so that all of it is text.
        secret: no value of it may be shown.
        broken: not all of the file could be read, so that what it lacks is no fault of its own.
        kept: what was read of the same text before; then there is no data, and a place is looked up when it is told.
    """

    file: str
    data: object = None
    values: Mapping[Path, Place] = field(default_factory=dict)
    keys: Mapping[Path, Place] = field(default_factory=dict)
    texts: Mapping[Path, str] = field(default_factory=dict)
    table: bool = False
    secret: bool = False
    broken: bool = False
    kept: Piece | None = None

    def at(self, path: Path) -> object:
        """The data at ``path``; None where there is none."""
        data = self.data
        for step in path:
            inside = isinstance(data, dict) if isinstance(step, str) else isinstance(data, list) and step < len(data)
            if not inside:
                return None
            data = data.get(step) if isinstance(data, dict) else data[step]  # type: ignore[index]
        return data

    def shown(self, path: Path) -> str:
        """The value at ``path`` as a message may quote it."""
        if self.secret:
            return "***"
        written = self.texts.get(path)
        return (_BRIEF.repr(self.at(path)) if written is None else written)[:60]

    def leaf(self, path: Path, text: str) -> Path:
        """Path of the value below ``path`` that reads ``text``; ``path`` itself where there is none."""
        return next((each for each in self._leaves(path) if self.texts.get(each) == text), path)

    def _leaves(self, path: Path) -> Iterator[Path]:
        data = self.at(path)
        if isinstance(data, (dict, list)):
            for step in data if isinstance(data, dict) else range(len(data)):
                yield from self._leaves((*path, step))
        else:
            yield path

    def place(self, path: Path) -> Place:
        """Where the value at ``path`` stands; where it is missing, the nearest that encloses it."""
        if self.kept is not None:
            return cast("Place", LaterPlace(self._found, path))
        return self._found(path)

    def _found(self, path: Path) -> Place:
        while (found := self.values.get(path)) is None and path:
            path = path[:-1]
        return Place(self.file) if found is None else found


def read_yaml(file: str, text: str, findings: Findings) -> Document:
    """Read one YAML 1.2 text. One that cannot be read leaves one fault: its ``data`` is an empty dict, and broken."""
    plain = read_plain(text)
    if plain is not None:
        places = PlainPlaces(file, plain)
        return Document(file, plain.data, places.values, places.keys, places.texts)
    root, sound = compose(file, text, findings)
    document = Document(file, {}, broken=not sound)
    if root is not None:
        reader = NodeReader(file, findings)
        document.data = reader.read(root, ())
        document.values, document.keys, document.texts = reader.values, reader.keys, reader.texts
    return document
