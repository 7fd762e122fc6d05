"""What the bytes of an artifact hold, and whether any of it is withheld from its audience."""
