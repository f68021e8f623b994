"""The daemon: what the rooms are composed into. Start reading at ``pipeline.py``."""
