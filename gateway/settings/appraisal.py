"""The score table of offices: what counts, and what is in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.settings.model import Appraisal
from gateway.settings.raw_appraisal import AppraisalEntry

if TYPE_CHECKING:
    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings


def appraisal(entry: Entry[AppraisalEntry] | None, findings: Findings) -> Appraisal:
    """The section, or its defaults; a table in which nothing counts is a fault."""
    value = AppraisalEntry() if entry is None else entry.value
    weights = value.weights.model_dump()
    if entry is not None and not any(weights.values()):
        findings.add(entry.place("weights"), "appraisal_empty")
    return Appraisal(value.acknowledge, value.close, weights)
