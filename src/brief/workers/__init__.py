"""A pool of worker processes. It knows nothing of briefs."""
