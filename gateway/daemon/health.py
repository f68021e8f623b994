"""What is wrong at present, by name, in words. Healthy is: nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.daemon.notices import Notices


@dataclass(slots=True)
class Health:
    """What the status shows.

    Attributes:
        troubles: name of a part -> why it does not work; each part takes back its own alone.
        notices: alarms raised and taken back within a day.
        drifts: of which alarms the stated probability does not hold, each as kind, office or model, and which way.
    """

    troubles: dict[str, str] = field(default_factory=dict)
    entries: int = 0
    batches: int = 0
    largest_batch: int = 0
    outcomes: int = 0
    notices: Notices = field(default_factory=Notices)
    drifts: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.troubles

    def note(self, name: str, trouble: str) -> bool:
        """Say what is wrong with a part, or that nothing is (empty); whether that is another state than before."""
        before = bool(self.troubles.pop(name, ""))
        if trouble:
            self.troubles[name] = trouble
        return before != bool(trouble)
