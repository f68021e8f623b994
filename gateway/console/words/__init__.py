"""What the console says, in Chinese and English: a table a page."""
