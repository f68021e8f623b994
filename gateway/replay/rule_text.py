"""A rule of one person in words, as the configuration of then has it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gateway.settings.sentences import parts

if TYPE_CHECKING:
    from gateway.engine import Policy

JOINTS: Final = {"zh": "；", "en": "; "}


def rule_text(policy: Policy, person: str, rule: str) -> dict[str, str]:
    """A rule of a person in words, by language."""
    given = policy.configuration
    kept = tuple(replace(one, people=(person,)) for one in given.rules if one.id == rule)
    alone = replace(
        given, people={person: given.people[person]}, rules=kept, leave=(), removals=(), authorities=(), assignments=(),
    )  # fmt: skip
    return {
        language: joint.join(
            said for slot, said in parts(alone, language, [person])[person].items() if slot[0] == "rule"
        )
        for language, joint in JOINTS.items()
    }
