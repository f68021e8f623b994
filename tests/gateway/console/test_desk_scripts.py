"""The desk's own scripts: what comes from files and people is text for them, never markup, and nothing is evaluated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[3] / "gateway" / "console" / "static"
MARKUP = re.compile(
    r"(inner|outer)HTML\s*\+?=[^=]|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(.style"
)


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_a_script_puts_text_and_never_markup(path):
    lines = path.read_text("utf-8").splitlines()
    assert [line for line in lines if MARKUP.search(line)] == []
    assert lines[0] == '"use strict";'


@pytest.mark.parametrize("path", sorted([*STATIC.glob("*.js"), *STATIC.glob("*.css")]), ids=lambda path: path.name)
def test_nothing_is_asked_of_another_host(path):
    assert re.search(r"https?:|//[a-z]+\.[a-z]", path.read_text("utf-8")) is None
