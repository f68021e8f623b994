"""A table whose values are made when they are first asked for; the families and their own profiles are such tables."""

import pytest

from protocols.on_demand import OnDemand
from protocols.registry import FAMILIES


@pytest.fixture
def made():
    return []


@pytest.fixture
def table(made):
    return OnDemand(("two", "one"), lambda name: made.append(name) or name.upper())


def test_its_names_are_known_before_anything_is_made(table, made):
    assert (list(table), len(table), "one" in table, "three" in table) == (["two", "one"], 2, True, False)
    assert not made


def test_a_value_is_made_once_and_no_other_with_it(table, made):
    assert [table["one"], table.get("one"), table["one"]] == ["ONE"] * 3
    assert made == ["one"]


def test_what_it_does_not_have_is_never_made(table, made):
    assert table.get("three") is None
    with pytest.raises(KeyError, match="three"):
        table["three"]
    assert not made


def test_what_cannot_be_made_is_tried_again():
    answers = iter([ValueError("not yet"), "there"])

    def make(_name):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    table = OnDemand(("one",), make)
    with pytest.raises(ValueError, match="not yet"):
        table["one"]
    assert table["one"] == "there"


@pytest.mark.parametrize("family", ["jt808", "gt06"])
def test_every_profile_of_a_family_can_be_read_and_is_called_like_its_file(family):
    for name in FAMILIES[family].profiles:
        assert FAMILIES[family].profile(name).name == name
