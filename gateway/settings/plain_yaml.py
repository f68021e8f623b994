"""Lists of plainly written entries, read quickly: what a program exports for ten thousand people.

A text is plain where it has nothing but sections (``rules:``), each a list whose entries are mappings in braces
(``- {id: Z1, name: park}``) or with a key a line, of words, numbers, quoted texts without escapes, lists and mappings
of those. There is one way to read that, and the YAML reader reads it so, too (``test_plain_yaml.py``); whatever else
there is in a text, a slip for example, makes all of it the YAML reader's.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver

Data: TypeAlias = dict[str, object]

MOST_DEPTH = 4
"""Mappings and lists inside one another within an entry; deeper ones are the YAML reader's."""
_LETTER = r"A-Za-z_\u3400-\u9fff"
_WORD = rf"[{_LETTER}0-9./](?:[{_LETTER}0-9./+()%-]|(?<=[0-9]):(?=[0-9])| (?=[{_LETTER}0-9]))*"
_SEEN = r"\x20-\x7e\u00a1-\u2027\u2030-\ud7ff\uf900-\ufdfc\uff01-\uffe6"
"""Characters that are one to both readers, in comments and between quotes."""
_COMMENT = rf"#[{_SEEN}]*"
_BLANKS = re.compile(rf"(?: *(?:{_COMMENT})?\n)*(?: *(?:{_COMMENT})?\Z)?")
_SECTION = re.compile(rf"([a-z_]+):(?: +{_COMMENT}| *)\n")
_ITEM = re.compile(r"( *)- (?=[{a-z])")
_KEY = re.compile(r"([a-z_]+): +")
_QUOTED = rf"\"((?:(?![\"\\])[{_SEEN}])*)\"|'((?:(?!')[{_SEEN}])*)'(?!')"
_SCALAR = re.compile(rf"(?:({_WORD}|-(?=[0-9]){_WORD})|{_QUOTED})(?=[ \n,\]}}]|\Z)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
_NUMBERS = re.compile(r"\[[-0-9., \[\]]*\]")
_ODD_NUMBERS = re.compile(r"[0-9]{16}|\[[^\]]*\[[^\]]*\[")
"""More digits than a float has, or three lists inside one another."""
_TEXT = re.compile(rf"[{_LETTER}/]|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}\Z")
_LINE_END = re.compile(rf"(?: +{_COMMENT}| *)(?:\n|\Z)")
_GAP = r"(?: *\n +| +)?"
"""Within braces and brackets a line may end anywhere between two words."""
_OPEN = re.compile(rf"[{{\[]{_GAP}")
_NEXT = re.compile(rf"{_GAP}(?:,{_GAP}(?=[^\]}},])|(?=[\]}}]))")
_WORDS: Final = {
    word: value
    for name, value in (("true", True), ("false", False), ("null", None))
    for word in (name, name.title(), name.upper())
}
_MOST_DIGITS = 40
"""More are no number that anybody means; Python would refuse to print some of them."""
_LISTS: Final = json.JSONDecoder()
_RESOLVER: Final = VersionedResolver()


class NotPlainError(Exception):
    """There is something in the text that the YAML reader has to read."""


class Written(NamedTuple):
    """Where an entry is written: offsets of its beginning, its end, and of the value of each of its keys, in order."""

    begin: int
    end: int
    values: list[int]


@dataclass(slots=True)
class PlainText:
    """A text that was plain.

    Attributes:
        data: entries by section, as the YAML reader would give them.
        begin: offset of the first section.
        sections, lists: offset of each section's name, and of its list.
        entries: where those of each section are written.
    """

    text: str
    data: dict[str, list[Data]] = field(default_factory=dict)
    begin: int = 0
    sections: dict[str, int] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)
    entries: dict[str, list[Written]] = field(default_factory=dict)
    _lines: list[int] = field(default_factory=list)

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1."""
        if not self._lines:
            self._lines = [0, *(found.end() for found in re.finditer("\n", self.text))]
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1


def read_plain(text: str) -> PlainText | None:
    """Read a text that is plain; None: it is not."""
    try:
        return _Reader(PlainText(text)).read()
    except NotPlainError:
        return None


@dataclass(slots=True)
class _Reader:
    """Goes through a text; ``at`` is the offset of what comes next."""

    plain: PlainText
    at: int = 0

    def read(self) -> PlainText:
        text = self.plain.text
        self.at = self.plain.begin = self._past(_BLANKS)
        while self.at < len(text):
            begin = self.at
            name = self._found(_SECTION)[1]
            if name in self.plain.data:
                raise NotPlainError
            self.plain.sections[name] = begin
            self.plain.data[name], self.plain.entries[name] = self._items(name)
        if not self.plain.data:
            raise NotPlainError
        return self.plain

    def _found(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """What comes next, which has to be this."""
        found = pattern.match(self.plain.text, self.at)
        if found is None:
            raise NotPlainError
        self.at = found.end()
        return found

    def _past(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.plain.text, self.at)
        return self.at if found is None else found.end()

    def _items(self, name: str) -> tuple[list[Data], list[Written]]:
        """The entries of a section, all equally far from the margin."""
        data: list[Data] = []
        written: list[Written] = []
        self.at, indent = self._past(_BLANKS), None
        while (item := _ITEM.match(self.plain.text, self.at)) is not None:
            if indent is None:
                indent, self.plain.lists[name] = item[1], item.end() - 2
            if item[1] != indent:
                raise NotPlainError
            self.at = begin = item.end()
            values: list[int] = []
            if self.plain.text[begin] == "{":
                data.append(self._mapping(1, values))
                self._found(_LINE_END)
            else:
                data.append(self._lines(f"{indent}  ", values))
            written.append(Written(begin, self.at, values))
            self.at = self._past(_BLANKS)
        if not data:
            raise NotPlainError
        return data, written

    def _lines(self, indent: str, values: list[int]) -> Data:
        """A mapping with a key a line."""
        data: Data = {}
        text = self.plain.text
        while True:
            key = self._found(_KEY)[1]
            if key in data:
                raise NotPlainError
            values.append(self.at)
            data[key] = self._value(1)
            self._found(_LINE_END)
            following = self._past(_BLANKS)
            if not text.startswith(indent, following) or text.startswith(" ", following + len(indent)):
                return data
            self.at = following + len(indent)

    def _value(self, depth: int) -> object:
        text, at = self.plain.text, self.at
        scalar = _SCALAR.match(text, at)
        if scalar is not None:
            self.at = scalar.end()
            return _typed(scalar[1]) if scalar[1] is not None else scalar[2] if scalar[2] is not None else scalar[3]
        if depth >= MOST_DEPTH or at >= len(text):
            raise NotPlainError
        if text[at] == "{":
            return self._mapping(depth + 1)
        if text[at] != "[":
            raise NotPlainError
        return self._numbers() if _NUMBERS.match(text, at) else self._list(depth + 1)

    def _numbers(self) -> object:
        """Numbers in brackets, as corners are: JSON takes the same and means the same."""
        begin = self.at
        found = self._found(_NUMBERS)
        if _ODD_NUMBERS.search(found[0]):
            raise NotPlainError
        try:
            value, self.at = _LISTS.raw_decode(self.plain.text, begin)
        except ValueError as other:
            raise NotPlainError from other
        return value

    def _mapping(self, depth: int, values: list[int] | None = None) -> Data:
        """A mapping in braces; ``values`` is told where those of its keys are written."""
        text, data = self.plain.text, Data()
        self._found(_OPEN)
        while not text.startswith("}", self.at):
            key = self._found(_KEY)[1]
            if key in data:
                raise NotPlainError
            if values is not None:
                values.append(self.at)
            data[key] = self._value(depth)
            self._found(_NEXT)
        self.at += 1
        return data

    def _list(self, depth: int) -> list[object]:
        text, data = self.plain.text, list[object]()
        self._found(_OPEN)
        while not text.startswith("]", self.at):
            data.append(self._value(depth))
            self._found(_NEXT)
        self.at += 1
        return data


def _typed(word: str) -> object:
    """A word without quotes, as YAML 1.2 means it."""
    if _TEXT.match(word):
        return _WORDS.get(word, word)
    number = _NUMBER.fullmatch(word)
    if number is not None:
        return int(word) if number[1] is None else float(word)
    return typed(str(_RESOLVER.resolve(ScalarNode, word, (True, False))), word)


def typed(tag: str, text: str) -> object:
    """A scalar as its tag means it; what cannot be read as that, and dates, stay text."""
    plain, kind = text.replace("_", ""), tag.rpartition(":")[2]
    if kind == "int" and len(plain) > _MOST_DIGITS:
        return text
    try:
        if kind == "int":
            return int(plain, 10) if plain.lstrip("+-").isdigit() else int(plain, 0)
        if kind == "float":
            return float(plain.replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError:
        return text
    if kind == "bool":
        return plain.lower() == "true"
    return None if kind == "null" else text
