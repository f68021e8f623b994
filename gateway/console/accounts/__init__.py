"""Who may come in, and who looked at what: accounts, sessions and the audit log, in console.db."""
