"""Entries of a YAML text changed and added where they stand: comments, order and everybody else's words stay."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_\-]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


class EntryEdit(NamedTuple):
    """What becomes of an entry of a list. ``at``: its place in it, None: it is new. ``values``: by key; None: none."""

    section: str
    at: int | None
    values: Mapping[str, str | None]


def edited_yaml(text: str, edits: Sequence[EntryEdit]) -> str:
    """The text with its entries changed, one edit after the other: each finds its place anew."""
    for edit in edits:
        text = _edited(text, edit)
    return text


def _edited(text: str, edit: EntryEdit) -> str:
    section = _section(text, edit.section)
    if section is None:
        return _begun(text, edit.section, f"  - {_flow(edit.values)}")
    if edit.at is None:
        return _appended(text, section, _flow(edit.values))
    for key, value in edit.values.items():
        section = _section(text, edit.section) or section
        text = _set(text, section.value[edit.at], key, "null" if value is None else _scalar(value))
    return text


def with_item(text: str, section: str, value: str) -> str:
    """The text with one more value in a list of it, behind the others."""
    found, item = _section(text, section), _scalar(value)
    return _begun(text, section, f"  - {item}") if found is None else _appended(text, found, item)


def without_keys(text: str, section: str, at: int, keys: Collection[str]) -> str:
    """The text without some keys, and what stands under them, in the entry ``at`` of a list; others have to stay."""
    while True:
        found = _section(text, section)
        entry = None if found is None else found.value[at]
        index = next((each for each, (key, _) in enumerate(entry.value) if key.value in keys), None) if entry else None
        if entry is None or index is None:
            return text
        text = _without(text, entry, index)


def _without(text: str, entry: MappingNode, index: int) -> str:
    """Without one key: its lines, or its part of a line where others stand on it."""
    begin = _offset(text, entry.value[index][0].start_mark)
    if not index:
        return text[:begin] + text[_offset(text, entry.value[1][0].start_mark) :]
    end = _offset(text, _last(entry.value[index][1]).end_mark)
    if entry.flow_style:
        return text[: _offset(text, _last(entry.value[index - 1][1]).end_mark)] + text[end:]
    line = text.find("\n", end)
    return text[: text.rfind("\n", 0, begin) + 1] + ("" if line < 0 else text[line + 1 :])


def _section(text: str, name: str) -> SequenceNode | None:
    """A list of the main mapping; None: there is none, or nothing in it."""
    root = YAML(typ="safe", pure=True).compose(text)
    found = _value_of(root, name) if isinstance(root, MappingNode) else None
    return found if isinstance(found, SequenceNode) else None


def _begun(text: str, section: str, entry: str) -> str:
    """With the first entry of a list: below its key, where that stands already."""
    key = re.search(rf"^{section}:[ \t]*(?:#.*)?$", text, re.MULTILINE)
    if key is None:
        return f"{text.rstrip()}\n\n{section}:\n{entry}\n"
    return f"{text[: key.end()]}\n{entry}{text[key.end() :]}"


def _set(text: str, entry: MappingNode, key: str, written: str) -> str:
    """A value in the place of the one before, or a further key of the entry."""
    value = _value_of(entry, key)
    if value is not None:
        begin, end = _offset(text, value.start_mark), _offset(text, value.end_mark)
        return text[:begin] + ("" if text[:begin].endswith((" ", "\n")) else " ") + written + text[end:]
    if entry.flow_style:
        at = _offset(text, entry.end_mark) - 1
        return f"{text[:at].rstrip()}, {key}: {written}{text[at:]}"
    indent = " " * entry.value[0][0].start_mark.column
    return _after(text, _last(entry), f"{indent}{key}: {written}")


def _appended(text: str, section: SequenceNode, entry: str) -> str:
    if section.flow_style:
        at = _offset(text, section.end_mark) - 1
        return f"{text[:at].rstrip()}{', ' if section.value else ''}{entry}{text[at:]}"
    dash = text[: _offset(text, section.value[-1].start_mark)].rpartition("\n")[2].find("-")
    return _after(text, _last(section), f"{' ' * dash}- {entry}")


def _value_of(node: MappingNode, key: str) -> Any:  # noqa: ANN401  a node, of whichever kind stands there
    return next((value for name, value in node.value if name.value == key), None)


def _last(node: Any) -> Any:  # noqa: ANN401  as above
    """What is written last of a node."""
    while isinstance(node, MappingNode | SequenceNode) and node.value and not node.flow_style:
        node = node.value[-1][1] if isinstance(node, MappingNode) else node.value[-1]
    return node


def _after(text: str, node: Any, line: str) -> str:  # noqa: ANN401  as above
    """A line of its own behind the one on which a node ends."""
    at = _offset(text, node.end_mark)
    if node.end_mark.column or at == len(text):
        end = text.find("\n", at)
        if end < 0:
            return f"{text}\n{line}\n"
        at = end + 1
    return f"{text[:at]}{line}\n{text[at:]}"


def _offset(text: str, mark: Any) -> int:  # noqa: ANN401  as above
    """Of a mark in the text, by its line and column."""
    begin = 0
    for _ in range(mark.line):
        begin = text.index("\n", begin) + 1
    return begin + int(mark.column)


def _flow(values: Mapping[str, str | None]) -> str:
    return "{" + ", ".join(f"{key}: {_scalar(value)}" for key, value in values.items() if value is not None) + "}"


def _scalar(value: str) -> str:
    """A text that stays one: in quotes, unless it is a plain word."""
    return value if _PLAIN.fullmatch(value) and value.lower() not in _WORDS else json.dumps(value, ensure_ascii=False)
