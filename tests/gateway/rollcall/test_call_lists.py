"""The five lists: every reason, since when it holds, and what nobody is told."""

from __future__ import annotations

import math
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from met import work_of
from timeline import ABROAD, AWAY, CAFE, FOREVER, HOME, Timeline, at, authority, person

from firmware_sim.firmware.messages import Alarm
from gateway.engine import End
from gateway.engine.records import Command, CommandRecord
from gateway.rollcall.call import Called, Going, RollCall
from gateway.rollcall.lists import Seen, judged, lists_of
from gateway.rollcall.reasons import CODE, ENDS, LIST_OF, OF_END, REASONS, Listed, Reason
from gateway.rollcall.roster import Roster
from gateway.rollcall.selection import Selection
from gateway.rollcall.standing import standing_of
from gateway.settings.absences import Leave, Removal, RemovalReason
from gateway.settings.model import Assignment, AuthorityKind, Device

BEGUN = at(0, 13)
NOW = BEGUN + 600.0
STRAP_OPEN = Alarm.REMOVAL


def seen(**changes: object) -> Seen:
    """One person who was asked and has not answered."""
    base = Seen(
        BEGUN, np.array([-1]), np.array([np.nan]), np.array([-1]), np.array([np.nan]), np.array([-1]),
        np.array([np.nan]), np.array([BEGUN - 3600.0]), np.zeros((5, 1), np.bool_), np.array([-1]),
    )  # fmt: skip
    return replace(base, **{name: np.array(value) for name, value in changes.items()})


def one(**changes: object) -> tuple[Reason, float]:
    lists = judged(seen(**changes))
    return REASONS[int(lists.why[0])], float(lists.since[0])


def test_every_reason_has_its_list_and_every_end_and_every_removal_its_reason():
    assert set(LIST_OF) == set(Reason)
    assert set(LIST_OF.values()) == set(Listed)
    assert set(OF_END) == set(End) == set(ENDS)
    assert {each.value for each in RemovalReason} <= {each.value for each in Reason}


@pytest.mark.parametrize("end", End)
def test_without_a_place_it_is_as_the_order_ended(end):
    assert one() == (Reason.WAITING, BEGUN)
    assert one(end=[ENDS.index(end)], ended=[BEGUN + 40]) == (OF_END[end], BEGUN + 40)


def test_a_place_of_then_counts_however_the_order_ended_and_one_from_before_does_not():
    assert one(placed=[BEGUN + 20]) == (Reason.WITHIN, BEGUN + 20)
    assert one(placed=[BEGUN - 30]) == (Reason.WITHIN, BEGUN - 30)
    assert one(placed=[BEGUN - 61])[0] is Reason.WAITING
    expired = {"end": [ENDS.index(End.EXPIRED)], "ended": [BEGUN + 900]}
    assert one(placed=[BEGUN + 950], **expired) == (Reason.WITHIN, BEGUN + 950)


@pytest.mark.parametrize("row", range(5))
def test_what_is_odd_is_said_the_gravest_first_and_of_a_place_of_then_alone(row):
    odd = np.zeros((5, 1), np.bool_)
    odd[row:] = True
    expected = (Reason.BARRED, Reason.OUTSIDE, Reason.NOT_HOME, Reason.STRAP, Reason.UNSURE)[row]
    lists = judged(seen(odd=odd, placed=[BEGUN + 20], zone=[3]))
    assert REASONS[int(lists.why[0])] is expected
    assert int(lists.zone[0]) == (-1 if expected is Reason.STRAP else 3)
    old = judged(seen(odd=odd, zone=[3]))
    assert (REASONS[int(old.why[0])], int(old.zone[0])) == (Reason.WAITING, -1)


ABSENT = [one for one in Reason if LIST_OF[one] in {Listed.NOT_LOCATED, Listed.NO_AUTHORITY}]


@pytest.mark.parametrize("reason", [one for one in ABSENT if one is not Reason.NO_PLACE])
def test_of_whom_nobody_may_ask_no_place_is_told(reason):
    since = BEGUN - 86_400
    lists = judged(seen(why=[CODE[reason]], since=[since], placed=[BEGUN + 20], odd=np.ones((5, 1), np.bool_)))
    assert (REASONS[int(lists.why[0])], float(lists.since[0])) == (reason, since)
    assert math.isnan(lists.placed[0])
    assert lists.zone[0] == -1
    assert lists.counts()[LIST_OF[reason]] == 1


@pytest.mark.parametrize("reason", [Reason.OFTEN, Reason.QUOTA, Reason.UNABLE, Reason.LEAVE])
def test_who_was_not_asked_is_listed_with_why_unless_a_place_has_come(reason):
    asked = {"left": [CODE[reason]], "left_since": [BEGUN - 5]}
    assert one(**asked) == (reason, BEGUN - 5)
    assert one(placed=[BEGUN + 20], **asked) == (Reason.WITHIN, BEGUN + 20)


