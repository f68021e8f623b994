"""The curve of an alarm: of its own rule and zone, in the county's time and words; and why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from made_episodes import KNOWN, episode
from opened_desk import desk_of, stored, visit, written
from timeline import at

from gateway.console.alarm_curve import MOST_ROWS, drawn, has_curve
from gateway.console.words.texts import TEXTS
from gateway.engine import Curve, Past
from gateway.errors import TransientFault
from gateway.words.alarm_words import Words
from gateway.words.phrases import phrase

NOW = at(0, 22.8)
ID = f"{'a':0<32}"
TIMES = [at(0, 22.1), at(0, 22.2), at(0, 22.3)]


@pytest.fixture
def desk(tmp_path):
    return desk_of(written(tmp_path / "county"), NOW)


def alarm(kind: str = "curfew_late", **known):
    values = KNOWN | {"office": "SFS-01", "rule": "night", "zone": "home:P0001", "decided": at(0, 22.3)} | known
    return episode(kind, id=ID, **values)


def curve(rule: str = "night", zone: str = "home:P0001", **known) -> Curve:
    values = {
        "name": "home", "asks": "be_there", "threshold": 0.95, "times": TIMES, "breach": [0.2, 0.7, 0.996],
        "moments": [(TIMES[2], "outside")],
    } | known  # fmt: skip
    return Curve(rule, zone, **values)


@pytest.mark.parametrize(("language", "moment"), [("zh", "22:18:00 判断不在该处"), ("en", "22:18:00 judged outside")])
def test_the_curve_is_of_the_alarms_own_rule_and_zone_with_its_moments_in_words(desk, language, moment):
    words = Words(language, desk.zone, NOW)
    others = [curve("other"), curve(zone="z2"), curve(breach=[0.2, 0.7, 0.996])]
    told = drawn(others, alarm(), words, "Asia/Shanghai")
    assert (told.at, told.p, told.threshold, told.timezone) == (TIMES, [0.2, 0.7, 0.996], 0.95, "Asia/Shanghai")
    assert told.rows[0] == ("22:06:00", words.percent(0.2))
    assert told.turns[0].words == moment
    assert told.turns[-1].at == at(0, 22.3)
    assert told.said == words.part("home")


def test_there_are_words_for_every_verdict_that_turns():
    for become in ("inside", "outside", "unknown"):
        assert f"turn_{become}" in TEXTS


def test_no_curve_and_no_daemon_are_said(desk):
    words = Words("zh", desk.zone, NOW)
    assert "没有可画的判断" in drawn([curve("other")], alarm(), words, "Asia/Shanghai").said
    told = drawn([], alarm(), words, "Asia/Shanghai", "网关没有运行")
    assert "网关没有运行" in told.said
    assert told.at == []


def test_a_long_curve_has_a_table_of_its_end(desk):
    times = [at(0, 20) + each for each in range(MOST_ROWS + 10)]
    long = curve(times=times, breach=[0.5] * len(times))
    told = drawn([long], alarm(), Words("zh", desk.zone, NOW), "Asia/Shanghai")
    assert len(told.at) == MOST_ROWS + 10
    assert len(told.rows) == MOST_ROWS


def test_what_rests_on_no_rule_has_no_curve(desk):
    assert has_curve(alarm())
    assert not has_curve(alarm("strap_cut", rule=""))
    stored(desk, [alarm("strap_cut", rule="")])
    assert "uplot" not in visit(desk, f"/alarm/{ID}").text
    stored(desk, [alarm(revision=1)])
    assert "uplot" in visit(desk, f"/alarm/{ID}").text
    assert "uplot" not in visit(desk, f"/alarm/{ID}", "A01").text


@dataclass
class Pasts:
    """One past, whoever is asked for."""

    past: Past
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def of(self, visitor, person, since, until):
        assert since < at(0, 22.3) <= until
        self.asked.append((visitor.number, person))
        return self.past


def test_the_curve_is_of_the_wearers_past_for_who_may_see_the_track(desk):
    stored(desk, [alarm()])
    desk.tracks = Pasts(Past([], curves=[curve()]))
    assert visit(desk, f"/alarm/{ID}/curve.json").json()["p"] == [0.2, 0.7, 0.996]
    for number in ("A01", "S02"):
        assert visit(desk, f"/alarm/{ID}/curve.json", number).status_code == 403
    assert desk.tracks.asked == [("D01", "P0001")]
    stored(desk, [alarm("strap_cut", revision=1, rule="")])
    assert visit(desk, f"/alarm/{ID}/curve.json").status_code == 404


def test_a_past_that_cannot_be_read_is_said(desk):
    class Faulty:
        async def of(self, *_asked):
            raise TransientFault(phrase("no_answer"))

    stored(desk, [alarm()])
    desk.tracks = Faulty()
    assert phrase("no_answer").zh in visit(desk, f"/alarm/{ID}/curve.json").json()["said"]
