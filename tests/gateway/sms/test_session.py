"""The talk with a modem: set up, texts out and in, reports, and all that goes wrong with modems."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_sim.modem.modem import Faults, Modem
from gateway.sms.events import Came, Fell, NotTaken, Ready, Reported, Taken
from gateway.sms.incoming import Fate, Incoming
from gateway.sms.results import RESTARTED, TIMEOUT, Blame, blame_of, words_of
from gateway.sms.session import AGAIN, ANSWER, LOOK, MOST_LINE, NETWORK, SETUP, Session
from gateway.sms.submit import submits

NUMBER = "+8613800000001"
TEXT = "【提醒】P0004 电量低"


@dataclass
class Talk:
    """A session and a modem that hear each other at once, by a clock of their own."""

    modem: Modem = field(default_factory=Modem)
    session: Session = field(default_factory=Session)
    now: float = 0.0
    told: list = field(default_factory=list)
    chunk: int = 4096

    def hear(self, data: bytes = b"") -> list:
        """What the session tells of some bytes, and of all that follows from them."""
        told, answer = [], data
        while answer or (out := self.session.outgoing()):
            if not answer:
                answer = self.modem.feed(out)
            for at in range(0, len(answer), self.chunk):
                told += self.session.feed(answer[at : at + self.chunk], self.now)
            answer = b""
        self.told += told
        return told

    def wait(self, seconds: float) -> list:
        """Time passes, and what it brings."""
        end, told = self.now + seconds, []
        while self.session.due() <= end:
            self.now = max(self.now, self.session.due())
            told += self.session.tick(self.now)
            self.told += told
            told += self.hear()
        self.now = end
        return told

    def send(self, text: str = TEXT) -> list:
        (pdu,) = submits(NUMBER, text)
        self.session.give(pdu, self.now)
        return self.hear()


def talk(**faults: object) -> Talk:
    """A modem that has been set up."""
    made = Talk(Modem(Faults(**faults)))
    assert made.wait(0.0) == [Ready()]
    return made


def kinds(told: list) -> list[type]:
    return [type(one) for one in told]


@pytest.mark.parametrize("echo", [False, True])
@pytest.mark.parametrize("chunk", [1, 3, 4096])
def test_a_text_is_taken_under_a_number_and_its_report_names_it(echo, chunk):
    made = talk(echo=echo)
    made.chunk = chunk
    taken, reported = made.send()
    assert taken == Taken(1)
    assert (reported.report.reference, reported.report.number, reported.report.fate) == (1, NUMBER, Fate.DELIVERED)
    assert [(one.number, one.text, one.wants_report) for one in made.modem.taken] == [(NUMBER, TEXT, True)]
    assert made.session.odd.total() == 0
    assert made.session.is_free


def test_it_is_free_for_one_text_at_a_time():
    made = Talk()
    assert not made.session.is_free
    made.wait(0.0)
    assert made.session.is_free
    (pdu,) = submits(NUMBER, TEXT)
    made.session.give(pdu, 0.0)
    assert not made.session.is_free


@pytest.mark.parametrize(
    ("code", "blame"),
    [(1, Blame.MESSAGE), (304, Blame.MESSAGE), (310, Blame.SETTING), (330, Blame.SETTING), (41, Blame.PASSING),
     (331, Blame.PASSING), (500, Blame.PASSING), (777, Blame.PASSING), (TIMEOUT, Blame.PASSING)],
)  # fmt: skip
def test_a_refusal_has_its_code_and_whom_it_is_about(code, blame):
    assert blame_of(code) is blame
    if code > 0:
        made = talk(refuses=[code])
        assert made.send() == [NotTaken(code)]
        assert made.session.is_free
        assert words_of(code) == f"cms {code}"
        assert kinds(made.send()) == [Taken, Reported]


def test_a_text_that_comes_is_kept_by_the_modem_until_it_is_kept_elsewhere():
    made = talk()
    (came,) = made.hear(made.modem.text(NUMBER, "收 7F3A"))
    assert came == Came(Incoming(NUMBER, "收 7F3A"), 1)
    assert list(made.modem.kept) == [1]
    made.session.forget(1, made.now)
    made.hear()
    assert made.modem.kept == {}


def test_what_came_before_the_modem_was_set_up_is_read_then():
    made = Talk()
    assert made.modem.text(NUMBER, "收 1234") == b""
    assert made.wait(0.0) == [Came(Incoming(NUMBER, "收 1234"), 1), Ready()]


def test_an_announcement_that_was_lost_is_found_at_the_next_look():
    made = talk()
    made.modem.text(NUMBER, "收 1234")
    assert made.wait(LOOK - 1.0) == []
    assert kinds(made.wait(2.0)) == [Came]


def test_a_text_that_is_pushed_and_kept_nowhere_is_told():
    made, other = talk(), Modem()
    other.text(NUMBER, "x")
    (came,) = made.hear(f"\r\n+CMT: ,21\r\n{other.kept[1]}\r\n".encode())
    assert came == Came(Incoming(NUMBER, "x"), None)


def test_a_report_that_is_kept_is_read_and_forgotten():
    made = talk()
    made.send()
    from firmware_sim.modem.pdus import report  # noqa: PLC0415  this test alone

    made.modem.kept[9] = report(1, NUMBER, 0x46)
    (reported,) = made.hear(b'\r\n+CDSI: "SR",9\r\n')
    assert reported.report.fate is Fate.FAILED
    assert made.modem.kept == {}


def test_a_modem_that_restarts_in_a_text_leaves_it_in_doubt_and_is_set_up_anew():
    made = talk(forgets=1)
    assert made.send() == [NotTaken(RESTARTED), Fell("restarted")]
    assert not made.session.is_free
    assert made.wait(AGAIN + 1.0) == [Ready()]
    assert kinds(made.send()) == [Taken, Reported]


def test_a_restart_without_a_word_is_found_out_at_the_next_look():
    made = talk()
    made.modem.restart()
    told = made.wait(LOOK + ANSWER + AGAIN + 1.0)
    assert kinds(told) == [Fell, Ready]
    assert kinds(made.send()) == [Taken, Reported]


def test_a_modem_that_says_nothing_is_given_up_and_begun_with_again():
    made = talk()
    made.modem.faults.mute = True
    assert made.send() == []
    assert made.wait(ANSWER) == [NotTaken(TIMEOUT), Fell("no answer")]
    made.modem.faults.mute = False
    assert kinds(made.wait(AGAIN + ANSWER + 1.0))[-1] is Ready
    assert kinds(made.send()) == [Taken, Reported]


def test_the_network_has_more_time_than_the_modem():
    made = talk()
    (pdu,) = submits(NUMBER, TEXT)
    made.session.give(pdu, made.now)
    made.session.outgoing()
    assert made.session.feed(b"\r\n> ", made.now) == []
    assert made.session.outgoing() == pdu.hex.encode() + b"\x1a"
    assert made.session.due() == made.now + NETWORK
    made.now += NETWORK
    assert made.session.tick(made.now) == [NotTaken(TIMEOUT), Fell("no answer")]
    assert made.session.outgoing() == b"\x1b"


def test_without_a_setting_nothing_goes_and_it_is_said_which():
    made = Talk()
    made.session.tick(0.0)
    assert made.session.outgoing() == b"ATE0\r"
    assert made.session.feed(b"\r\nOK\r\n", 0.0) == []
    assert made.session.feed(b"\r\nERROR\r\n", 0.0) == []  # an old one without numbered errors will do
    assert made.session.feed(b"\r\n+CMS ERROR: 310\r\n", 0.0) == [Fell("AT+CMGF=0: cms 310")]
    assert not made.session.is_free


def test_a_line_without_an_end_is_rubbish_and_hinders_nothing():
    made = talk()
    made.hear(b"x" * (MOST_LINE + 5) + b"\r\nhello\r\n")
    assert made.session.odd == {"line_long": 5, "line": 2}
    assert kinds(made.send()) == [Taken, Reported]


@given(st.integers(0, 10_000), st.sampled_from([0.05, 0.2, 0.5]))
@settings(max_examples=examples(100))
def test_on_a_garbled_line_every_text_is_answered_once_and_goes_out_in_the_end(seed, garbled):
    made = Talk(Modem(Faults(garbled=garbled, seed=seed)))
    given_, left = 0, 3
    for _ in range(400):
        if made.session.is_free and left:
            made.send(f"{TEXT}{left}")
            given_ += 1
        made.wait(5.0)
        answered = sum(isinstance(one, Taken | NotTaken) for one in made.told)
        assert given_ - answered in {0, 1}
        left = 3 - sum(isinstance(one, Taken) for one in made.told)
    assert left <= 0
    assert {TEXT + "1", TEXT + "2", TEXT + "3"} <= {one.text for one in made.modem.taken}


@given(st.lists(st.one_of(st.binary(max_size=30), st.sampled_from([b"\r\nOK\r\n", b"> ", b"+CMGS: 7\r\n", b"RDY\r\n",
       b"+CMT: 1\r\n", b'+CMTI: "SM",1\r\n', b"+CMS ERROR: 1\r\n"])), max_size=30))  # fmt: skip
@settings(max_examples=examples(200))
def test_whatever_comes_nothing_is_raised_and_one_setting_follows_the_other(chunks):
    session, now = Session(), 0.0
    session.tick(now)
    for chunk in chunks:
        now += 1.0
        session.feed(chunk, now)
        session.tick(now)
    assert session.due() > now
    assert session.outgoing().startswith(SETUP[0].encode())
