"""Fragments as a session answers them: each 8001, gaps asked for once, media by 8800, what never comes given up."""

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jt808_frames import NOON, batch, frame, location
from met import must_meet

from protocols.jt808 import FAMILY
from protocols.jt808.arrivals import GRACE, MOST_PARTS, MOST_SETS, PATIENCE, QUIET
from protocols.jt808.fragments import PARTS, joined
from protocols.jt808.habits import Habits
from protocols.jt808.header import read_header
from protocols.jt808.manners import Manners
from protocols.jt808.messages import MESSAGES, Edition
from protocols.jt808.session import Session
from protocols.jt808.wire import unescape, xor
from protocols.session import Frame, FrameBatch, Refused, Send

REPORTS = [location(NOON + 60 * number, items=[(1, bytes(4))]) for number in range(60)]
BATCH = batch(*REPORTS)
MEDIUM = b"\0\0\0\x09" + bytes(4) + b"picture" * 300


def parts(body=BATCH, size=700, *, first=1, message=0x0704, edition_2019=False):
    cut = [body[at : at + size] for at in range(0, len(body), size)]
    return [
        frame(message, part, serial=(first + at) & 0xFFFF, fragment=(len(cut), at + 1), edition_2019=edition_2019)
        for at, part in enumerate(cut)
    ]


def opened(raw):
    content = unescape(raw[1:-1])
    assert xor(content) == 0
    header = read_header(content)
    return header, content[header.size : -1]


def feed(session, raw, now=NOON):
    """The fragment's frame, and what the session wants sent besides."""
    frame_, *others = session.feed(raw, now)
    assert isinstance(frame_, Frame)
    assert frame_.is_fragment
    return frame_, others


def asked(event):
    """Id, first serial (or medium) and indices of a request for fragments."""
    assert isinstance(event, Send)
    (raw,) = event.segments
    header, body = opened(raw)
    edition = Edition.E2019 if header.version >= 0 else Edition.E2013
    said = MESSAGES[header.message].schema_of(edition).parse(body)
    if header.message == 0x8800:
        return header.message, said.media, list(said.missing)
    return header.message, said.first_serial, list(said.indices)


@pytest.mark.parametrize("edition_2019", [False, True])
def test_each_fragment_is_answered_by_itself(edition_2019):
    session = Session()
    for at, raw in enumerate(parts(edition_2019=edition_2019), 1):
        taken, others = feed(session, raw)
        assert (taken.message, taken.device_times, others) == (0x0704, (), [])
        header, body = opened(taken.answer)
        assert (header.message, struct.unpack(">HHB", body)) == (0x8001, (at, 0x0704, 0))


def test_one_answer_for_all_where_the_profile_says_so():
    session = Session(manners=Manners(Habits(fragment_answers="once")))
    answers = [feed(session, raw)[0].answer for raw in parts()]
    assert answers[:-1] == [b""] * (len(answers) - 1)
    assert opened(answers[-1])[0].message == 0x8001
    # the answer was lost: any of them sent again is answered
    assert opened(feed(session, parts()[0])[0].answer)[0].message == 0x8001


@pytest.mark.parametrize("edition_2019", [False, True])
def test_a_gap_is_asked_for_once_when_the_last_has_come(edition_2019):
    session, cut = Session(), parts(edition_2019=edition_2019, first=0xFFFE)
    assert all(feed(session, raw)[1] == [] for raw in (cut[0], cut[2], cut[-1]))
    (wish,) = session.tick(NOON + GRACE)
    assert asked(wish) == (0x8003, 0xFFFE, [2])
    body = opened(wish.segments[0])[1]
    assert len(body) == (6 if edition_2019 else 5)
    assert session.tick(NOON + 50) == []
    assert feed(session, cut[1], NOON + 51)[1] == []
    assert session.tick(NOON + 1000) == []


@pytest.mark.parametrize(
    ("edition_2019", "phone", "printed"),
    [
        (False, "013800138000", "7e80030007013800138000000300100200020005387e"),
        (True, "13800138000", "7e80034008010000000001380013800000030010000200020005767e"),
    ],
)
def test_the_documents_frames_of_8003(edition_2019, phone, printed):
    session = Session()
    for at in (1, 3, 4, 6):
        session.feed(
            frame(0x0704, b"x", phone=phone, serial=0x0F + at, fragment=(6, at), edition_2019=edition_2019), NOON
        )
    session.claim(3)
    (wish,) = session.tick(NOON + GRACE)
    assert wish.is_new
    assert session.number(wish.segments[0]).hex() == printed


def test_fragments_that_overtake_each_other_are_waited_for():
    session, cut = Session(), parts()
    for raw in (cut[1], cut[0], cut[-1]):
        assert feed(session, raw)[1] == []
    assert session.tick(NOON + GRACE / 2) == []
    (wish,) = session.tick(NOON + GRACE)
    assert asked(wish) == (0x8003, 1, [3])


