"""Zones drawn at the desk: drafts that hold for nobody, checked and tried on the past before two people let them in."""