# ---- out of a county that runs


def going(people: tuple[str, ...] = ("P0001", "P0002")) -> Going:
    called = tuple(Called(name, "SFS-01", "B0001", f"order {name}") for name in people)
    return Going.of(RollCall("c1", Selection(), "", "check", "D01", "root", BEGUN, people=called))


def reasons(told: Timeline, call: Going | None = None, now: float = NOW) -> dict[str, Reason]:
    told.run() if len(told.waiting) else None
    call = call or going()
    lists = lists_of(call, Roster.of(told.policy), told.state, now)
    return {one.person: REASONS[code] for one, code in zip(call.call.people, lists.why.tolist(), strict=True)}


def test_a_county_by_its_rules():
    told = Timeline.of()
    told.stay(HOME, at(0, 12.5), NOW, 60.0)
    told.stay(ABROAD, at(0, 12.5), NOW, 60.0, device="B0002")
    assert reasons(told) == {"P0001": Reason.WITHIN, "P0002": Reason.OUTSIDE}
    lists = lists_of(going(), Roster.of(told.policy), told.state, NOW)
    assert [told.policy.zones.zone_name(zone) for zone in lists.zone.tolist() if zone >= 0] == ["the county"]
    assert lists.since.tolist() == [NOW - 60.0, NOW - 60.0]


def test_a_barred_place_and_a_strap():
    told = Timeline.of()
    told.stay(CAFE, at(0, 12.5), NOW, 60.0)
    assert reasons(told)["P0001"] is Reason.BARRED
    told = Timeline.of()
    told.stay(HOME, at(0, 12.5), NOW, 60.0)
    told.report(NOW, HOME, alarm=STRAP_OPEN)
    assert reasons(told)["P0001"] is Reason.STRAP


def test_hours_at_home_count_while_they_run():
    night = at(0, 23)
    call = replace_begun(going(), night)
    told = Timeline.of()
    told.stay(AWAY, at(0, 12.5), night + 600, 60.0)
    assert reasons(told, call, night + 600)["P0001"] is Reason.NOT_HOME
    evening = replace_begun(going(), at(0, 21))
    told = Timeline.of()
    told.stay(AWAY, at(0, 12.5), at(0, 21.2), 60.0)
    assert reasons(told, evening, at(0, 21.2))["P0001"] is Reason.WITHIN


def replace_begun(call: Going, begun: float) -> Going:
    call.call = msgspec.structs.replace(call.call, begun=begun)
    return call


def test_a_first_place_says_nothing_yet_of_where_somebody_is_held():
    told = Timeline.of()
    told.report(NOW, HOME)
    assert reasons(told)["P0001"] in {Reason.UNSURE, Reason.WITHIN}
    assert reasons(told)["P0002"] is Reason.WAITING


def test_leave_hospital_repair_and_nothing_worn():
    def of(**changes: object) -> Reason:
        return reasons(Timeline.of(**changes))["P0001"]

    span = (at(0, 10), at(0, 20))
    assert of(leave=(Leave("P0001", "", *span, "B"),)) is Reason.LEAVE
    assert of(leave=(Leave("P0001", "", *span, "B", returned=at(0, 12)),)) is Reason.WAITING
    for reason in RemovalReason:
        assert of(removals=(Removal("P0001", reason, *span, "B"),)) == Reason(reason.value)
    leave_too = {"leave": (Leave("P0001", "", *span, "B"),)}
    assert of(removals=(Removal("P0001", RemovalReason.REPAIR, *span, "B"),), **leave_too) is Reason.REPAIR
    assert of(assignments=(Assignment("B0002", "P0002", at(-30, 0), FOREVER),)) is Reason.NO_DEVICE
    devices = Timeline.of().policy.configuration.devices
    assert of(devices=devices | {"B0001": replace(devices["B0001"], put_away=True)}) is Reason.NO_DEVICE


