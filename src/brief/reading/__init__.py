"""Floor 1: files in, placed values out, with every fault that was met on the way."""
