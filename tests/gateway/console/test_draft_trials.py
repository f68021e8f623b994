"""A draft tried on the past beside the desk: a process, one at a time."""

from __future__ import annotations

import asyncio

from gateway.console.draft_trials import Trials
from gateway.drafts.draft import Draft
from gateway.drafts.shelf import DraftShelf


def test_a_trial_is_a_process_that_says_why_it_came_to_nothing(tmp_path):
    """Of a gateway that has never run: there is no journal."""
    shelf = DraftShelf(tmp_path)
    draft = shelf.begin(Draft("", "bar", "bar", "circle", "wgs84", ((109.45, 24.3),)))

    async def run():
        trials = Trials()
        trials.begin(tmp_path, draft.id, draft.digest)
        trials.begin(tmp_path, draft.id, draft.digest)
        assert trials.of(draft.id, "another") is None
        await trials.over()
        return trials.of(draft.id, draft.digest)

    trial = asyncio.run(run())
    assert trial.is_over
    assert "没有可试算的历史" in trial.faults["zh"]
    assert "nothing to try it on" in trial.faults["en"]
