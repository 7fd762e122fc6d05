"""Chinese words: finds where they begin and end, and which are wrong in a script or in a region."""