def test_a_lost_end_is_asked_for_after_quiet():
    session, cut = Session(), parts()
    feed(session, cut[0])
    assert session.tick(NOON + QUIET - 1) == []
    (wish,) = session.tick(NOON + QUIET)
    assert asked(wish) == (0x8003, 1, [2, 3, 4])


def test_what_never_comes_is_given_up_and_counted():
    session = Session()
    feed(session, parts()[0])
    session.tick(NOON + QUIET)
    assert session.tick(NOON + QUIET + PATIENCE - 1) == []
    assert session.tick(NOON + QUIET + PATIENCE) == [Refused("fragment_given_up", b"")]
    assert session.tick(NOON + 10 * PATIENCE) == []


@must_meet("in order", "out of order", "repeated", "the serial runs over")
@given(st.permutations(range(4)), st.lists(st.integers(0, 3), max_size=4), st.sampled_from([1, 0xFFFE, 0xFFFF]))
@example([0, 1, 2, 3], [], 1)
@example([3, 2, 1, 0], [1], 0xFFFE)
def test_any_order_with_repeats_is_answered_and_asks_for_nothing_in_the_end(met, order, repeats, first):
    session, cut = Session(), parts(first=first)
    for at in (*order, *repeats):
        taken, _ = feed(session, cut[at])
        assert opened(taken.answer)[1] == struct.pack(">HHB", (first + at) & 0xFFFF, 0x0704, 0)
    assert session.tick(NOON + 1000) == []
    met["in order" if [*order] == sorted(order) else "out of order"] += 1
    met["repeated"] += len(repeats)
    met["the serial runs over"] += first > 1


@pytest.mark.parametrize("cut_head", [False, True])
def test_a_medium_is_answered_by_its_own_message(cut_head):
    session, cut = Session(), parts(MEDIUM, message=0x0801)
    if cut_head:
        cut = [cut[1], cut[2], cut[0], *cut[3:]]
    answers = [opened(feed(session, raw)[0].answer) for raw in cut]
    assert [header.message for header, _ in answers] == [0x8001] * (len(cut) - 1) + [0x8800]
    assert answers[-1][1] == MEDIUM[:4]


def test_gaps_of_a_medium_are_named_in_8800():
    session, cut = Session(), parts(MEDIUM, message=0x0801)
    feed(session, cut[0])
    feed(session, cut[1])
    feed(session, cut[3])
    (wish,) = session.tick(NOON + GRACE)
    assert asked(wish) == (0x8800, 9, [3])
    assert opened(feed(session, cut[2])[0].answer)[1] == MEDIUM[:4]


def test_a_medium_whose_head_is_missing_is_asked_for_as_any_other():
    session, cut = Session(), parts(MEDIUM, message=0x0801)
    for raw in cut[1:]:
        assert feed(session, raw)[1] == []
    (wish,) = session.tick(NOON + GRACE)
    assert asked(wish) == (0x8003, 1, [1])


@pytest.mark.parametrize(("body", "answer"), [(MEDIUM[:100], 0x8800), (b"\0\0\0", 0x8001)])
def test_a_medium_in_one_frame(body, answer):
    (taken,) = Session().feed(frame(0x0801, body), NOON)
    assert opened(taken.answer)[0].message == answer


@pytest.mark.parametrize("cut", [1, 2])
def test_a_medium_of_a_terminal_of_2011_is_answered_with_the_answered_serial_first(cut):
    session = Session(manners=Manners(Habits(edition="2011")))
    body = MEDIUM[:8] + struct.pack(">II", 1, 1) + b"picture"
    cuts = [frame(0x0801, body, serial=7)] if cut == 1 else parts(body, 16, first=6, message=0x0801)
    header, said = opened([session.feed(raw, NOON)[0].answer for raw in cuts][-1])
    assert (header.message, said) == (0x8800, b"\0\7" + MEDIUM[:4])


def test_a_profile_may_want_8001_for_media():
    session = Session(manners=Manners(Habits(media_answer="8001")))
    cut = [*parts(MEDIUM, message=0x0801), frame(0x0801, MEDIUM[:100], serial=50)]
    assert {opened(session.feed(raw, NOON)[0].answer)[0].message for raw in cut} == {0x8001}


def test_the_same_place_with_other_bytes_begins_anew():
    session, cut = Session(), parts()
    other = parts(batch(*(location(NOON + 7000 + 60 * at, items=[(1, bytes(4))]) for at in range(60))))
    feed(session, cut[0])
    feed(session, cut[1])
    for raw in other:
        assert feed(session, raw)[1] == []
    assert session.tick(NOON + 1000) == []


def test_a_total_that_changes_is_another_message():
    session, cut = Session(), parts()
    feed(session, cut[0])
    feed(session, frame(0x0704, b"x", serial=2, fragment=(9, 2)))
    wishes = session.tick(NOON + QUIET)
    assert sorted(map(asked, wishes)) == [(0x8003, 1, [1, 3, 4, 5, 6, 7, 8, 9]), (0x8003, 1, [2, 3, 4])]


