"""One alarm's evidence as a file that proves itself: what came, what it was held to mean, and who did what."""
