"""Formulas, for whoever is at home among metres: see :mod:`formulas.formula`."""

from formulas.formula import Loop, Record, formula

__all__ = ["Loop", "Record", "formula"]
