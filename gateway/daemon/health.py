"""What is wrong at present, by name, in words. Healthy is: nothing."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gateway.daemon.notices import Notices
from gateway.text import Text

if TYPE_CHECKING:
    from gateway.store.outbox import Depth


@dataclass(slots=True)
class Health:
    """What the status shows.

    Attributes:
        troubles: name of a part -> why it does not work, in words; each part takes back its own alone.
        notices: alarms raised and taken back within a day.
        disk: how the disk stands, as :meth:`gateway.daemon.disk.Room.figures`; empty before the first look.
        owed: what each upstream is owed, at the last look; empty before the first.
        stepping: receive time of the first of those entries that the engine has in hand; inf: it has none.
        went_on: loop time of the engine's last step.
        drifts: of which alarms the stated probability does not hold, each as kind, office or model, and which way.
    """

    troubles: dict[str, Text] = field(default_factory=dict)
    entries: int = 0
    batches: int = 0
    largest_batch: int = 0
    outcomes: int = 0
    notices: Notices = field(default_factory=Notices)
    disk: dict[str, Any] = field(default_factory=dict)
    owed: dict[str, Depth] = field(default_factory=dict)
    stepping: float = math.inf
    went_on: float = field(default_factory=time.monotonic)
    drifts: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.troubles

    def note(self, name: str, trouble: Text | str | None) -> bool:
        """Say what is wrong with a part, or that nothing is (None, empty); whether that is another state than before.

        What is no text in two languages are a library's words, or a bug's.
        """
        before = self.troubles.pop(name, None) is not None
        if trouble:
            self.troubles[name] = trouble if isinstance(trouble, Text) else Text(trouble, trouble)
        return before != bool(trouble)
