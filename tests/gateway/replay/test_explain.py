"""Why an alarm stands or none does: each number is worked out anew, and what would have flipped it does."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from timeline import ABROAD, CAFE, DAY, HOME, RULES, Timeline, at, county, zones

from fencing.verdict import add, posterior
from gateway.engine import EngineState, WatchKind, compile_policy
from gateway.engine.history import MemoryHistory
from gateway.engine.step import step
from gateway.engine.weigh import CAP, RAISE_AT
from gateway.history.days import DayHistory
from gateway.history.reader import HistoryReader
from gateway.replay.explain import MOST_STEPS, Asked, explained
from gateway.settings.absences import Leave
from gateway.settings.model import Home

NIGHT = {"curfew_late", "curfew_early_leave"}
EDGE = (2925.0, 0.0)
"""15 m outside of the cafe."""


class Lived(Timeline):
    """A timeline whose reports go to files, and which keeps all entries."""

    directory: object

    def why(self, until: float, rule: str = "", kind: str = "", person: str = "P0001", known: float = math.inf):
        self.run() if len(self.waiting) else None
        self.state.history.flush(self.state.offset, self.state.epochs)
        shelf = {each.configuration.digest: each for each in (*self.shelf.values(), self.policy)}
        asked = Asked(person, rule, kind, until, known)
        reader = HistoryReader(self.directory)
        return explained(reader, shelf.__getitem__, asked, self.policy.configuration.digest)


def lived(directory, places, **changes) -> Lived:
    """The gateway of a county, and what it was told: a time and a place each."""
    told = Lived(compile_policy(county(**changes)))
    told.directory, told.state.history = directory, DayHistory(directory)
    told.start(at(0, 8))
    for time, place in places:
        told.report(time, place)
    return told


def minutes(place, begin: float, end: float):
    return [(begin + 60.0 * n, place) for n in range(round((end - begin) / 60.0))]


DAYTIME = minutes(HOME, at(0, 9), at(0, 10)) + minutes(CAFE, at(0, 10), at(0, 10.1))
AWAY_FROM = minutes(HOME, at(0, 20), at(0, 22)) + minutes((0.0, 400.0), at(0, 22), at(0, 22.5))
BEYOND = minutes(HOME, at(0, 9), at(0, 10)) + minutes(ABROAD, at(0, 10), at(0, 10.25))


def standing(places, until: float, kinds, **changes) -> bool:
    """Whether an alarm of these kinds stands at a time, by the whole engine."""
    told = Timeline(compile_policy(county(**changes)))
    told.start(at(0, 8))
    for time, place in places:
        if time <= until:
            told.report(time, place)
    told.run()
    return any(one.kind in kinds and one.ended is None for one in told.state.episodes.values())


def zone_moved(name: str, metres: int):
    return {"zones": {**zones(), name: replace(zones()[name], buffer_m=float(metres))}}


def home_moved(metres: int):
    people = county().people
    home = Home(*(getattr(people["P0001"].home, each) for each in ("latitude", "longitude")), 80.0 + metres)
    return {"people": {**people, "P0001": replace(people["P0001"], home=home)}}


CASES = [
    ("cafes", "exclusion_enter", DAYTIME, at(0, 10.09), lambda metres: zone_moved("cafes", metres)),
    ("stay", "inclusion_exit", BEYOND, at(0, 10.2), lambda metres: zone_moved("square", metres)),
    ("nights", "curfew_early_leave", AWAY_FROM, at(0, 22.4), home_moved),
]


@pytest.mark.parametrize(("rule", "kind", "places", "until", "change"), CASES, ids=[case[1] for case in CASES])
def test_what_would_have_flipped_an_alarm_does_once_it_is_applied(tmp_path, rule, kind, places, until, change):
    kinds = NIGHT if rule == "nights" else {kind}
    assert standing(places, until, kinds)
    (one,) = lived(tmp_path, places).why(until, rule)
    assert (one.raised, one.why) == (True, "raised")
    assert one.kind in kinds
    flips = {each.what: each for each in one.flips}
    assert not standing(places, until, kinds, **change(flips["boundary"].metres))
    nearer = flips["boundary"].metres - (1 if flips["boundary"].metres > 0 else -1)
    assert standing(places, until, kinds, **change(nearer)), "the least that does"
    if rule == "cafes":
        assert "leave" not in flips, "no leave opens a barred zone"
        return
    given = flips["leave"]
    on_leave = (Leave("P0001", "", given.since, given.until, "office B"),)
    assert not standing(places, until, kinds, leave=on_leave)


def test_each_fix_without_which_it_would_not_stand_yet_is_named(tmp_path):
    told = lived(tmp_path, DAYTIME)
    whole = told.why(at(0, 10.09), "cafes")[0]
    first = next(step.time for step in whole.steps if step.p >= whole.threshold and step.verdict == "inside")
    (one,) = told.why(first, "cafes")
    named = [flip.since for flip in one.flips if flip.what == "without"]
    assert named
    for time in named:
        assert not standing([each for each in DAYTIME if each[0] != time], first, {"exclusion_enter"})
    others = {step.time for step in one.steps[-8:]} - set(named)
    for time in others:
        assert standing([each for each in DAYTIME if each[0] != time], first, {"exclusion_enter"})


def test_where_none_stands_a_boundary_or_further_fixes_that_would_raise_one_are_named(tmp_path):
    until = at(0, 10) + 61.0
    (one,) = lived(tmp_path, DAYTIME).why(at(0, 10) + 1.0, "cafes")
    assert (one.raised, one.alarm, one.onset) == (False, "", None)
    flips = {each.what: each for each in one.flips}
    count = flips["more"].count
    places = [each for each in DAYTIME if each[0] <= at(0, 10) + 1.0]
    last = places[-1][0]
    more = [(last + 60.0 * (n + 1), CAFE) for n in range(count)]
    assert standing([*places, *more], last + 60.0 * count, {"exclusion_enter"})
    assert not standing([*places, *more[:-1]], last + 60.0 * count, {"exclusion_enter"})
    near = lived(tmp_path / "near", minutes(EDGE, at(0, 9), at(0, 10)))
    (other,) = near.why(at(0, 10), "cafes")
    assert not other.raised
    wider = next(each.metres for each in other.flips if each.what == "boundary")
    still = minutes(EDGE, at(0, 9), at(0, 10))
    assert wider > 0
    assert standing(still, until, {"exclusion_enter"}, **zone_moved("cafes", wider))
    assert not standing(still, until, {"exclusion_enter"}, **zone_moved("cafes", wider - 1))


def test_leave_that_was_there_is_named_where_without_it_one_would_stand(tmp_path):
    on_leave = (Leave("P0001", "", at(0, 9.5), at(0, 18), "office B"),)
    (one,) = lived(tmp_path, BEYOND, leave=on_leave).why(at(0, 10.2), "stay")
    assert (one.raised, one.why) == (False, "lifted")
    assert all(step.lifted for step in one.steps if step.time >= at(0, 9.5))
    assert "no_leave" in {each.what for each in one.flips}
    assert standing(BEYOND, at(0, 10.2), {"inclusion_exit"})


@pytest.mark.parametrize(
    ("places", "until", "rule", "why"),
    [
        (DAYTIME, at(0, 9.5), "cafes", "keeps"),
        (DAYTIME, at(0, 9.5), "nights", "no_duty"),
        (minutes(HOME, at(0, 20), at(0, 21)), at(0, 21), "stay", "keeps"),
        (minutes((0.0, 400.0), at(0, 20), at(0, 22.2)), at(0, 22.15), "nights", "grace"),
        (minutes(EDGE, at(0, 9), at(0, 9.2)), at(0, 9.2), "cafes", "undecided"),
        ([], at(0, 9), "cafes", "nothing"),
    ],
)
def test_why_none_stands_is_said(tmp_path, places, until, rule, why):
    (one,) = lived(tmp_path, [*places, (at(0, 23), HOME)]).why(until, rule)
    assert (one.raised, one.why) == (False, why)


def pairs_of(told: Lived, key) -> list[tuple[float, ...]]:
    """What the whole journal says of a watch, fix by fix."""
    found = []

    def look(context, rows):
        del rows
        watch = context.policy.watches.key.index(key)
        pairs = context.pairs[context.pairs["watch"] == watch]
        names = ("time", "received", "beyond", "sigma", "constant", "after", "enough")
        found.extend(zip(*(pairs[name].tolist() for name in names), strict=True))

    state = EngineState()
    state.history = MemoryHistory()
    for entries in told.stepped:
        step(state, entries, lambda _: told.policy, look, first=state.offset)
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(("rule", "places", "until"), [(c[0], *c[2:4]) for c in CASES], ids=[c[1] for c in CASES])
def test_each_number_is_what_the_journal_says_and_follows_from_the_others(tmp_path, rule, places, until):
    told = lived(tmp_path, places)
    (one,) = told.why(until, rule)
    watch = {"cafes": WatchKind.KEEP_OUT, "stay": WatchKind.STAY_INSIDE, "nights": WatchKind.BE_THERE}[rule]
    zone = "home:P0001" if rule == "nights" else one.zone
    said = [pair for pair in pairs_of(told, ("P0001", f"{rule}/{int(watch)}", zone)) if pair[0] <= until]
    assert [
        (s.time, s.received, s.beyond_m, s.sigma_m, s.constant_s, s.after, s.enough) for s in one.steps
    ] == said  # fmt: skip
    assert len(one.steps) > 60
    before = 0.0
    for each in one.steps:
        says = 0.5 * math.erfc(-each.beyond_m / (each.sigma_m * math.sqrt(2.0)))
        assert each.says == pytest.approx(says)
        assert each.before == before
        elapsed = math.nan if each.elapsed_s is None else each.elapsed_s
        assert each.after == pytest.approx(add(each.before, each.says, elapsed, each.constant_s, CAP))
        assert each.p == pytest.approx(float(posterior(each.after)))
        before = each.after
    assert one.threshold_log_odds == RAISE_AT
    assert one.threshold == pytest.approx(1.0 / (1.0 + math.exp(-RAISE_AT)))
    (raised,) = [e["data"] for e in told.events if e["type"].endswith("raised") and e["data"]["rule"] == rule]
    assert raised["alarm"] == one.alarm
    decided = next(s for s in one.steps if round(s.p, 4) == raised["probability"] and s.p >= one.threshold)
    assert decided.verdict == ("inside" if rule == "cafes" else "outside")
    if rule != "nights":
        assert one.onset is not None
        assert one.onset <= decided.time


def test_rule_text_and_version_are_those_that_held_then(tmp_path):
    told = lived(tmp_path, DAYTIME)
    told.run()
    told.reconfigure(at(0, 12), digest="d2", rules=(RULES["stay"],))
    told.report(at(0, 12.1), HOME)
    (one,) = told.why(at(0, 10.09), "cafes")
    assert (one.configuration, one.basis) == ("d1", "order 2")
    assert one.text == {"zh": "禁入cafes", "en": "barred from cafes"}
    assert told.why(at(0, 12.2), "cafes") == []


def test_only_what_had_come_by_then_counts(tmp_path):
    told = lived(tmp_path, DAYTIME)
    (late,) = told.why(at(0, 11), "cafes", known=at(0, 10) + 30.0)
    assert max(each.received for each in late.steps) == at(0, 10)
    assert not late.raised
    assert told.why(at(0, 11), "cafes")[0].raised


def test_all_rules_are_told_of_unless_one_is_asked_for_and_nobody_elses(tmp_path):
    told = lived(tmp_path, DAYTIME)
    assert [(one.rule, one.asks) for one in told.why(at(0, 10.09))] == [
        ("cafes", "keep_out"), ("nights", "be_there"), ("stay", "stay_inside"),
    ]  # fmt: skip
    assert {one.person for one in told.why(at(0, 10.09), person="P0002")} == {"P0002"}
    assert [one.rule for one in told.why(at(0, 10.09), kind="exclusion_enter")] == ["cafes"]
    assert told.why(at(0, 10.09), person="P9999") == []


def test_a_long_evidence_is_cut_at_its_beginning(tmp_path):
    places = [(at(0, 9) + 30.0 * n, HOME) for n in range(MOST_STEPS + 40)]
    (one,) = lived(tmp_path, places).why(at(0, 9) + DAY / 2, "cafes")
    assert (len(one.steps), one.left_out) == (MOST_STEPS, 40)
