"""What officers do about alarms, one thing after another."""

from __future__ import annotations

OFFICE = "SFS-01"
OUTCOMES = ("confirmed", "excused", "technical", "false", "unverifiable")


def doing(number: int, received: float) -> tuple[str, dict[str, str | float]]:
    """The ``number``-th thing to do, at a time: what, and its fields; what is agreed is due 1 to 300 minutes later."""
    due = received + 60.0 * (1 + number * 37 % 300)
    table: tuple[tuple[str, dict[str, str | float]], ...] = (
        ("acknowledge", {}),
        ("follow_up", {"at": due, "expects": ("home", "reports", "calls", "visit")[number // 8 % 4]}),
        ("attempt", {"whom": "family", "result": "no_answer", "note": "seen"}),
        ("take_over", {"by": "officer 8"}),
        ("note", {"note": "seen"}),
        ("follow_up", {"at": due, "expects": ("home", "reports")[number // 8 % 2], "note": "seen"}),
        ("assign", {"to": OFFICE}),
        ("arrived", {}),
    )
    return table[number % len(table)]


def closing(number: int) -> dict[str, str]:
    """How the ``number``-th alarm is closed."""
    return {"outcome": OUTCOMES[number % len(OUTCOMES)], "note": "seen", "verified_by": "visit"}
