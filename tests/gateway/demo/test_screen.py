"""The demo's screen at the sizes terminals have: every part is there, what does not fit is counted."""

from __future__ import annotations

import io
import re

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console

from gateway.demo.screen import FIXED, Known, draw, shares
from gateway.demo.story import OVER, SCENES
from gateway.demo.words import CHANGES, WORDS
from gateway.engine.episode import Change, Episode
from gateway.kinds import KINDS
from gateway.words.alarm_text import text_of
from gateway.words.kind_names import KIND_NAMES

DESK = "http://127.0.0.1:19210/  D01, A01  km4n-j5s3-pnt4-fp2f"
SIZES = [(80, 24), (120, 40), (200, 60)]
AT = 1793630000.0


def episode(kind: str, person: str, hours: float = 0.0) -> Episode:
    at, usual = AT + hours * 3600.0, KINDS[kind]
    return Episode(
        f"{kind}{person}{hours}", kind, usual.severity, usual.ends, person, "B0001", "S01", "strict",
        "cafes", "网吧[4]号", "no-cafes", "禁止令2026-88", at, at, at, 1, 9, 0.99,
        facts={"nights": 3, "of": 5, "hours": []},
    )  # fmt: skip


HAPPENED = (
    ("sos", 6, 0), ("exclusion_enter", 2, 1), ("curfew_absent", 1, 8), ("strap_cut", 4, 20), ("inclusion_exit", 3, 20),
    ("curfew_late", 8, 32), ("curfew_absent", 1, 32), ("curfew_early_leave", 9, 37), ("comms_lost", 7, 44),
    ("exclusion_enter", 2, 45), ("curfew_absent", 1, 56), ("repeated_place", 1, 60),
)  # fmt: skip
EPISODES = [episode(kind, f"P{number:04d}", hours) for kind, number, hours in HAPPENED]
CROWD = [episode("battery_low", f"P{number:04d}", number / 10) for number in range(100, 130)]


def screen(width: int, height: int, language: str, episodes=EPISODES) -> list[str]:
    out = io.StringIO()
    console = Console(file=out, width=width, height=height, force_terminal=True, color_system=None)
    captions = [scene.begins.of(language) for scene in SCENES if scene.begins is not None]
    said = [(change, text_of(each, change, "Asia/Shanghai")) for each in episodes for change in ("raised", "cleared")]
    events = [
        {"type": f"bracelet.alarm.{change}", "data": {"text": {language: text.of(language)}}} for change, text in said
    ]
    figures = ({"clock": "2026-11-04 22:10", "connected": "60/60", "silent": "0", "journaled": "66,150"},)
    figures += ({"true": "13", "raised": "13", "naive": "1,054"},)
    console.print(draw(Known(captions, figures, episodes, events, DESK), console, language, "Asia/Shanghai"))
    return out.getvalue().splitlines()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_fits_and_no_part_is_missing(width, height, language):
    lines = screen(width, height, language)
    assert len(lines) < height
    assert max(map(cell_len, lines)) <= width
    text = "\n".join(lines)
    assert "…" not in text.replace("……", "")
    for word in ("title", "unresolved", "platform", "naive", "desk"):
        assert WORDS[word].of(language) in text
    assert DESK in text
    assert SCENES[-1].begins.of(language) in text
    assert CHANGES["cleared"].of(language) in text
    assert language == "en" or not re.search("raised|cleared|exclusion", text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_alarms_of_one_kind_about_one_person_share_a_line_so_that_all_are_seen(language):
    text = "\n".join(screen(120, 40, language))
    for kind in {each.kind for each in EPISODES}:
        assert KIND_NAMES[kind].of(language) in text
    assert f"{KIND_NAMES['curfew_absent'].of(language)} ×3" in text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_gravest_stay_and_the_rest_is_counted(width, height, language):
    lines = screen(width, height, language, [*EPISODES, *CROWD])
    text = "\n".join(lines)
    assert KIND_NAMES["exclusion_enter"].of(language) in text
    shown = sum(int(times or 1) for times in re.findall(r"11-0\d \d\d:\d\d  P\d{4}  \D+?(?:×(\d+))?  ", text))
    (left,) = re.findall(r"另有 (\d+) 条|and (\d+) more", text)
    assert shown + int("".join(left)) == len(EPISODES) + len(CROWD)


@pytest.mark.parametrize("height", [1, 10, 24, 40, 300])
def test_lines_are_shared_out_completely(height):
    share = shares(height)
    assert min(share.story, share.alarms, share.platform) >= 1
    assert share.story + share.alarms + share.platform == max(height - FIXED, 3)


def test_every_kind_and_every_change_has_words_in_both_languages():
    assert set(KIND_NAMES) == set(KINDS)
    assert set(CHANGES) == {change.value for change in Change}
    tables = [*KIND_NAMES.values(), *CHANGES.values(), *WORDS.values()]
    assert all(text.zh and text.en and text.zh != text.en for text in tables)


def test_the_story_tells_every_beat_in_both_languages_and_in_order():
    hours = [scene.after_hours for scene in SCENES]
    assert hours == sorted(hours)
    assert all(text.zh and text.en for text in [OVER, *(scene.begins for scene in SCENES if scene.begins is not None)])


def test_an_alarm_nobody_can_be_named_for_stands_under_its_device():
    lines = screen(80, 24, "zh", [msgspec.structs.replace(EPISODES[0], person="")])
    assert any("B0001  求助" in line for line in lines)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_found_last_is_seen_on_a_low_screen_however_long_ago_it_began(language):
    found = msgspec.structs.replace(episode("repeated_place", "P0001", 2), decided=AT + 60 * 3600.0)
    text = "\n".join(screen(80, 24, language, [*EPISODES[:-1], found]))
    assert KIND_NAMES["repeated_place"].of(language) in text
