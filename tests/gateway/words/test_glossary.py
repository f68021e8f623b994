"""The glossary against what people read: each of its words is used, and nowhere another word for the same."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from gateway.words.kind_names import KIND_NAMES

ROOT = Path(__file__).parents[3]
GLOSSARY = ROOT / "docs" / "glossary.md"
ROW = re.compile(r"^\| (?!词|---)(.+) \|$", re.MULTILINE)
OF_TEXTS = {
    "strap_cut", "exclusion_enter", "inclusion_exit", "curfew_late", "curfew_early_leave", "curfew_absent",
    "repeated_place", "comms_lost", "location_lost", "battery_low", "sos", "phone_off", "mass_outage",
    "locate_timeout", "authority_expiring",
}  # fmt: skip
"""Kinds whose texts are agreed."""


def rows(width: int) -> list[list[str]]:
    """The cells of the glossary's rows that have so many."""
    cells = [row.split(" | ") for row in ROW.findall(GLOSSARY.read_text("utf-8"))]
    return [row for row in cells if len(row) == width]


TERMS = rows(5)


def strings_of(path: Path) -> list[str]:
    """Texts of a module, but for docstrings, names and f-string fields."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in told]
    texts = [re.sub(r"\{\w*\}", "", node.value) for node in constants if isinstance(node.value, str)]
    return [text for text in texts if not re.fullmatch(r"[a-z0-9_./:-]*", text)]


@cache
def said() -> tuple[tuple[str, str], ...]:
    """Module and text of all that stands in gateway/words."""
    modules = sorted((ROOT / "gateway" / "words").glob("*.py"))
    return tuple((path.name, text) for path in modules for text in strings_of(path))


def uses(word: str, text: str) -> bool:
    """Whether a word stands in a text; English ones as whole words, in capitals as they are."""
    if not word.isascii():
        return word in text
    flags = re.NOFLAG if word.isupper() else re.IGNORECASE
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, flags) is not None


@pytest.mark.parametrize("row", TERMS, ids=[row[0] for row in TERMS])
def test_each_word_is_used_and_no_other_for_the_same(row):
    chinese, english, _, *others = row
    for word in (chinese, english):
        assert any(uses(word, text) for _, text in said()), f"{word} stands nowhere in gateway/words"
    unwanted = [word.strip() for cell in others for word in re.split("[、,]", cell)]
    assert all(unwanted)
    found = [(name, word, text) for word in unwanted for name, text in said() if uses(word, text)]
    assert not found, f"the glossary says {chinese}, {english}"


def test_another_word_would_be_found():
    assert uses("告警", "收到告警一条")
    assert uses("alert", "An Alert came")
    assert not uses("alert", "alerted")
    assert not uses("CRITICAL", "critical")


def test_kinds_are_named_as_alarms_name_them():
    named = {kind.strip("`"): (chinese, english) for chinese, english, kind in rows(3)}
    assert named.keys() >= OF_TEXTS
    assert named == {kind: (KIND_NAMES[kind].zh, KIND_NAMES[kind].en) for kind in named}


def test_no_word_stands_twice():
    words = [row[at] for row in TERMS for at in (0, 1)]
    assert len(words) == len(set(words)) >= 60
