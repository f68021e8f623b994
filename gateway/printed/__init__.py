"""Documents for paper: what stands on them as data, and the page it becomes."""
