"""Layer 3: the fonts of documents: which are installed or bundled, which characters they have, and subsets of them."""
