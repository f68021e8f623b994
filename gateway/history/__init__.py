"""What came, as columns, in SQLite files by day: derived from the journal, and made anew from it where it is lost."""
