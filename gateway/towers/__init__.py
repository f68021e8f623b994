"""Where masts stand: public tables in, SQLite beside state.db, and versions of it as sorted arrays."""
