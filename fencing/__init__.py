"""Geometry and time, pure: metres and calendars. No bytes, devices or storage."""
