"""Workers are given waiting files among computing ones; each test once, those of a file together."""

from itertools import groupby, pairwise
from types import SimpleNamespace

from order import BEGUN_BY, LONGEST, mixed
from quick import TESTS

WAITING = [*sorted(f"e2e/test_other_{n}.py" for n in range(6)), *reversed(LONGEST)]
COMPUTING = [f"fencing/test_{n:02}.py" for n in range(60)]


def items(names):
    return [SimpleNamespace(path=TESTS / name, number=n) for name in names for n in range(3)]


def given(names):
    """Files in the order in which they are given out."""
    found = mixed(items(names))
    assert sorted(map(repr, found)) == sorted(map(repr, items(names)))
    return [str(path.relative_to(TESTS)) for path, _ in groupby(found, key=lambda item: item.path)]


def test_the_tests_of_a_file_stay_together_and_in_their_order():
    found = given([*WAITING, *COMPUTING])
    assert len(found) == len(set(found))
    assert [item.number for item in mixed(items(WAITING))] == [0, 1, 2] * len(WAITING)
    apart = mixed([*items(WAITING), *items(WAITING)])
    assert [item.number for item in apart] == [0, 1, 2, 0, 1, 2] * len(WAITING)


def test_waiting_files_stand_evenly_among_the_others_the_longest_first():
    found = given([*WAITING, *COMPUTING])
    places = [found.index(name) for name in found if name in WAITING]
    assert tuple(found[place] for place in places[: len(LONGEST)]) == LONGEST
    apart = {after - before for before, after in pairwise(places)}
    assert max(apart) - min(apart) <= 1
    assert places[-1] < BEGUN_BY * len(found)


def test_others_keep_their_order_and_either_kind_may_be_alone():
    assert given(COMPUTING) == COMPUTING
    assert [name for name in given([*WAITING, *COMPUTING]) if name in COMPUTING] == COMPUTING
    assert given(WAITING)[: len(LONGEST)] == list(LONGEST)


def test_the_longest_are_there():
    assert [name for name in LONGEST if not (TESTS / name).is_file()] == []
