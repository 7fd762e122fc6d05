"""Floor 5: from an order to a pack: planning, rendering, and output that is whole or not there."""
