"""As many engines as there are partitions say together what one says: the same events, to the byte but for offsets.

Left out of what is compared are the places in the log (``journal``), and the identity of those kinds of alarm of which
it is made of one (``divided.BY_OFFSET``).
"""

from __future__ import annotations

import pytest
from changing_county import PROTECTED, history
from divided import Divided, alike, whole
from virtual import tell

from gateway.engine.policy import compile_policy
from gateway.partition.homes import home_of

BETWEEN = {"wearers_together", "protected_near"}


def changing(seed: int, **how: bool) -> tuple[list, dict]:
    """A log in pieces, and the policies that it names."""
    batch, configurations = history(seed, former=True, **how)
    shelf = {digest: compile_policy(one) for digest, one in configurations.items()}
    return [batch.slice(first, min(first + 1000, len(batch))) for first in range(0, len(batch), 1000)], shelf


@pytest.fixture(scope="module")
def compared() -> tuple[list[dict], Divided, list[dict]]:
    """What one engine says, three partitions, and what they say, while bracelets pass from hand to hand at once."""
    log, shelf = changing(2, at_once=True)
    divided = Divided(3, shelf)
    return whole(log, shelf), divided, divided.step(log)


def test_while_bracelets_change_hands_with_low_batteries_open_straps_and_silent(compared):
    one, divided, many = compared
    assert {event["data"]["kind"] for event in one} >= BETWEEN | {
        "exclusion_enter", "inclusion_exit", "curfew_late", "battery_low", "battery_critical", "battery_dead",
        "strap_cut", "comms_lost",
    }  # fmt: skip
    assert alike(many) == alike(one)
    assert all(divided.said)


def test_a_pair_of_two_partitions_is_decided_in_the_first_ones_and_told_once(compared):
    one, divided, _ = compared
    told = [
        (at, outcome.episode) for at, said in enumerate(divided.said) for outcome in said
        if outcome.episode.kind in BETWEEN
    ]  # fmt: skip
    assert len(told) == sum(event["data"]["kind"] in BETWEEN for event in one)
    others = [str(episode.facts["with"]) for _, episode in told]
    assert {each.kind for (_, each), other in zip(told, others, strict=True) if home(each.person) != home(other)} == (
        BETWEEN
    )
    assert PROTECTED in others
    for (at, episode), other in zip(told, others, strict=True):
        assert at == home(episode.person if episode.kind == "protected_near" else min(episode.person, other))


def home(person: str) -> int:
    return home_of("demo", person, 3)


def test_a_bracelet_that_changes_hands_in_one_moment_in_a_story(tmp_path):
    story = tell(tmp_path / "county", "handover", days=1)
    shelf = {story.policy.configuration.digest: story.policy}
    one = whole([story.entries], shelf)
    assert len(one) == 4
    assert alike(Divided(3, shelf).step([story.entries])) == alike(one)


@pytest.mark.torture
@pytest.mark.parametrize("afterwards", [False, True])
@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("seed", range(1, 21))
def test_many_counties(seed, at_once, afterwards):
    log, shelf = changing(seed, at_once=at_once, afterwards=afterwards)
    one = whole(log, shelf)
    for partitions in (2, 3):
        assert alike(Divided(partitions, shelf).step(log)) == alike(one)


@pytest.mark.torture
@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("demo", {"seed": 3, "days": 2, "devices": 15}),
        ("cafe", {"days": 4}),
        ("strip", {"days": 1}),
        ("handover", {"days": 1}),
    ],
)
def test_stories(tmp_path, name, how):
    story = tell(tmp_path / "county", name, **how)
    shelf = {story.policy.configuration.digest: story.policy}
    one = whole([story.entries], shelf)
    for partitions in (1, 2, 3):
        assert alike(Divided(partitions, shelf).step([story.entries])) == alike(one)
