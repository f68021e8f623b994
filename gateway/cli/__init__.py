"""The command line: commands of the operator and of officers."""
