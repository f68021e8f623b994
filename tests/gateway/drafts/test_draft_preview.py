"""A draft tried on a journal: what would come, what would not any more, and how officers had closed it."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import msgspec
import pytest
from made_episodes import episode
from timeline import at
from virtual import Told, tell

from gateway.drafts import judging
from gateway.drafts.draft import Binding, Draft
from gateway.drafts.judging import judged
from gateway.drafts.preview import Day, Tally, counted
from gateway.drafts.shelf import DraftShelf
from gateway.errors import UserFault
from gateway.journal import FileJournal
from gateway.journal.controls import Act
from gateway.journal.entries import EntryKind, Gathering, Origin, merge
from gateway.replay.compare import compared

SHANGHAI = ZoneInfo("Asia/Shanghai")


def alarm(name, onset, ended=None, zone="bar", **known):
    return episode("exclusion_enter", id=name, onset=onset, ended=ended, zone=zone, rule="no-bar", **known)


def test_alarms_of_the_zone_are_counted_by_day_and_by_how_they_were_closed():
    then = [
        alarm("a", at(0, 1), at(0, 2), outcome="technical"), alarm("b", at(1, 1), at(1, 2), outcome="technical"),
        alarm("c", at(1, 5), at(1, 6), outcome="confirmed"), alarm("d", at(0, 1), at(0, 2), zone="pub"),
        alarm("e", at(0, 9), at(0, 10), zone="pub"),
    ]  # fmt: skip
    now = [
        alarm("a", at(0, 1), at(0, 2)), alarm("f", at(1, 1.5), at(1, 2)), alarm("g", at(1, 20), at(1, 21)),
        alarm("d", at(0, 1), at(0, 2), zone="pub"),
    ]  # fmt: skip
    comes, fresh, lost, others, days = counted(compared(then, now), Draft("", "bar").is_of, SHANGHAI)
    assert comes == Tally(3, {"technical": 2})
    assert (fresh, lost, others) == (1, Tally(1, {"confirmed": 1}), 1)
    assert [(one.comes.alarms, one.lost.alarms) for one in days] == [(1, 0), (2, 1)]
    assert days[0] == Day("2026-11-02", Tally(1, {"technical": 1}), Tally())


def test_of_a_rule_without_a_drawing_its_own_alarms_are_counted_and_no_others_of_home():
    home = Draft("", "home-1", form="home", binding=Binding("nights", "be_there", "P0001", "order-9"))
    now = [episode("curfew_late", id="a", zone="home", rule="nights"), alarm("b", at(0, 1), zone="home")]
    comes, fresh, lost, others, _ = counted(compared([], now), home.is_of, SHANGHAI)
    assert (comes.alarms, fresh, lost.alarms, others) == (1, 1, 0, 1)


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    return tell(tmp_path_factory.mktemp("county") / "then", "handover", days=1)


@pytest.fixture(scope="module")
def storage(told, tmp_path_factory):
    """A story's journal, in which an officer has closed the alarm of the barred zone as technical."""
    (name,) = {
        each["alarm"] for body in told.whole for each in [json.loads(body)["data"]] if each["kind"] == "exclusion_enter"
    }
    act, end = Act("a1", "close", name, "D01", "technical", "the fix was wrong"), Gathering()
    end.add(EntryKind.ACT, told.story.until, Origin(), msgspec.json.encode(act))
    directory = tmp_path_factory.mktemp("storage")
    Told(told.story, told.policy, merge([told.entries, end.batch()])).journaled(directory / "journal", 50)
    return directory


def redrawn(told, metres):
    """The barred zone as a circle about its first place."""
    place = told.policy.configuration.zones["cafes"].places[0]
    centre = (
        (place.longitude, place.latitude)
        if hasattr(place, "radius_m")
        else (place.geometry.centroid.x, place.geometry.centroid.y)
    )
    return Draft("", "cafes", "cafes", "circle", "wgs84", (centre,), metres)


def test_a_zone_drawn_smaller_loses_the_alarm_that_was_closed_as_technical(told, storage):
    near = redrawn(told, 50.0)
    far = msgspec.structs.replace(near, points=((near.points[0][0], near.points[0][1] - 0.02),))
    steps = []
    found = judged(storage, far, progress=lambda done, of: steps.append((done, of)))
    assert (found.comes.alarms, found.lost, found.fresh) == (0, Tally(1, {"technical": 1}), 0)
    assert found.is_judged
    assert found.digest == far.digest
    assert [one.lost.alarms for one in found.days] == [1]
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]


def test_a_new_zone_where_somebody_was_would_have_raised(told, storage):
    new = msgspec.structs.replace(
        redrawn(told, 400.0), zone="bar", name="bar", binding=Binding("no-bar", "keep_out", "P0001", "order-9")
    )
    found = judged(storage, new)
    assert found.comes.alarms >= 1
    assert (found.fresh, found.lost, found.others) == (found.comes.alarms, Tally(), 0)


def test_a_curfew_at_home_would_have_told_who_was_away_and_within_its_hours_alone(storage):
    def judged_with(begins, ends):
        rule = Binding("nights-9", "be_there", "P0001", "order-9", "court_order", begins=begins, ends=ends, grace="5")
        return judged(storage, Draft("", "home-1", form="home", binding=rule))

    always = judged_with("00:00", "24:00")
    assert always.comes.alarms == always.fresh >= 1
    assert judged_with("03:00", "03:06").comes.alarms == 0


def test_only_the_last_days_are_judged_and_alarms_keep_their_ids(told, storage, monkeypatch):
    monkeypatch.setattr(judging, "_DAY", 3600.0)
    whole = judged(storage, redrawn(told, 50.0), days=90)
    part = judged(storage, redrawn(told, 50.0), days=20)
    assert part.since > whole.since
    assert part.until == whole.until
    assert part.until - part.since <= 20 * 3600.0


def test_without_history_there_is_nothing_to_count_and_without_a_journal_it_is_refused(told, tmp_path):
    draft = redrawn(told, 50.0)
    with pytest.raises(UserFault, match="no journal"):
        judged(tmp_path, draft)
    frames = int((told.entries.kind == EntryKind.FRAME).argmax())
    told.part(0, frames).journaled(tmp_path / "journal", 1000)
    found = judged(tmp_path, draft)
    assert not found.is_judged
    assert found.days == []


def test_the_process_says_how_far_it_is_and_keeps_what_it_found(told, storage, monkeypatch, capsys):
    shelf = DraftShelf(storage)
    draft, turns = shelf.begin(redrawn(told, 50.0)), []
    monkeypatch.setattr("os.nice", turns.append)
    monkeypatch.setattr("sys.argv", ["judging", str(storage), draft.id])
    assert judging.main() == 0
    done, of = map(int, capsys.readouterr().out.splitlines()[-1].split())
    assert done == of == 2 * FileJournal(storage / "journal", read_only=True).next_offset
    assert shelf.of(draft.id).preview.is_judged
    assert turns == [judging.NICE]
    monkeypatch.setattr("sys.argv", ["judging", str(storage), "0" * 8])
    assert judging.main() == judging.REFUSED
    assert "没有草图" in capsys.readouterr().err.splitlines()[0]
