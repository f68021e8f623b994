"""Model profiles: what makers put into a position's bits and items, as data. One YAML file a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.jt808.profiles.profile import Profile, build
from protocols.jt808.profiles.text import ProfileText
from protocols.on_demand import OnDemand
from protocols.profiles import DEFAULT, accept, parse, texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["DEFAULT", "Profile", "ProfileText", "built", "own_texts", "parse_profile"]


def parse_profile(text: str) -> ProfileText:
    """One profile's YAML.

    Raises:
        ValueError: an unknown key, kind, column or flag (pydantic's message names the place).
    """
    return parse(text, ProfileText)


def own_texts() -> Mapping[str, ProfileText]:
    """The profiles of this package by name, ``standard`` first."""
    return texts_of(__package__, ProfileText)


def built(own: Mapping[str, ProfileText], added: Sequence[ProfileText] = ()) -> Mapping[str, Profile]:
    """Profiles ready for use: those of this package, then a customer's.

    Args:
        own: as :func:`own_texts` gives them.
        added: a customer's; each may stand on one of ``own``.

    Raises:
        ProfileFault: a name that is taken, or a profile to stand on that is not one of ``own``.
    """
    accept(own, added)
    others = {text.name: text for text in added}

    def ready(name: str) -> Profile:
        text = others[name].standing_on(own[others[name].extends]) if name in others else own[name]
        return build(text, own[DEFAULT])

    return OnDemand((*own, *others), ready)
