"""Who is silent in an outage, in words: neighbours by number as one run, and no list without end."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from gateway.words.alarm_words import Words
from gateway.words.outage_words import NAMED, named_silent

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ("", ""),
        ("P0007", "：P0007"),
        ("P0030 P0031 P0032 P0040", "：P0030至P0032、P0040"),
        ("P0001 P0002 P0004", "：P0001、P0002、P0004"),
        ("P09 P10 P11 P099 P100", "：P09至P11、P099、P100"),
        ("X Y Z", "：X、Y、Z"),
        ("P1 P3 P5 P7 P9 P11", "：P1、P3、P5、P7、P9等6人"),
    ],
)
def test_neighbours_are_one_run_and_a_long_list_ends_in_a_number(people, said):
    assert named_silent(people, Words("zh", ZONE)) == said


def test_in_english_too():
    words = Words("en", ZONE)
    assert named_silent("P0030 P0031 P0032 P0034", words) == ": P0030 to P0032, P0034"
    many = " ".join(f"P{2 * n:04d}" for n in range(NAMED + 1))
    assert named_silent(many, words).endswith(" and others, 6 in all")
