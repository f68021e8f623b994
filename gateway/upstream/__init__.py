"""Receivers of alarms. Each owns its rows of the outbox and nothing else."""
