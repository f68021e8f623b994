"""The past, worked out anew: journals, files of fixes, captured frames, through the same engine."""
