"""A roll call from the look to the signature: what goes out, what is refused, what stays, and what a restart finds."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace

import msgspec
import pytest
from called_county import LEADER, NOON, CalledCounty, officer
from timeline import ABROAD, HOME, Timeline, at, authority, person

from gateway.control.desk import AT_ONCE, Desk
from gateway.control.messages import Request
from gateway.engine import End
from gateway.errors import TransientFault, UserFault
from gateway.journal.controls import PaperAct
from gateway.papers.paper import digest_of
from gateway.rollcall.selection import Selection
from gateway.settings.absences import Leave
from gateway.settings.model import Assignment, AuthorityKind, Carrier, Credential, Device, Role
from gateway.settings.roll_call import RollCalls
from gateway.store.state_db import StateStore
from gateway.words.phrases import spoken

NAMES = [f"P{number:04d}" for number in range(1, 11)]
ON_LEAVE, ENDED = "P0009", "P0010"


def county(**changes: object) -> dict[str, object]:
    """Ten people at two offices, of whom one is on leave and one under no authority any more."""
    base = Timeline.of().policy.configuration
    people = {name: replace(person(name, HOME), office="SFS-02" if name > "P0005" else "SFS-01") for name in NAMES}
    people["P0002"] = replace(people["P0002"], level="general", minor=True)
    devices = {f"B{name[1:]}": Device(f"B{name[1:]}", "jt808", f"1390000{name[1:]}", "g10ls") for name in NAMES}
    return {
        "people": people, "devices": devices, "rules": base.rules[:1],
        "assignments": tuple(Assignment(f"B{name[1:]}", name, at(-30, 0), float("inf")) for name in NAMES),
        "authorities": (*map(authority, NAMES[:-1]), authority(ENDED, until=at(-1, 0))),
        "leave": (Leave(ON_LEAVE, "", at(-1, 0), at(3, 0), "office B"),), **changes,
    }  # fmt: skip


@pytest.fixture
def store(tmp_path):
    with closing(StateStore(tmp_path / "state.db")) as store:
        yield store


@pytest.fixture
def called(store):
    return CalledCounty(store, **county())


def rows_of(reply) -> dict[str, tuple[str, str]]:
    return {row["person"]: (row["list"], row["reason"]) for row in reply.data["rows"]}


def test_what_would_go_out_is_said_and_nothing_goes(called):
    async def story():
        return await called.ask("roll_call_look", selection=Selection(office="SFS-02"))

    told = asyncio.run(story()).data
    assert (told["people"], told["orders"], told["of_all"], told["seed"]) == (5, 3, False, "")
    assert told["left"] == {"leave": 1, "ended": 1}
    assert called.orders() == []


def test_a_roll_call_from_the_look_to_the_signature(called, store):
    async def story():
        begun = await called.called(office="SFS-02", why="weekly check")
        assert begun.data["state"] == "begun", begun
        identity = begun.data["id"]
        first = await called.ask("roll_calls", id=identity)
        called.clock.set(40.0)
        called.told.report(called.clock.now(), HOME, device="B0006")
        called.told.report(called.clock.now(), ABROAD, device="B0007")
        called.told.run()
        called.ends("B0006")
        called.ends("B0007", End.FAILED)
        called.ends("B0008", End.EXPIRED)
        second = await called.ask("roll_calls", id=identity)
        stale = await called.ask("roll_call_sign", id=identity, digest=first.data["call"]["lists_digest"])
        signed = await called.ask("roll_call_sign", id=identity, digest=second.data["call"]["lists_digest"])
        again = await called.ask("roll_call_sign", id=identity, digest=second.data["call"]["lists_digest"])
        return identity, first, second, stale, signed, again, await called.ask("roll_calls", id=identity)

    identity, first, second, stale, signed, again, after = asyncio.run(story())
    orders = called.orders()
    assert [(one.command.device, one.command.kind, one.command.by) for one in orders] == [
        (f"B000{n}", "locate", "D01") for n in (6, 7, 8)
    ]  # fmt: skip
    assert {one.command.reason for one in orders} == {f"roll_call {identity}"}
    assert {one.command.account for one in orders} == {"d01"}
    call = first.data["call"]
    assert (call["orders"], call["owed"], call["finished"], call["purpose"]) == (3, 3, None, "weekly check")
    away = {ON_LEAVE: ("not_located", "leave"), ENDED: ("no_authority", "ended")}
    assert rows_of(first) == {f"P000{n}": ("no_answer", "waiting") for n in (6, 7, 8)} | away
    found = rows_of(second)
    assert found["P0008"] == ("no_answer", "unreached")
    assert {found["P0006"][0], found["P0007"][0]} <= {"in_place", "odd"}
    assert second.data["call"]["owed"] == 0
    assert second.data["call"]["finished"] == NOON + 40.0
    since = {row["person"]: row["since"] for row in second.data["rows"]}
    assert (since[ON_LEAVE], since[ENDED], since["P0006"]) == (at(-1, 0), at(-1, 0), NOON + 40.0)
    assert "have just changed" in stale.error
    assert signed.data["state"] == "signed"
    assert "no roll call" in again.error
    assert rows_of(after) == found
    assert after.data["call"] | {"signed_by": "D01", "digest": signed.data["digest"]} == after.data["call"]
    paper = store.papers.one(identity)
    assert (paper.frozen, digest_of(paper)) == (NOON + 40.0, signed.data["digest"])
    assert [entry.was[0].section for entry in paper.entries if entry.was] == ["waiting"] * 3
    assert "latitude" not in str(paper)


def test_a_share_shows_its_seed_and_the_sheet_keeps_it(called, store):
    async def story():
        looked = await called.ask("roll_call_look", selection=Selection(office="SFS-01", percent=40))
        return looked.data, await called.ask("roll_call", id=looked.data["offer"], why="spot check")

    looked, begun = asyncio.run(story())
    paper = store.papers.one(begun.data["id"])
    assert looked["people"] == 2
    assert len(looked["seed"]) == 16
    assert paper.facts == {
        "office": "SFS-01", "percent": "40", "seed": looked["seed"], "purpose": "spot check",
    }  # fmt: skip
    assert len(paper.entries) == 2


def test_a_roll_call_of_all_takes_a_second_person_of_whom_one_is_a_leader(called, store):
    async def story():
        waits = await called.called()
        assert waits.data["state"] == "waits", waits
        who = (officer(), officer("D02"), LEADER, LEADER)
        return [await called.ask("roll_call_confirm", one, id=waits.data["id"]) for one in who]

    himself, other, leader, again = asyncio.run(story())
    assert "somebody else" in himself.error
    assert "takes a leader" in other.error
    assert leader.data == {"state": "begun", "id": leader.data["id"], "orders": 8}
    assert "waits to be confirmed" in again.error
    assert store.papers.one(leader.data["id"]).facts["confirmed_by"] == "L01"


def test_where_a_leader_asks_anybody_on_duty_confirms_and_what_waits_lapses(called):
    async def story():
        first = await called.called(LEADER)
        twice = await called.called(officer("L02", Role.LEADER))
        listed = (await called.ask("roll_calls")).data["calls"]
        called.clock.set(901.0)
        late = await called.ask("roll_call_confirm", id=first.data["id"])
        second = await called.called(LEADER)
        return listed, twice, late, await called.ask("roll_call_confirm", id=second.data["id"])

    listed, twice, late, done = asyncio.run(story())
    assert [(one["state"], one["by"]) for one in listed] == [("waits", "L01")]
    assert "waits for a second person" in twice.error
    assert "waits to be confirmed" in late.error
    assert done.data["orders"] == 8


def test_twice_at_once_is_refused_in_words_and_other_people_may_be_called(called):
    async def story():
        first = await called.called(office="SFS-01")
        return [
            first, await called.called(officer("D02"), level="strict"), await called.called(office="SFS-02"),
            await called.called(officer("D02"), office="SFS-01"),
        ]  # fmt: skip

    first, overlapping, other, same = asyncio.run(story())
    assert first.ok
    assert other.ok
    for refused, count in ((overlapping, 4), (same, 5)):
        assert refused.error.startswith(f"the roll call {first.data['id']} that D01 began at 11-02 13:00 goes on")
        assert f"and {count} of these people" in refused.error
    assert len(called.orders()) == 8


def test_both_pressed_at_once_begin_one(called):
    async def story():
        looked = await called.ask("roll_call_look", selection=Selection(office="SFS-01"))
        ask = [called.ask("roll_call", id=looked.data["offer"], why="check") for _ in range(2)]
        other = await called.ask("roll_call_look", officer("D02"), selection=Selection(office="SFS-01"))
        return await asyncio.gather(*ask, called.ask("roll_call", officer("D02"), id=other.data["offer"], why="check"))

    said = asyncio.run(story())
    assert sorted(one.ok for one in said) == [False, False, True]
    assert len(called.orders()) == 5


def test_nobody_is_asked_more_than_so_often_a_day_and_who_was_is_listed(store):
    called = CalledCounty(store, **county(roll_call=RollCalls(per_day=2)))

    async def once():
        said = await called.called(office="SFS-01")
        for number in range(1, 6):
            called.ends(f"B000{number}")
        return said

    async def story():
        first, second, third = await once(), await once(), await called.called(office="SFS-01")
        called.clock.set(11 * 3600.0)
        return first, second, third, await called.called(LEADER, office="SFS-01")

    first, second, third, next_day = asyncio.run(story())
    assert first.ok
    assert second.ok
    assert "none of these 5 people" in third.error
    assert "5 not asked: asked often enough today" in third.error
    assert next_day.data["orders"] == 5


def test_quiet_hours_are_for_leaders_alone(called):
    called.clock.set(10 * 3600.0)  # 23:00

    async def story():
        return await called.called(office="SFS-01"), await called.called(LEADER, office="SFS-01")

    refused, done = asyncio.run(story())
    assert refused.error == "no roll call from 22:00 to 07:00: if there has to be one, a leader asks for it"
    assert done.data["state"] == "begun"


def test_without_authority_nobody_is_asked(store):
    called = CalledCounty(store, **county(authorities=(authority("P0001", until=at(-1, 0)),)))

    async def story():
        return await called.called(office="SFS-01"), await called.called(office="nowhere")

    unlawful, nobody = asyncio.run(story())
    assert unlawful.error == "refused: no authority covers any of these 5 people"
    assert "nobody is of that level" in nobody.error
    assert called.orders() == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"selection": Selection(level="grave")}, "nobody can be meant"),
        ({"selection": Selection(percent=0)}, "nobody can be meant"),
        ({"selection": Selection(office="SFS-01")}, ""),
    ],
)
def test_an_office_calls_its_own_people_alone_and_nobody_calls_nonsense(called, said, words):
    theirs = officer("S02", office="SFS-02")

    async def story():
        return await called.ask("roll_call_look", **said), await called.ask("roll_call_look", theirs, **said)

    anybody, office = asyncio.run(story())
    assert words in anybody.error
    assert (words or "not of") in office.error or "SFS-01" in office.error


def test_an_office_sees_of_a_roll_call_its_own_people_and_signs_its_own(called):
    mine, theirs = officer("S02", office="SFS-02"), officer("S01", office="SFS-01")

    async def story():
        begun = await called.called(mine)
        identity = begun.data["id"]
        everybody, nobody = (
            await called.ask("roll_calls", id=identity),
            await called.ask("roll_calls", theirs, id=identity),
        )
        digest = everybody.data["call"]["lists_digest"]
        refused = await called.ask("roll_call_sign", theirs, id=identity, digest=digest)
        listed = await called.ask("roll_calls", theirs)
        signed = await called.ask("roll_call_sign", mine, id=identity, digest=digest)
        return everybody, nobody, refused, listed, signed

    everybody, nobody, refused, listed, signed = asyncio.run(story())
    assert len(everybody.data["rows"]) == 5
    assert nobody.data["rows"] == []
    assert "no roll call" in refused.error
    assert listed.data["calls"] == []
    assert signed.data["state"] == "signed"


def test_a_look_is_begun_by_who_looked_with_a_purpose_and_before_it_is_old(called):
    async def story():
        looked = (await called.ask("roll_call_look", selection=Selection(office="SFS-01"))).data["offer"]
        said = [
            await called.ask("roll_call", id=looked, why=" "), await called.ask("roll_call", id=looked, why="x" * 201),
            await called.ask("roll_call", officer("D02"), id=looked, why="check"),
        ]  # fmt: skip
        called.clock.set(901.0)
        return [*said, await called.ask("roll_call", id=looked, why="check")]

    empty, long, other, old = asyncio.run(story())
    assert "says what it is for" in empty.error
    assert "says what it is for" in long.error
    assert "no such roll call was looked at" in other.error
    assert "no such roll call was looked at" in old.error


def test_after_a_restart_it_goes_on_and_still_counts(store):
    settings = county(roll_call=RollCalls(per_day=1))
    called = CalledCounty(store, **settings)

    async def before():
        begun = await called.called(office="SFS-01")
        called.ends("B0001")
        return begun.data["id"], await called.ask("roll_calls", id=begun.data["id"])

    identity, told = asyncio.run(before())
    again = CalledCounty(store, **settings)

    async def after():
        await again.calls.resume()
        going = await again.ask("roll_calls", id=identity)
        return going, await again.called(office="SFS-01"), await again.ask("roll_calls")

    going, refused, listed = asyncio.run(after())
    assert going.data["call"] == told.data["call"]
    assert rows_of(going) == rows_of(told)
    assert "asked often enough today" in refused.error
    assert [(one["id"], one["state"], one["owed"]) for one in listed.data["calls"]] == [(identity, "going", 4)]


def test_orders_that_a_crash_kept_from_being_given_are_said_to_be_so(store, monkeypatch):
    called = CalledCounty(store, **county())

    async def before():
        monkeypatch.setattr(Desk, "enter_all", _lost)
        with pytest.raises(ConnectionError):
            await called.called(office="SFS-01")

    asyncio.run(before())
    again = CalledCounty(store, **county())

    async def after():
        await again.calls.resume()
        (identity,) = again.calls.going
        return await again.ask("roll_calls", id=identity)

    told = asyncio.run(after())
    assert set(rows_of(told).values()) == {("no_answer", "cancelled")}
    assert told.data["call"]["owed"] == 0


async def _lost(_desk, _commands):
    raise ConnectionError


def test_a_device_that_takes_no_such_order_is_listed(store):
    settings = county()
    settings["devices"] |= {"B0003": Device("B0003", "annex_a", "13900000003", "")}
    called = CalledCounty(store, **settings)

    async def story():
        begun = await called.called(office="SFS-01")
        return begun, await called.ask("roll_calls", id=begun.data["id"])

    begun, told = asyncio.run(story())
    assert begun.data["orders"] == 4
    assert rows_of(told)["P0003"] == ("no_answer", "unable")


def test_minors_are_called_as_everybody_and_marked(called):
    async def story():
        begun = await called.called(office="SFS-01")
        return await called.ask("roll_calls", id=begun.data["id"])

    told = asyncio.run(story())
    assert [row["person"] for row in told.data["rows"] if row["minor"]] == ["P0002"]


def phones(count: int) -> dict[str, object]:
    """People of whom each has a phone alone, and one carrier."""
    settings, names = county(), NAMES[:count]
    carrier = Carrier(
        "c1", "https://c1.example", "plain", "wgs84", Credential("", ""), {}, 60, 1000, 4, 10.0, 500, "86"
    )  # fmt: skip
    return settings | {
        "carriers": (carrier,), "leave": (),
        "devices": {
            (key := f"F{one[1:]}"): Device(key, "mlp", f"1380000{one[1:]}", "", carrier="c1") for one in names
        },
        "assignments": tuple(Assignment(f"F{one[1:]}", one, at(-30, 0), float("inf")) for one in names),
        "authorities": tuple(replace(authority(one), kind=AuthorityKind.PHONE_CHECK) for one in names),
    }  # fmt: skip


def test_phones_are_asked_as_far_as_their_carrier_goes_the_longest_unseen_first(store):
    called = CalledCounty(store, **phones(5))
    called.room = {"c1": 2}
    for number, minute in (("0001", 5), ("0002", 50), ("0004", 20)):
        called.told.located(NOON - 60.0 * minute, HOME, NOON - 60.0 * minute, device=f"F{number}")
    called.told.run()

    async def story():
        begun = await called.called(office="SFS-01")
        return begun, await called.ask("roll_calls", id=begun.data["id"])

    begun, told = asyncio.run(story())
    assert begun.data["orders"] == 2
    assert {one.command.device for one in called.orders()} == {"F0003", "F0005"}, "who was never seen comes first"
    assert [one for one, (_, reason) in rows_of(told).items() if reason == "quota"] == ["P0001", "P0002", "P0004"]
    assert {one.command.expires - one.issued for one in called.orders()} == {4500.0}
    called.room = {}

    async def later():
        return await called.called(officer("D02"), office="SFS-01", percent=20)

    assert "carrier's quota" in asyncio.run(later()).error


def test_what_is_stored_late_is_found_all_the_same(called, monkeypatch):
    """The store failed for so long that nobody waited any more; then it could."""

    async def story():
        monkeypatch.setattr(called, "wake", lambda: None)
        called.papers.patience = 0.01
        with pytest.raises(TransientFault):
            await called.called(office="SFS-01")
        called.commit()
        (listed,) = (await called.ask("roll_calls")).data["calls"]
        return listed, await called.ask("roll_calls", id=listed["id"])

    listed, told = asyncio.run(story())
    assert (listed["state"], listed["owed"]) == ("complete", 0)
    assert set(rows_of(told).values()) == {("no_answer", "cancelled")}
    assert called.orders() == []


def test_hundreds_are_called_some_at_a_time(store):
    names = [f"P{number:05d}" for number in range(3 * AT_ONCE + 1)]
    called = CalledCounty(
        store, people={name: person(name, HOME) for name in names}, rules=(),
        devices={name: Device(name, "jt808", f"1{name[1:]}", "g10ls") for name in names},
        assignments=tuple(Assignment(name, name, at(-30, 0), float("inf")) for name in names),
        authorities=tuple(map(authority, names)),
    )  # fmt: skip

    async def story():
        waits = await called.called()
        begun = await called.ask("roll_call_confirm", LEADER, id=waits.data["id"])
        told = await called.ask("roll_calls", id=begun.data["id"])
        digest = told.data["call"]["lists_digest"]
        return begun, await called.ask("roll_call_sign", id=begun.data["id"], digest=digest)

    begun, signed = asyncio.run(story())
    assert begun.data["orders"] == len(called.orders()) == len(names)
    assert len(store.papers.one(signed.data["id"]).entries) == len(names)


def test_its_sheet_is_signed_with_its_lists_and_by_no_other_way(called, store):
    async def story():
        begun = await called.called(office="SFS-01")
        sheet = store.papers.one(begun.data["id"])
        act = PaperAct(sheet.id, "sign", 2, "", digest=digest_of(sheet))
        with pytest.raises(UserFault) as refused:
            await called.papers.answers()["paper_act"](Request("paper_act", paper=act), officer())
        renewed = msgspec.structs.replace(act, do="renew", digest="")
        with pytest.raises(UserFault):
            await called.papers.answers()["paper_act"](Request("paper_act", paper=renewed), officer())
        return spoken(refused.value, "en"), store.papers.one(sheet.id) == sheet

    said, is_same = asyncio.run(story())
    assert "signed on its own page" in said
    assert is_same
