"""Scoring: a gateway's alarms and track against the truth of a scenario (``rules`` says how it is counted)."""

from firmware_sim.score.form import as_json
from firmware_sim.score.json_lines import ScoreFault
from firmware_sim.score.page import as_html
from firmware_sim.score.result import Score
from firmware_sim.score.scoring import score
from firmware_sim.score.table import as_table

__all__ = ["Score", "ScoreFault", "as_html", "as_json", "as_table", "score"]