@pytest.mark.parametrize(("edition_2019", "most"), [(False, 255), (True, 509)])
def test_a_request_names_no_more_than_a_frame_can(edition_2019, most):
    session = Session()
    feed(session, frame(0x0704, b"x", fragment=(65535, 65535), edition_2019=edition_2019))
    (wish,) = session.tick(NOON + QUIET)
    _, _, indices = asked(wish)
    assert indices == list(range(1, most + 1))


def test_what_is_remembered_of_fragments_is_bounded():
    session = Session()
    for number in range(3 * MOST_SETS):
        session.feed(frame(0x0704, b"x", serial=number, fragment=(9, 1)), NOON)
    assert len(session._arrivals._open) <= MOST_SETS
    for number in range(MOST_PARTS + 10):
        session.feed(frame(0x0900, b"", serial=number & 0xFFFF, fragment=(65535, number + 1)), NOON)
    assert session._arrivals._parts <= MOST_PARTS


@must_meet("Frame", "Login", "Refused", "Send")
@given(
    st.lists(
        st.tuples(
            st.sampled_from([0x0704, 0x0801, 0x0104, 0x0900, 0x0005, 0x0100]), st.integers(0, 4), st.integers(0, 4),
            st.integers(0, 3), st.binary(max_size=12), st.floats(0, 300),
        ),
        max_size=20,
    )
)  # fmt: skip
@example([(0x0704, 2, 1, 0, b"", 0.0), (0x0704, 9, 9, 0, b"", 0.0), (0x0100, 1, 1, 3, bytes(38), 0.0)])
@example([(0x0704, 3, 1, 0, b"", 0.0), (0x0704, 3, 3, 2, b"", 0.0), (0x0002, 1, 1, 3, b"", 290.0)])
def test_any_fragments_give_events_and_nothing_else(met, fragments):
    session, now = Session(), NOON
    for message, total, index, serial, body, wait in fragments:
        now += wait
        events = session.feed(frame(message, body, serial=serial, fragment=(total, index)), now) + session.tick(now)
        assert all(isinstance(event, Frame | Refused | Send) or event.frame for event in events)
        met.update(type(event).__name__ for event in events)


def whole(raws):
    return FAMILY.decode(FrameBatch.of([PARTS.join(raws)], "standard")).time.tolist()


TIMES = [NOON + 60 * number for number in range(60)]


def test_parts_say_which_they_are_and_join():
    cut = parts(first=0xFFFF)
    assert [(one.index, one.total) for one in map(PARTS.part, cut)] == [(at, 4) for at in (1, 2, 3, 4)]
    assert {PARTS.part(raw).key for raw in cut} == {"0704/4/65535"}
    assert whole(cut) == TIMES
    assert list(PARTS.device_times(PARTS.join(cut))) == TIMES
    assert PARTS.device_times(PARTS.join(parts(b"\0\0\0\0\0", 3))) == ()


def test_a_head_repeated_in_every_fragment_is_taken_off():
    head, listed = BATCH[:3], BATCH[3:]
    repeated = [head + listed[at : at + 700] for at in range(0, len(listed), 700)]
    assert joined(0x0704, repeated) == BATCH
    assert joined(0x0704, [BATCH[:700], BATCH[700:]]) == BATCH
    medium = [MEDIUM[:8] + MEDIUM[8:][at : at + 500] for at in range(0, len(MEDIUM) - 8, 500)]
    assert joined(0x0801, medium) == MEDIUM
    assert joined(0x0801, [MEDIUM[:500], MEDIUM[500:]]) == MEDIUM


def test_heads_that_prove_nothing_stay():
    """Neither reading fits: the fragments stand as they came."""
    assert joined(0x0704, [b"\0\5\1abc", b"\0\5\1def"]) == b"\0\5\1abc\0\5\1def"


@pytest.mark.parametrize(
    ("came", "quiet_after", "asked_after"), [([0, 2], 4.75, 5.0), ([0, 2, -1], 0.75, 1.0)], ids=["no end", "a gap"]
)
def test_the_pause_before_a_gap_is_asked_for_is_five_seconds_and_one_once_the_end_has_come(
    came, quiet_after, asked_after
):
    session, cut = Session(), parts()
    for at in came:
        feed(session, cut[at])
    assert session.tick(NOON + quiet_after) == []
    (wish,) = session.tick(NOON + asked_after)
    assert asked(wish)[2][0] == 2


def test_what_was_asked_for_is_waited_for_two_minutes():
    session = Session()
    feed(session, parts()[0])
    assert [asked(wish)[2][0] for wish in session.tick(NOON + 5.0)] == [2]
    assert session.tick(NOON + 124.0) == []
    assert session.tick(NOON + 125.0) == [Refused("fragment_given_up", b"")]
