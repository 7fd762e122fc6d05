"""Layer 4: the writers, one package for each format. Each turns a variant into the bytes of one artifact."""
