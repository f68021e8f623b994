"""What can be wrong with a journal that is not simply unreadable."""

from __future__ import annotations

from gateway.errors import OurFault


class JournalHole(OurFault):
    """Entries are missing that nobody has declared lost: whoever read on would be wrong and not know it.

    Attributes:
        wanted: offset that was to be read.
        found: the next one that is there.
    """

    def __init__(self, wanted: int, found: int) -> None:
        self.wanted, self.found = wanted, found
        super().__init__(
            f"the journal has no entries {wanted} to {found - 1}: a day's file is missing or damaged. Restore it from"
            " the backup; where there is none, stop the gateway and run bracelet-gateway rebuild"
        )


class NewerJournal(OurFault):
    """A file was written by a version that knows more than this one: nothing of it may be read, or added to it."""

    def __init__(self, name: str, found: int, known: int) -> None:
        super().__init__(
            f"journal file {name} has format {found}, and this version knows none above {known}: it was written by a"
            " newer version of the gateway. Install that one again"
        )
