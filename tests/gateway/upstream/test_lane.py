"""What goes to a platform beside alarms: as it stands, after alarms, and nothing kept for later."""

from __future__ import annotations

import json

from posted_platform import HANG, posted
from upstream_room import event, told

from gateway.settings.model import Telemetry
from gateway.upstream.telemetry import FRESH, MOST, Lane

EVERY = 60.0


class Shown:
    """A lane over rows that a test sets."""

    def __init__(self, **rows):
        self.rows, self.looks = rows, 0
        self.lane = Lane(Telemetry("order 7", EVERY, positions=True), "pressed", self._look, lambda: 1_800_000_000.0)

    def _look(self, _wanted):
        self.looks += 1
        return {"positions": {(name,): {"person": name, "x": x} for name, x in self.rows.items()}}

    def sent(self, time):
        """Rows of all messages that go out at a time, each taken."""
        found = []
        while (batch := self.lane.next(time)) is not None:
            found.append([row["person"] for row in json.loads(batch.body)["data"]["rows"]])
            self.lane.taken(batch)
        return found


def test_at_first_all_and_then_what_has_changed():
    shown = Shown(a=1, b=1)
    assert shown.sent(0.0) == [["a", "b"]]
    shown.rows |= {"b": 2, "c": 1}
    assert shown.sent(EVERY - 1.0) == []
    assert shown.lane.due(1.0) == EVERY
    assert shown.sent(EVERY) == [["b", "c"]]
    assert shown.sent(2 * EVERY) == []


def test_who_is_gone_and_comes_back_is_new():
    shown = Shown(a=1)
    shown.sent(0.0)
    shown.rows = {}
    assert shown.sent(EVERY) == []
    shown.rows = {"a": 1}
    assert shown.sent(2 * EVERY) == [["a"]]


def test_many_go_in_several_messages():
    shown = Shown(**{f"p{number:04d}": 1 for number in range(2 * MOST + 1)})
    assert [len(rows) for rows in shown.sent(0.0)] == [MOST, MOST, 1]
    assert shown.looks == 1


def test_what_was_not_taken_goes_out_as_it_is_then():
    shown = Shown(a=1)
    assert shown.lane.next(0.0) is not None
    shown.lane.failed()
    assert shown.lane.next(1.0) is None
    shown.rows = {"a": 5}
    assert shown.sent(EVERY) == [["a"]]


def test_what_waits_too_long_is_looked_at_anew():
    """Meanwhile an authority may have ended."""
    shown = Shown(a=1, b=1)
    assert shown.lane.next(0.0) is not None
    del shown.rows["a"]
    assert shown.sent(FRESH + 0.1) == [["b"]]


def test_a_message_says_by_which_basis_it_goes():
    batch = Shown(a=1).lane.next(0.0)
    assert json.loads(batch.body) == {
        "specversion": "1.0", "id": batch.id, "source": "/bracelet/pressed", "type": "bracelet.telemetry.positions",
        "time": "2027-01-15T08:00:00Z", "datacontenttype": "application/json",
        "data": {"county": "pressed", "basis": "order 7", "rows": [{"person": "a", "x": 1}]},
    }  # fmt: skip


def of_lane(platform):
    return [json.loads(each.body) for each in platform.beside if each.kind == "bracelet.telemetry.positions"]


def test_a_webhook_gets_it_once_no_alarm_is_to_go(tmp_path):
    shown = Shown(a=1)

    async def test(platform, one):
        one.upstream.lane = shown.lane
        await one.owe(event("sos"))
        one.start()
        await one.eventually(lambda: "sos.1" in platform.asked and one.upstream.connected, "under way")
        await one.writer.run(one.store.applied_offset)
        assert of_lane(platform) == []
        platform.answers = lambda _: 200
        platform.released.set()
        await one.delivered(pace=0.5)
        await one.eventually(lambda: of_lane(platform), "after it")
        shown.rows = {"a": 2}
        await one.eventually(lambda: len(of_lane(platform)) == 2, "what has changed", pace=1.0)

    posted(tmp_path, test, answers=lambda _: HANG)


def test_a_platform_that_refuses_it_gets_its_alarms(tmp_path):
    shown = Shown(a=1)

    async def test(platform, one):
        platform.others = lambda sent: 400 if "telemetry" in sent.kind else 200
        one.upstream.lane = shown.lane
        one.start()
        await one.eventually(lambda: "400" in str(one.upstream.trouble), "said")
        await one.owe(event("a"))
        await one.delivered()
        assert one.upstream.set_aside == {}

    posted(tmp_path, test)


def test_a_broker_gets_it_on_a_topic_of_its_own(tmp_path):
    shown = Shown(a=1)

    async def test(broker, one):
        one.upstream.lane = shown.lane
        await one.owe(event("sos"))
        one.start()
        await one.delivered()

        def lane():
            return [json.loads(body) for body in broker.order if b"bracelet.telemetry.positions" in body]

        await one.eventually(lambda: len(lane()) == 1, "it is there")
        assert json.loads(broker.order[1])["id"] == "sos.1"
        shown.rows = {"a": 2}
        await one.eventually(lambda: len(lane()) == 2, "what has changed", pace=1.0)

    told(tmp_path, test)
