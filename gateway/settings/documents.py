"""YAML texts as plain data that still knows where each value was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from reprlib import Repr
from typing import TYPE_CHECKING, TypeAlias

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gateway.settings.composition import compose
from gateway.settings.faults import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.settings.faults import Findings

Path: TypeAlias = tuple[str | int, ...]
_BRIEF = Repr()
"""Lists and mappings cut short, however large they are."""
_MOST_DIGITS = 40
"""More are no number that anybody means; Python would refuse to print some of them."""


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
    """

    file: str
    data: object = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    texts: dict[Path, str] = field(default_factory=dict)
    table: bool = False
    secret: bool = False
    broken: bool = False

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
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(self.file))


def read_yaml(file: str, text: str, findings: Findings) -> Document:
    """Read one YAML 1.2 text. One that cannot be read leaves one fault: its ``data`` is an empty dict, and broken."""
    root, sound = compose(file, text, findings)
    document = Document(file, {}, broken=not sound)
    if root is not None:
        document.data = _Reader(document, findings).read(root, ())
    return document


@dataclass(slots=True)
class _Reader:
    """Turns the node tree of one document into data, noting places on the way."""

    document: Document
    findings: Findings

    def read(self, node: Node, path: Path) -> object:
        place = Place(self.document.file, node.start_mark.line + 1, node.start_mark.column + 1)
        self.document.values[path] = place
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        text: str = node.value
        self.document.texts[path] = text
        return _typed(str(node.tag).rpartition(":")[2], text)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, object]:
        data: dict[str, object] = {}
        for key_node, value_node in node.value:
            place = Place(self.document.file, key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if not isinstance(key_node, ScalarNode):
                self.findings.add(place, "key_text")
                continue
            key: str = key_node.value
            if key in data:
                self.findings.add(place, "duplicate_key", key=key)
                continue
            self.document.keys[(*path, key)] = place
            data[key] = self.read(value_node, (*path, key))
            if (
                value_node.value == "" and not value_node.style
            ):  # nothing written: the parser's mark is wherever the next thing stands
                self.document.values[(*path, key)] = place
        return data


def _typed(tag: str, text: str) -> object:
    plain = text.replace("_", "")
    if tag == "int" and len(plain) > _MOST_DIGITS:
        return text
    try:
        if tag == "int":
            return int(plain, 10) if plain.lstrip("+-").isdigit() else int(plain, 0)
        if tag == "float":
            return float(plain.replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError:
        return text
    if tag == "bool":
        return plain.lower() == "true"
    return None if tag == "null" else text
