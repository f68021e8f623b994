"""A corpus of rule files as officers get them wrong: each says where its faults are, and the advice in both languages.

A file of ``faulty_rules`` takes the place of the small county's rules. It begins with its faults as comments, line,
column and the beginning of what is said: all in English, then all in Chinese.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FILES = sorted((Path(__file__).parent / "faulty_rules").glob("*.yaml"))
FAULT = re.compile(r"# (\d+:\d+: .*)")
RULES = "rules/rules.yaml"
ENOUGH = 80


def expected(text: str) -> list[str]:
    said = []
    for line in text.splitlines():
        if (found := FAULT.fullmatch(line)) is None:
            break
        said.append(f"{RULES}:{found[1]}")
    return said


def test_the_corpus_is_large_and_every_file_says_something_of_its_own():
    texts = [path.read_text("utf-8") for path in FILES]
    assert len(FILES) >= ENOUGH
    assert len(set(texts)) == len(texts)
    assert len({re.sub(r"\d+", "", line) for text in texts for line in expected(text)}) >= ENOUGH


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_fault_is_found_at_its_place_with_its_advice_and_nothing_else_is(written, path):
    text = path.read_text("utf-8")
    said = expected(text)
    english, chinese = said[: len(said) // 2], said[len(said) // 2 :]
    assert english
    assert len(english) == len(chinese)
    written.texts[RULES] = text
    for language, wanted in (("en", english), ("zh", chinese)):
        found = [fault.replace(f"{written.directory}/", "") for fault in written.faults(language)]
        assert len(found) == len(wanted), found
        for fault, beginning in zip(found, wanted, strict=True):
            assert fault.startswith(beginning)
    assert all(re.search(r"[\u4e00-\u9fff]", line) for line in chinese)
