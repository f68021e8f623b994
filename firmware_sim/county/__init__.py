"""The synthetic county of a scenario: towns, streets, buildings, borders, towers, from a seed."""
