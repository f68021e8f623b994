"""Cells and access points heard become places: what reports teach, what a scan says, scan after scan."""
