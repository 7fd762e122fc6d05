"""Turns a request into artifacts: planning, rendering, caching, and the executors that do the work."""
