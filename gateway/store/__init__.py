"""state.db: what the engine has said and what is owed for it. Outcomes and offset commit together."""
