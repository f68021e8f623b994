"""The pages of the console: a file each, a line each in the registry."""
