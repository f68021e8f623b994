"""YAML's nodes as plain data, with the place and the text of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gateway.settings.faults import Place
from gateway.settings.plain_yaml import typed

if TYPE_CHECKING:
    from gateway.settings.documents import Path
    from gateway.settings.faults import Findings


@dataclass(slots=True)
class NodeReader:
    """Turns the node tree of a text into data, noting places and texts on the way.

    Attributes:
        line: lines that stand before the text.
        values, keys, texts: as of :class:`gateway.settings.documents.Document`.
    """

    file: str
    findings: Findings
    line: int = 0
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    texts: dict[Path, str] = field(default_factory=dict)

    def _place(self, node: Node) -> Place:
        return Place(self.file, self.line + node.start_mark.line + 1, node.start_mark.column + 1)

    def read(self, node: Node, path: Path) -> object:
        """The data of a node, which stands at ``path``."""
        self.values[path] = self._place(node)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        text: str = node.value
        self.texts[path] = text
        return typed(str(node.tag), text)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, object]:
        data: dict[str, object] = {}
        for key_node, value_node in node.value:
            place = self._place(key_node)
            if not isinstance(key_node, ScalarNode):
                self.findings.add(place, "key_text")
                continue
            key: str = key_node.value
            if key in data:
                self.findings.add(place, "duplicate_key", key=key)
                continue
            self.keys[(*path, key)] = place
            data[key] = self.read(value_node, (*path, key))
            if (
                value_node.value == "" and not value_node.style
            ):  # nothing written: the parser's mark is wherever the next thing stands
                self.values[(*path, key)] = place
        return data
