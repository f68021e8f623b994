"""The pages of a city's desk."""
