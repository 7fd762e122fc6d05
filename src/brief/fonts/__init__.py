"""Layer 3: the faces of documents: which are installed or bundled, what they cover, and subsets of them."""
