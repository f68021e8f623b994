"""What is typed, and what is shown."""

from __future__ import annotations

import io
import json

import msgspec
import pytest
from rich.console import Console

from gateway.cli.command_lines import seconds_of, values_of
from gateway.engine.records import Command, CommandRecord, End
from gateway.errors import UserFault
from gateway.words.command_words import ENDS, HEADINGS, described, sentence, shown

RECORD = CommandRecord(
    Command("a1", "B0001", "text", "D01", 1793630000.0 + 900.0, {"text": "[bold]回电"}), 1793630000.0, 7
)
DONE = msgspec.structs.replace(RECORD, end=End.DONE, text="well", ended=1793630010.0)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90.0), ("15m", 900.0), ("15min", 900.0), ("2h", 7200.0), (" 1d ", 86400.0)]
)
def test_durations(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "15", "m", "-1m", "1e9s", "nan s", "1 week", "１5m"])
def test_what_is_no_duration_is_refused_with_an_example(text):
    with pytest.raises(UserFault, match="for example 90s, 15m"):
        seconds_of(text)


def test_arguments_may_hold_equals_signs_and_nothing():
    assert values_of(["a=1", "b=x=y", "c="]) == {"a": "1", "b": "x=y", "c": ""}


@pytest.mark.parametrize("arguments", [["30"], ["=30"], ["a=1", "a=2"]])
def test_arguments_without_a_name_or_given_twice_are_refused(arguments):
    with pytest.raises(UserFault, match=r"NAME=VALUE|twice"):
        values_of(arguments)


def test_every_end_has_words_in_both_languages():
    assert set(ENDS) == set(End)
    assert all(text.zh and text.en and text.zh != text.en for text in ENDS.values())


@pytest.mark.parametrize(("language", "shown"), [("zh", "a1：已执行：well"), ("en", "a1: done: well")])
def test_a_sentence_says_which_how_and_what_the_device_said(language, shown):
    assert sentence(DONE, language, waited=True) == shown


def test_a_pending_one_is_told_from_one_that_was_waited_for():
    assert sentence(RECORD, "en", waited=False) == "a1: the order is on disk"
    assert "has not answered yet" in sentence(RECORD, "en", waited=True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_list_shows_brackets_as_they_are_and_local_time(language):
    out = io.StringIO()
    Console(file=out, width=200).print(shown([RECORD, DONE], "Asia/Shanghai", language))
    text = out.getvalue()
    assert all(heading in text for heading in HEADINGS[language])
    assert "text text=[bold]回电" in text
    assert "11-02 22:33" in text


def test_json_has_everything():
    line = json.loads(msgspec.json.encode(described(DONE)))
    assert line == {
        "id": "a1", "device": "B0001", "order": "text", "values": {"text": "[bold]回电"}, "zone": "",
        "places": 0, "by": "D01", "account": "", "reason": "", "confirmed_by": "",
        "given": "2026-11-02T14:33:20Z", "expires": "2026-11-02T14:48:20Z", "state": "done", "text": "well",
        "ended": "2026-11-02T14:33:30Z", "ended_by": "",
    }  # fmt: skip
    assert described(RECORD)["state"] == "pending"
    assert described(RECORD)["ended"] is None
