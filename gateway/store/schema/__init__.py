"""One SQL file a version of state.db."""
