"""Coverage-guided fuzzing of every registered wire format; ``make fuzz``."""
