"""Templates of tasks, as they are written."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.settings.durations import Duration, within
from gateway.settings.task_model import Ending, Owner
from gateway.settings.values import Identifier, Text


class TaskEntry(BaseModel):
    """What is to be done again and again, before an end, or after an alarm; exactly one of every, before and alarm."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: Identifier = Field(description="Names it in the sheets.")
    zh: Text = Field(max_length=100, description="What is to be done, in Chinese.")
    en: Text = Field(max_length=100, description="The same in English.")
    every: Annotated[Duration, within("1d", "366d")] | None = Field(
        default=None, description="For everybody under authority: again after so long, from its beginning."
    )
    before: Ending | None = Field(default=None, strict=False, description="Before this kind of end.")
    days: int = Field(default=14, ge=1, le=90, description="Of before: so many days.")
    alarm: Text | None = Field(default=None, description="After an alarm of this kind.")
    due_after: Annotated[Duration, within("0s", "90d")] = Field(
        default=0.0, description="To be done within so long of its beginning."
    )
    owner: Owner = Field(default=Owner.OFFICE, strict=False, description="Whose it is.")
    courtesy: bool = Field(default=False, description="A courtesy, as a talk or a visit: done or not, without a note.")
