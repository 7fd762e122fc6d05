"""Office Open XML packages: parts any Office format shares."""
