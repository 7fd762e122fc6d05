"""A pool of worker processes, independent of what the calls do."""
