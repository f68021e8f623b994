"""The saved corpus of every family is replayed always; the fuzzer itself runs for a while where it is installed."""

import pytest

from fuzz.campaign import fuzz, is_here, saved
from fuzz.harness import MOST_HELD, STRICT, Target, weight
from fuzz.minimise import MOST_INPUTS, minimised
from fuzz.seeds import seeds_of
from fuzz.targets import NAMES, target_of
from protocols.order import Sending
from protocols.r16h import FAMILY as R16H

RUNS = pytest.mark.parametrize("runs", [2_000, pytest.param(1_000_000, marks=pytest.mark.torture)])
"""Inputs of each family, enough for each promise to be tried: some are tried every 8,192 inputs alone."""
EACH = pytest.mark.parametrize("name", NAMES)
SENTENCE = bytes([STRICT, 0]) + b"@GPSD,861000000000207,R,20261123,120000,24.3,N,109.4,E,3.5,90,120,88,L,$"


@EACH
def test_the_saved_corpus_passes(name):
    target = target_of(name)
    inputs = [*seeds_of(name), *saved(name)]
    for data in inputs:
        target.run(data)
        target.run(data, whole=False)
        target.hammer(data)
    target.flush()
    assert target.inputs == 2 * len(inputs)


@EACH
def test_every_family_has_a_small_corpus(name):
    inputs = saved(name)
    assert 1 <= len(inputs) <= MOST_INPUTS
    assert max(map(len, inputs)) <= 4096


@RUNS
@EACH
def test_the_fuzzer_finds_nothing_in_a_while(name, runs, tmp_path):
    if not is_here():
        pytest.skip("NOT FUZZED: atheris is not installed here (requirements/fuzz.txt); the saved corpus was replayed")
    done = fuzz(name, [f"-runs={runs}"], tmp_path)
    assert done.returncode == 0, done.stderr[-4000:]
    assert f"Done {runs} runs" in done.stderr


class Spoilt:
    """A family one of whose promises is broken."""

    def __init__(self, **broken):
        self._broken = broken

    def __getattr__(self, name):
        return self._broken.get(name, getattr(R16H, name))


class SpoiltSession:
    def __init__(self, session, **broken):
        self._session, self._broken = session, broken

    def __getattr__(self, name):
        return self._broken.get(name, getattr(self._session, name))


def spoilt_session(**broken):
    return Target(Spoilt(session=lambda *given, **named: SpoiltSession(R16H.session(*given, **named), **broken)))


def fail(*_given):
    raise ValueError("broken")


def test_a_sound_family_passes():
    target = Target(Spoilt())
    target.run(SENTENCE)
    target.hammer(SENTENCE)
    target.flush()
    assert target.frames == 1


@pytest.mark.parametrize("method", ["feed", "tick", "order"])
def test_an_undeclared_exception_of_a_session_is_a_finding(method):
    with pytest.raises(ValueError, match="broken"):
        spoilt_session(**{method: fail}).run(SENTENCE)


@pytest.mark.parametrize("method", ["decode", "keep"])
def test_an_undeclared_exception_of_a_family_is_a_finding(method):
    with pytest.raises(ValueError, match="broken"):
        Target(Spoilt(**{method: fail})).run(SENTENCE)


def test_columns_without_the_announced_report_are_a_finding():
    empty = R16H.decode
    target = Target(Spoilt(decode=lambda frames: empty(type(frames).of([], "standard"))))
    with pytest.raises(AssertionError, match="stated"):
        target.run(SENTENCE)
    target.run(SENTENCE, whole=False)
    with pytest.raises(AssertionError, match="stated"):
        target.flush()


def test_a_refusal_that_is_not_counted_is_a_finding():
    with pytest.raises(AssertionError, match="not counted"):
        spoilt_session(discarded={}).run(bytes(2) + b"@broken$")


def test_an_empty_segment_is_a_finding():
    with pytest.raises(AssertionError, match="empty segment"):
        spoilt_session(order=lambda *_: Sending((b"",), "", "")).run(SENTENCE)


def test_a_session_that_hoards_is_a_finding():
    class Hoarding(type(R16H.session("standard"))):
        def feed(self, data, now):
            self._hoard = [*getattr(self, "_hoard", []), data * 100]
            return super().feed(data, now)

    Hoarding.__module__ = "protocols.r16h.session"
    session = R16H.session("standard")
    session.__class__ = Hoarding
    target = Target(Spoilt(session=lambda *_given, **_named: session))
    with pytest.raises(AssertionError, match="holds"):
        target.hammer(SENTENCE)
    assert weight(session) > MOST_HELD


def test_a_corpus_is_made_small_by_what_each_input_adds():
    small = bytes([STRICT, 0]) + b"@LINK,861000000000207$"
    assert minimised(Target(R16H), [SENTENCE, small, small]) == [small, SENTENCE]
    assert minimised(Target(R16H), [SENTENCE, small], most=1) == [small]
