"""XML that may be hostile: elements with a cap on their number and depth, no entity expanded, nothing ever fetched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from defusedxml.ElementTree import ParseError as XmlFault

from protocols.errors import PeerFault

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_ELEMENTS = 20_000
MOST_DEPTH = 32
"""Elements inside one another; an answer needs ten."""
MOST_TEXT = 4096
"""Characters of one element's text; an answer needs twenty."""
_WHOLE = frozenset({"pos", "trl_pos"})


@dataclass(slots=True)
class Node:
    """One element: name without namespace and in small letters, attributes, text, children in order."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""
    children: list[Node] = field(default_factory=list)
    source: str = ""
    """The element as it was written; kept of positions only."""

    def child(self, name: str) -> Node | None:
        """The first child of that name."""
        return next((child for child in self.children if child.name == name), None)

    def every(self, name: str) -> list[Node]:
        """The children of that name."""
        return [child for child in self.children if child.name == name]

    def find(self, name: str) -> Node | None:
        """The first descendant of that name, in the order of the document."""
        waiting = self.children[::-1]
        while waiting:
            node = waiting.pop()
            if node.name == name:
                return node
            waiting.extend(node.children[::-1])
        return None

    def word(self, name: str) -> str:
        """Text of a child, outer blanks off; empty where there is none."""
        child = self.child(name)
        return "" if child is None else child.text.strip()


class _Builder:
    """Takes the parser's events; Expat holds no stack of ours, so depth costs only what the cap allows."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.count = 0
        self.open: list[tuple[Node, int]] = []
        self.place = _nowhere
        self.written = b""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.open) >= MOST_DEPTH:
            raise PeerFault("mlp_too_large", f"more than {MOST_ELEMENTS} elements, or {MOST_DEPTH} inside one another")
        node = Node(_local(tag), {_local(key): value for key, value in attributes.items()})
        if self.open:
            self.open[-1][0].children.append(node)
        else:
            self.root = node
        self.open.append((node, self.place()))

    def end(self, tag: str) -> None:
        """It ends; the place is that of its closing tag."""
        del tag
        node, begin = self.open.pop()
        if node.name in _WHOLE:
            closing = self.written.find(b">", self.place())
            node.source = self.written[begin : closing + 1].decode()

    def data(self, text: str) -> None:
        """Characters; those between elements are dropped with what exceeds the cap."""
        node = self.open[-1][0]
        if len(node.text) < MOST_TEXT:
            node.text = (node.text + text)[:MOST_TEXT]

    def close(self) -> Node | None:
        """The document is over."""
        return self.root


def parse(text: str) -> Node:
    """The root element of a document.

    Raises:
        PeerFault: ``mlp_entity``, ``mlp_too_large``, ``bad_xml``.
    """
    builder = _Builder()
    try:
        builder.written = text.encode()
        parser = DefusedXMLParser(target=builder, forbid_dtd=False, forbid_entities=True, forbid_external=True)
        builder.place = lambda: int(parser.parser.CurrentByteIndex)
        parser.feed(text)
        root: object = parser.close()
    except DefusedXmlException as fault:
        raise PeerFault("mlp_entity", "the document declares entities, or refers to what lies outside it") from fault
    except (XmlFault, ValueError) as fault:
        raise PeerFault("bad_xml", "the document is not well-formed XML") from fault
    if not isinstance(root, Node):
        raise PeerFault("bad_xml", "the document has no element")
    return root


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()


def _nowhere() -> int:
    return 0
