"""Floor 4: the writers, one room a format. Each turns a variant into the bytes of one artifact."""
