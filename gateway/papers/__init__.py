"""Sheets of the office: made by the gateway, corrected and ticked by people, signed, and frozen with their hash."""
