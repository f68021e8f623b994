"""Templates of tasks: read, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.kinds import KINDS
from gateway.settings.tables import note_duplicates
from gateway.settings.task_model import TaskTemplate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.raw_tasks import TaskEntry


def tasks(entries: Sequence[Entry[TaskEntry]], findings: Findings) -> tuple[TaskTemplate, ...]:
    """All templates, in their order."""
    note_duplicates(((entry.value.id, entry.place("id")) for entry in entries), findings)
    for entry in entries:
        _check(entry, findings)
    return tuple(
        TaskTemplate(
            each.id, each.zh, each.en, each.every or 0.0, each.before, each.days, each.alarm or "", each.due_after,
            each.owner, each.courtesy,
        )
        for each in (entry.value for entry in entries)
    )  # fmt: skip


def _check(entry: Entry[TaskEntry], findings: Findings) -> None:
    value = entry.value
    if [value.every, value.before, value.alarm].count(None) != 2:  # noqa: PLR2004  all but one
        findings.add(entry.place("id"), "task_begins")
    if value.alarm is not None and value.alarm not in KINDS:
        findings.add(entry.place("alarm"), "task_alarm", value=value.alarm)
