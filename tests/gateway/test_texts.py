"""What an alarm says: in both languages, a lead and not a finding, with whatever is known of it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from timeline import HOUR, at

import gateway.engine
from gateway.engine.conditions import FLAG_KINDS
from gateway.engine.curfew import OPEN_KINDS
from gateway.engine.episode import Change, CloseOutcome, Episode, Note
from gateway.engine.weigh import ZONE_KINDS
from gateway.kinds import KINDS
from gateway.texts import MEASURED, text_of

RAISED = sorted(
    {*FLAG_KINDS.values(), *OPEN_KINDS.values(), *ZONE_KINDS.values()}
    | {"curfew_absent", "repeated_place", "battery_low", "comms_lost", "locate_timeout", "phone_off", "entry_skipped"}
)
FORBIDDEN = re.compile(r"违规|违反|脱逃|逃跑|逃脱|violat|escap|abscond|offen[dc]|guilty", re.IGNORECASE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def episode(kind: str = "strap_cut", **known: object) -> Episode:
    """An alarm of which nothing is known but what every alarm has."""
    return Episode(
        id="0" * 32, kind=kind, severity=KINDS[kind].severity, ends=KINDS[kind].ends, person="P0001", device="B0001",
        office="", level="", zone="", zone_name="", rule="", basis="", onset=at(0, 22.5), decided=at(0, 22.75),
        received=at(0, 22.75), first_offset=1, last_offset=2, **known,  # type: ignore[arg-type]
    )  # fmt: skip


KNOWN = {
    "probability": 0.99876, "latitude": 24.33, "longitude": 109.41, "radius_m": 23.4,
    "facts": {
        "from": at(0, 22), "until": at(1, 8), "out_from": at(0, 22), "out_until": at(1, 7.9), "unknown_seconds": 5400.0,
        "fixes": 4, "battery_percent": 9, "nights": 3, "of": 5, "hours": [[at(0, 23), at(1, 3)], [at(2, 23), at(3, 4)]],
    },
}  # fmt: skip


def literals(node: ast.AST) -> set[str]:
    return {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def test_these_are_the_kinds_that_the_engine_names():
    counted = {"clock_fault"}
    """The name of a figure too: no alarm of it yet."""
    named: set[str] = set()
    for path in Path(gateway.engine.__path__[0]).glob("*.py"):
        named |= literals(ast.parse(path.read_text("utf-8"))) & set(KINDS)
    assert sorted(named - counted) == RAISED


def test_every_kind_that_the_engine_raises_has_words_of_its_own():
    assert set(RAISED) <= set(MEASURED)


@pytest.mark.parametrize("change", [change.value for change in Change])
@pytest.mark.parametrize("known", [{}, KNOWN], ids=["nothing known", "all known"])
@pytest.mark.parametrize("kind", [*RAISED, "jam_gnss"])
def test_every_text_is_whole_in_both_languages_whatever_is_known(kind, known, change):
    text = text_of(episode(kind, **known), change, "Asia/Shanghai")
    for words in (text.zh, text.en):
        assert not re.search(r"[{}]|None|nan", words), words
        assert not FORBIDDEN.search(words), words
        assert "P0001" in words
    assert CHINESE.search(text.zh)
    assert not CHINESE.search(text.en)


def test_a_night_away_says_from_when_until_when_and_what_is_not_known():
    absent = episode("curfew_absent", **KNOWN)
    absent.zone = "home:P0001"
    text = text_of(absent, "updated", "Asia/Shanghai")
    assert "11-02 22:00至11-03 08:00应在家" in text.zh
    assert "另有1小时30分无法判断" in text.zh
    assert "due at home from 11-02 22:00 until 11-03 08:00" in text.en
    assert "1 h 30 undetermined" in text.en


def test_a_repeated_place_names_circle_nights_and_hours():
    text = text_of(episode("repeated_place", **KNOWN), "raised", "Asia/Shanghai")
    assert "近5夜中有3夜" in text.zh
    assert "(24.33000, 109.41000) (±23 m): 11-02 23:00–03:00; 11-04 23:00–04:00" in text.en


def test_times_are_the_countys():
    urumqi = text_of(episode(), "raised", "Asia/Urumqi")
    assert "11-02 20:30:00" in urumqi.en
    assert "11-02 22:30:00" in text_of(episode(), "raised", "Asia/Shanghai").zh


def test_certainty_is_never_written_as_certain():
    text = text_of(episode("inclusion_exit", probability=0.999999), "raised", "Asia/Shanghai")
    assert "99.9%" in text.zh
    assert "100" not in text.en


def test_changes_are_said_first():
    ended = episode("battery_low", ended=at(0, 23) + HOUR)
    assert text_of(ended, "cleared", "Asia/Shanghai").zh.startswith("【已恢复 11-03 00:00】")
    for outcome in CloseOutcome:
        closed = episode(outcome=outcome.value)
        closed.notes = [Note(at(0, 23), "officer 7", "x")]
        assert text_of(closed, "closed", "Asia/Shanghai").en.startswith(f"CLOSED ({outcome.value}).")


def test_late_data_and_the_basis_are_named():
    late = episode("exclusion_enter", retrospective=True)
    late.basis = "order 2"
    text = text_of(late, "raised", "Asia/Shanghai")
    assert text.zh.endswith("依据：order 2。此为事后补传数据所示。")
    assert text.en.endswith(" Basis: order 2. Seen from data that arrived late.")


@pytest.mark.parametrize("text", ["{who}", "{0}", "a { b", "}"])
def test_what_officers_wrote_cannot_break_a_text(text):
    odd = episode("exclusion_enter")
    odd.zone_name, odd.basis = text, text
    assert text in text_of(odd, "raised", "Asia/Shanghai").zh


def test_who_is_the_device_where_nobody_is_known():
    nobody = episode()
    nobody.person = ""
    assert "B0001: " in text_of(nobody, "raised", "Asia/Shanghai").en


def test_severities_all_have_words():
    for kind in KINDS.values():
        one = episode(kind.name)
        assert len(text_of(one, "raised", "UTC").en) > len("B0001: ")
