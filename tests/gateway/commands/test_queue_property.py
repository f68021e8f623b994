"""Whatever happens in whatever order, each command ends exactly once, and nothing is sent that must not be."""

from __future__ import annotations

from collections import Counter

from effort import examples
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from wires import Desk, PacedLine

from gateway.commands.queue import HOLDS
from gateway.engine.records import End, Ended
from protocols.order import Result

DEVICES = st.sampled_from(["D", "E"])
WORDS = st.sampled_from(["took {}", "did {}", "took {}.0", "took {}.2"])
LONG = 7 * 86400.0


class WatchedLine(PacedLine):
    """Looks at the moment of each sending."""

    machine: QueueStory

    def __init__(self, name):
        super().__init__(name)
        self.whole = Counter()
        """How often each order's message has been written to its end here."""

    def send(self, segments):
        super().send(map(self.watch, segments))

    def watch(self, segment):
        identity = segment.decode().split()[2]
        machine = self.machine
        assert identity not in machine.told, "an ended order was sent"
        assert machine.desk.now < machine.expires[identity], "an expired order was sent"
        for earlier in self.before(identity):
            assert self.whole[earlier] >= HOLDS or earlier in machine.overtaken, "an order overtook another"
        assert identity not in machine.overtaken, "an order was said again behind a newer one"
        self.whole[identity] += segment.endswith((b" 2", identity.encode()))
        return segment

    def before(self, identity):
        """Orders of its device that were given before it and have not ended."""
        given = self.machine.given[self.machine.device[identity]]
        return given[: given.index(identity)]


class QueueStory(RuleBasedStateMachine):
    """Two devices, orders of all sorts, sessions, replies, time, cancellations, and crashes that forget the queue."""

    @initialize()
    def begin(self) -> None:
        self.number = self.sessions = 0
        self.told: dict[str, End] = {}
        self.overtaken: set[str] = set()
        self.given: dict[str, list[str]] = {"D": [], "E": []}
        self.device: dict[str, str] = {}
        self.expires: dict[str, float] = {}
        self.commands: dict = {}
        self.desk = Desk()
        self.desk.queue.ended = self.note

    def note(self, ended: Ended) -> None:
        assert ended.command not in self.told, "an order ended twice"
        self.told[ended.command] = ended.end
        self.given[self.device[ended.command]].remove(ended.command)

    @rule(
        device=DEVICES,
        kind=st.sampled_from(["text", "locate", "mute", "refused", "series", "cut"]),
        expires=st.sampled_from([5.0, 60.0, 900.0, LONG]),
    )
    def give(self, device, kind, expires):
        self.number += 1
        name = f"o{self.number}"
        self.given[device].append(name)
        self.device[name], self.expires[name] = device, self.desk.now + expires
        self.desk.give(name, kind, device, expires)
        self.commands[name] = (kind, device)

    @rule(device=DEVICES)
    def connect(self, device):
        self.sessions += 1
        line = WatchedLine(f"s{self.sessions}.")
        line.machine = self
        self.desk.lines[device] = line
        self.desk.queue.arrived(device, self.desk.now)

    @rule(device=DEVICES)
    def write(self, device):
        if device in self.desk.lines:
            self.desk.lines[device].write()

    @rule(device=DEVICES)
    def leave(self, device):
        self.desk.lines.pop(device, None)

    @rule(device=DEVICES, word=WORDS, back=st.integers(0, 2), result=st.sampled_from(Result))
    def reply(self, device, word, back, result):
        line = self.desk.lines.get(device)
        if line is not None:
            before = dict.fromkeys(self.given[device])
            answered = self.orders_on(line).get(f"{line.name}{line.number - back}")
            strange = self.desk.reply(word.format(f"{line.name}{line.number - back}"), result, device=device)
            if not strange and answered in before:
                self.overtaken |= set(list(before)[: list(before).index(answered)]) - set(self.told)
                self.overtaken.discard(answered)
                MET["overtaken"] += bool(self.overtaken)

    def orders_on(self, line):
        """By the key of a message, whose order it is."""
        written = [segments[0].decode().split() for segments in line.written]
        return {words[0]: words[2] for words in written}

    @rule(device=DEVICES, waits=st.sampled_from([(0.0,), (10.0,), (10.0, 20.0), (10.0, 20.0, 60.0)]))
    def ignore(self, device, waits):
        """A device that is there and has orders hears what there is, and is silent."""
        if device not in self.desk.lines:
            self.connect(device)
        while len(self.given[device]) < len(waits):
            self.give(device, "locate", LONG)
        for wait in waits:
            while device in self.desk.lines and self.desk.lines[device].write():
                pass
            self.desk.go_on(self.desk.now + wait)

    @rule(device=DEVICES, result=st.sampled_from(Result))
    def answer_last(self, device, result):
        """A device answers what it heard last."""
        line = self.desk.lines.get(device)
        if line is not None:
            while line.write():
                pass
            self.reply(device, "took {}", 0, result)

    @rule(device=DEVICES, kind=st.sampled_from(["text", "locate", "mute", "refused"]), result=st.sampled_from(Result))
    def obey(self, device, kind, result):
        """A device that is there is told something, and says how it went."""
        if device not in self.desk.lines:
            self.connect(device)
        if not self.given[device]:
            self.give(device, kind, LONG)
        line = self.desk.lines[device]
        while line.write():
            pass
        for word in ("took {}", "did {}"):
            self.reply(device, word, 0, result)

    @rule(seconds=st.sampled_from([0.5, 10.0, 61.0, 300.0, 1000.0]))
    def wait(self, seconds):
        self.desk.go_on(self.desk.now + seconds)

    @rule(device=DEVICES)
    def cancel(self, device):
        if self.given[device]:
            identity = self.given[device][-1]
            assert self.desk.queue.conclude(identity, End.CANCELLED, "", self.desk.now, "officer 8")
            assert self.told[identity] is End.CANCELLED

    @rule()
    def crash(self):
        """What state.db holds is loaded again, in the order of the log."""
        MET["crashed with orders"] += set(self.told) < set(self.commands)
        now, self.desk = self.desk.now, Desk()
        self.overtaken.clear()
        self.desk.now = now
        self.desk.queue.ended = self.note
        for name in list(self.commands):
            if name not in self.told:
                kind, device = self.commands[name]
                self.desk.give(name, kind, device, self.expires[name] - now)

    @invariant()
    def what_has_not_ended_is_queued(self):
        assert len(self.desk.queue) == sum(len(names) for names in self.given.values())
        assert self.desk.queue.outstanding() <= len(self.desk.queue)

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.go_on(self.desk.now + LONG)
            assert set(self.told) == set(self.commands)
            assert len(self.desk.queue) == 0
            MET.update(self.told.values())


MET: Counter[End | str] = Counter()
"""How the orders of all stories ended."""


def test_each_order_ends_once_in_every_way_there_is():
    MET.clear()
    run_state_machine_as_test(QueueStory, settings=settings(max_examples=examples(400), stateful_step_count=40))
    assert {case for case, count in MET.items() if count} == {*End, "overtaken", "crashed with orders"}, MET
