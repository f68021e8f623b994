"""Why an alarm stands, in words and as a picture, in both languages."""

from __future__ import annotations

from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import msgspec
import pytest
from timeline import at

from gateway.words.alarm_words import Words
from gateway.words.explain_picture import HEIGHT, TOP, picture
from gateway.words.explain_words import FLIP, WHY, lines
from gateway.words.explained import Explanation, Flip, Step

ZONE = ZoneInfo("Asia/Shanghai")
STEP = Step(
    time=at(0, 10), received=at(0, 10), device="B0001", source="gnss", beyond_m=41.7, sigma_m=8.2, says=0.9999,
    elapsed_s=60.0, constant_s=90.0, before=2.0, after=5.0, p=0.9933, verdict="inside", enough=2, soft=False,
    lifted=False,
)  # fmt: skip
SOFT = msgspec.structs.replace(STEP, time=at(0, 10.5), source="cell", beyond_m=-3.0, p=0.25, soft=True, lifted=True)
ONE = Explanation(
    person="P0001", rule="no-cafes", zone="cafes", zone_name="网吧 <3>", asks="keep_out",
    text={"zh": "禁入网吧 <3>", "en": "barred from 网吧 <3>"}, basis="禁止令2026-88", configuration="0123456789ab",
    raised=True, why="raised", threshold=0.99, threshold_log_odds=4.6, alarm="f" * 32, kind="exclusion_enter",
    onset=at(0, 10), duty=(at(0, 22), at(1, 8), 900.0), steps=[STEP, SOFT], left_out=7,
    flips=[
        Flip("boundary", metres=-12), Flip("boundary", metres=9), Flip("leave", since=at(0, 9), until=at(0, 11)),
        Flip("no_leave"), Flip("without", since=at(0, 10)), Flip("more", count=3),
    ],
)  # fmt: skip


def said(language: str, **changes: object) -> list[str]:
    return list(lines(msgspec.structs.replace(ONE, **changes), Words(language, ZONE)))


def test_all_of_it_is_said_in_both_languages():
    english, chinese = said("en"), said("zh")
    assert len(english) == len(chinese) == 14
    assert english[0] == (
        "P0001, rule no-cafes: barred from 网吧 <3> (basis 禁止令2026-88; configuration 0123456789ab)"
    )
    assert english[1] == "an alarm stands: probably in a barred zone, since 11-02 10:00:00 (ffffffff)"
    assert english[2] == "raised from 99.0 % on, with enough fixes on that side; well again below 1.0 %"
    assert "grace until 11-02 22:15" in english[3]
    assert english[4] == "(7 earlier fixes left out)"
    assert "42 m on the wrong side (error 8 m): by itself 100.0 %, in all 99.3 %, held to be inside" in english[5]
    assert english[6].endswith("held to be inside; cells, which count to a limit; on leave, or not in force")
    assert "3 m on the right side" in english[6]
    assert "  the boundary 12 m further in" in english
    assert "  边界外移 9 米" in chinese
    assert "  同一处再有 3 次定位（每分钟一次）" in chinese
    assert "单次 100.0%，累计 99.3%，判为在内" in chinese[5]


@pytest.mark.parametrize("why", WHY)
def test_each_reason_why_none_stands_has_its_words(why):
    for language in ("zh", "en"):
        line = said(language, why=why)[1]
        assert line
        assert "{" not in line
    assert said("en", why=why, flips=[])[-1] == "Nothing that was tried would have made it otherwise."


def test_each_flip_has_its_words():
    assert {flip.what for flip in ONE.flips} - {"boundary"} | {"out", "in"} == set(FLIP)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_picture_has_a_point_a_fix_where_its_probability_is(language):
    drawn = ET.fromstring(picture(ONE, Words(language, ZONE)))  # noqa: S314  our own
    points = [each for each in drawn.iter() if each.tag.endswith("circle")]
    assert [float(each.get("cy")) for each in points] == [
        pytest.approx(TOP + HEIGHT * (1.0 - step.p), abs=0.06) for step in ONE.steps
    ]
    dashed = [each for each in drawn.iter() if each.get("stroke-dasharray")]
    assert float(dashed[0].get("y1")) == pytest.approx(TOP + HEIGHT * 0.01, abs=0.06)
    words = "".join(drawn.itertext())
    assert ONE.text[language] in words
    assert {each.tag.rpartition("}")[2] for each in drawn.iter()} <= {
        "svg", "title", "text", "rect", "line", "polyline", "circle",
    }  # fmt: skip


def test_without_a_fix_the_picture_says_so():
    empty = msgspec.structs.replace(ONE, steps=[], flips=[], why="nothing", onset=None, raised=False)
    assert "there is no fix to judge by" in picture(empty, Words("en", ZONE))