def test_without_authority_it_is_said_whether_it_ended_and_when():
    def of(*authorities: object, **changes: object) -> tuple[Reason, float]:
        told = Timeline.of(authorities=authorities, **changes)
        told.run()
        lists = lists_of(going(), Roster.of(told.policy), told.state, NOW)
        return REASONS[int(lists.why[0])], float(lists.since[0])

    assert of(authority("P0001", until=at(0, 11))) == (Reason.ENDED, at(0, 11))
    first = authority("P0001", until=at(-9, 0))
    assert of(first, authority("P0001", at(-8, 0), at(-2, 0))) == (Reason.ENDED, at(-2, 0))
    assert of(authority("P0001", start=at(2, 0)))[0] is Reason.NOT_BEGUN
    assert of()[0] is Reason.NONE
    assert of(replace(authority("P0001"), kind=AuthorityKind.PHONE_CHECK))[0] is Reason.OTHER_BASIS
    over = {"P0001": replace(person("P0001", HOME), term_until=at(0, 9)), "P0002": person("P0002", HOME)}
    assert of(authority("P0001"), people=over) == (Reason.ENDED, at(0, 9)), "no authority outlasts the term"
    away = {"leave": (Leave("P0001", "", at(0, 10), at(0, 20), "B"),)}
    assert of(authority("P0001", until=at(0, 11)), **away)[0] is Reason.ENDED, "whose authority ended is not on leave"


def test_a_bracelet_is_asked_before_a_phone_and_what_is_lawful_before_what_is_not():
    base = Timeline.of().policy.configuration
    worn = {
        "devices": base.devices | {"F0001": Device("F0001", "mlp", "13800000001", "", carrier="carrier")},
        "assignments": (*base.assignments, Assignment("F0001", "P0001", at(-30, 0), FOREVER)),
    }
    phone = replace(authority("P0001"), kind=AuthorityKind.PHONE_CHECK)

    def device(*authorities: object) -> tuple[str, bool]:
        roster = Roster.of(Timeline.of(authorities=authorities, **worn).policy)
        standing = standing_of(roster, NOW)
        return roster.policy.devices[int(standing.device[0])], bool(standing.phone[0])

    assert device(authority("P0001"), phone) == ("B0001", False)
    assert device(phone) == ("F0001", True)


def test_a_phone_is_held_against_regions_alone():
    base = Timeline.of().policy.configuration
    told = Timeline.of(
        devices=base.devices | {"F0001": Device("F0001", "mlp", "13800000001", "", carrier="carrier")},
        assignments=(Assignment("F0001", "P0001", at(-30, 0), FOREVER),),
        authorities=(replace(authority("P0001"), kind=AuthorityKind.PHONE_CHECK),),
    )  # fmt: skip
    for number in range(6):
        told.located(BEGUN + 600.0 * number, CAFE, BEGUN + 600.0 * number)
    assert reasons(told, now=BEGUN + 3600)["P0001"] is Reason.WITHIN
    for number in range(6, 12):
        told.located(BEGUN + 600.0 * number, ABROAD, BEGUN + 600.0 * number)
    assert reasons(told, now=BEGUN + 7200)["P0001"] is Reason.OUTSIDE


def test_who_is_registered_no_more_is_covered_by_nothing():
    assert reasons(Timeline.of(), going(("P0001", "P0009")))["P0009"] is Reason.NONE


def test_orders_are_noted_as_they_end_and_those_of_others_passed_over():
    call = going()
    assert (call.orders, call.owed, call.call.asked()) == (2, 2, {"P0001", "P0002"})
    assert math.isnan(call.finished)
    given = [Command(f"order P000{n}", f"B000{n}", "locate", "D01", NOW) for n in (1, 2)]
    call.note([CommandRecord(given[0], BEGUN, 5)])
    assert call.owed == 2
    call.note([CommandRecord(given[0], BEGUN, 5, End.DONE, "", BEGUN + 9)])
    other = Command("other", "B0002", "locate", "D01", NOW)
    call.note([CommandRecord(other, BEGUN, 7, End.DONE, "", BEGUN + 9)])
    assert call.owed == 1
    call.note([CommandRecord(given[1], BEGUN, 6, End.EXPIRED, "", BEGUN + 90)])
    assert (call.owed, call.finished) == (0, BEGUN + 90)
    assert reasons(Timeline.of(), call) == {"P0001": Reason.NO_PLACE, "P0002": Reason.UNREACHED}


def test_lists_of_ten_times_the_people_make_no_more_calls():
    """The guard against a loop by person: what is called is counted, however long it takes."""

    def calls(count: int) -> int:
        names = [f"P{number:05d}" for number in range(count)]
        told = Timeline.of(
            people={name: person(name, HOME) for name in names}, rules=(),
            devices={name: Device(name, "jt808", f"{n + 1}", "g10ls") for n, name in enumerate(names)},
            assignments=tuple(Assignment(name, name, at(-30, 0), FOREVER) for name in names),
            authorities=tuple(map(authority, names)),
        )  # fmt: skip
        told.run()
        roster, call = Roster.of(told.policy), going(tuple(names))
        lists_of(call, roster, told.state, NOW)
        return work_of(lambda: lists_of(call, roster, told.state, NOW))

    # Which row of the roster each is, is one look into a mapping each.
    few, many = calls(50), calls(500)
    assert many - few <= 450
    assert few - 50 < 600
