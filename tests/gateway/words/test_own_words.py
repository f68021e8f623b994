"""What the gateway orders by itself, in the reader's language; what an officer wrote stays as it is."""

from __future__ import annotations

import pytest
from rich.console import Console

from gateway.engine.records import Command, CommandRecord
from gateway.words.command_words import described, shown


def listed(by: str, reason: str, language: str) -> str:
    record = CommandRecord(Command("a" * 12, "B0001", "interval", by, 1.0, {"seconds": "60"}, reason=reason), 0.0, 0)
    console = Console(width=200, record=True, file=None, quiet=False)
    with console.capture() as captured:
        console.print(shown([record], "Asia/Shanghai", language))
    return captured.get()


@pytest.mark.parametrize(
    ("reason", "zh", "en"),
    [
        ("closer", "定位可能越界，缩短上报间隔", "evidence leans: closer reports"),
        ("usual", "恢复平时的上报间隔", "the usual interval again"),
    ],
)
def test_the_gateways_own_reasons_are_told_in_words(reason, zh, en):
    assert zh in listed("gateway", reason, "zh")
    assert en in listed("gateway", reason, "en")


def test_an_officers_reason_is_told_as_it_was_written():
    assert "closer" in listed("D01", "closer", "zh")
    assert "缩短上报间隔" not in listed("D01", "closer", "zh")


def test_scripts_read_the_code():
    record = CommandRecord(Command("a" * 12, "B0001", "interval", "gateway", 1.0, reason="usual"), 0.0, 0)
    assert (described(record)["by"], described(record)["reason"]) == ("gateway", "usual")
