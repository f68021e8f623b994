"""Notices to people: sent, followed until they have arrived, and answered. The engine says whom and when.

A newcomer reads ``numbers`` (who has which number), ``sending`` (what is to be sent next: pure), ``replies`` (what a
text that came means: pure), ``wearer`` (texts that a device shows), then the shells ``sender``
and ``reminders``.
"""
