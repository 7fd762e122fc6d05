"""Numbers in words: read to compare them, and found where a figure should come from a claim."""
