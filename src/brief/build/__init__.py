"""From an order to artifacts: planning, rendering, caching, and the executors that do the work."""
