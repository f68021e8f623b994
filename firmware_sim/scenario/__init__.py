"""Scenarios: a page of YAML that says what county, which people, and what befalls them."""
