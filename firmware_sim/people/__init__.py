"""The wearers of a scenario: their days, their ways, their tricks, and what is true of them."""
