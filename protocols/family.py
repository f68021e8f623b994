"""What the families have in common: profiles by name, and an account of many frames from that of one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from protocols.account import Fields

Profile = TypeVar("Profile")


class ProfileFamily(ABC, Generic[Profile]):
    """Part of a :class:`protocols.session.Family`.

    Args:
        profiles: by name, the default first.
    """

    def __init__(self, profiles: Mapping[str, Profile]) -> None:
        self._profiles = profiles

    @property
    def profiles(self) -> Sequence[str]:
        """Names of the profiles, the default first."""
        return tuple(self._profiles)

    def profile(self, name: str) -> Profile:
        """A profile by name.

        Raises:
            KeyError: there is none of that name.
        """
        return self._profiles[name]

    @abstractmethod
    def describer(self, profile: str) -> Callable[[bytes, float], Fields]:
        """A function (frame, now) that describes frames of one session, one after the other."""

    def describe(self, lines: Sequence[bytes], profile: str) -> list[Fields]:
        """Account of whole frames run in order through one session; answers with a clock show 1970."""
        describe = self.describer(profile)
        return [describe(line, 0.0) for line in lines]
