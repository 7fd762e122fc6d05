"""Office Open XML packages: what all Office formats share."""
