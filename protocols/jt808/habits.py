"""What is done one way or another by makers, where the text leaves it open: switches of a profile."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Habits(BaseModel):
    """How terminals of a model want to be spoken to."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    edition: Literal["header", "2011"] = "header"
    """``header``: short headers are of 2013 unless a registration shows 2011."""
    fragment_answers: Literal["each", "once"] = "each"
    """8001 for every fragment, or one for the whole message with the fragment that completes it."""
    media_answer: Literal["8800", "8001"] = "8800"
    """What says that a medium (0801) is complete."""
    answers: Literal["joined", "single"] = "joined"
    """``single``: of what it reads at once a terminal takes one frame, so that each answer leaves by itself."""
