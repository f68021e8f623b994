from __future__ import annotations

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.stream import names


def test_names_are_those_that_every_side_agreed_on():
    assert names.journal_stream("510104", 3) == "JOURNAL_510104_3"
    assert names.journal_subject("510104", 3) == "journal.510104.3"
    assert names.alarm_subject("510104", "worker") == "alarm.510104.worker"
    assert names.alarm_id("510104", "county", "a:1") == "510104:county:a:1"
    assert names.life_subject("510104", "county") == "life.510104.county"
    assert names.act_subject("510104") == "act.510104"
    assert names.configurations_bucket("510104") == "configurations_510104"
    assert names.snapshot_key("510104", 0) == "510104/0"


@settings(max_examples=examples(100))
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_code_becomes_a_name_that_the_server_takes_and_comes_back(code):
    written = names.token(code)
    assert names.code_of(written) == code
    assert not set(written) & set(" .*>/\\\t\r\n")


@pytest.mark.parametrize("written", ["", "a.b", "x-zz", "甲", "x-ff"])
def test_what_is_no_name_of_a_code_is_refused(written):
    with pytest.raises(ValueError, match=r".*"):
        names.code_of(written)


def test_codes_that_look_like_an_escape_are_escaped():
    assert names.token("x-e794b2") != names.token("甲") == "x-e794b2"
