"""Shells around wire sessions: sockets, caps and back-pressure. The only place where device bytes enter."""
